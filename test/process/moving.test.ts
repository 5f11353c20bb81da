import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { whileItMoves } from '../../src/process/moving.ts'
import { cpuMsOf } from '../../src/process/proc.ts'

const NEVER = new Promise(() => {})

it('waits for a process as long as its CPU time grows, and no longer', async () => {
  const times = [10, 20, 20]
  expect(await whileItMoves(NEVER, () => times.shift()!, 5)).toBe(false)
  expect(times).toEqual([])
  expect(await whileItMoves(NEVER, () => null, 5)).toBe(false)
  let now = 0
  expect(await whileItMoves(NEVER, () => ++now, 5)).toBe(false)
  expect(now).toBe(20)
  expect(await whileItMoves(Promise.resolve(), () => 0, 60_000)).toBe(true)
  await expect(whileItMoves(Promise.reject(new Error('broken')), () => 0, 60_000)).rejects.toThrow('broken')
})

it('outlasts the limit where a real process works, and gives up one that was stopped', async () => {
  const busy = spawn(process.execPath, ['-e', 'console.log("begun"); for (;;);'], { stdio: 'pipe' })
  onTestFinished(() => void busy.kill('SIGKILL'))
  await once(busy.stdout, 'data')
  const works = setTimeout(() => busy.kill('SIGSTOP'), 1_000)
  onTestFinished(() => clearTimeout(works))
  let asked = 0
  const cpuMs = () => {
    asked++
    return cpuMsOf(busy.pid)
  }
  expect(await whileItMoves(NEVER, cpuMs, 200)).toBe(false)
  expect(asked).toBeGreaterThan(1)
})
