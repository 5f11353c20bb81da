/**
 * Tests whether a mount answers at all. On a stuck network or FUSE mount stat(2) never returns, and a process
 * inside it can neither continue nor end. So a separate process calls it first. (A thread of this process would
 * keep it from ending.)
 */
import { spawn } from 'node:child_process'

/** `unknown`: stat(1) is missing, or fails for another reason. */
export type Looked = 'folder' | 'no folder' | 'absent' | 'unknown' | 'no answer'

/** @returns false when no answer came in time; true also where stat(1) is missing */
export async function mountAnswers(path: string, waitMs: number): Promise<boolean> {
  return (await lookAt(path, waitMs)) !== 'no answer'
}

/** Follows links. */
export function lookAt(path: string, waitMs: number): Promise<Looked> {
  const asking = spawn('stat', ['--dereference', '--format=%F', '--', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    cwd: '/',
    detached: true,
  })
  let said = ''
  for (const output of [asking.stdout, asking.stderr]) output.on('data', (text) => (said += text))
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      asking.kill('SIGKILL')
      // It may not even die of that: this process does not wait for it.
      for (const output of [asking.stdout, asking.stderr]) output.destroy()
      asking.unref()
      resolve('no answer')
    }, waitMs)
    const answered = (looked: Looked) => {
      clearTimeout(timer)
      resolve(looked)
    }
    asking.on('error', () => answered('unknown'))
    asking.on('close', (code) => {
      if (code === 0) answered(said.startsWith('directory') ? 'folder' : 'no folder')
      else answered(said.includes('No such file or directory') ? 'absent' : 'unknown')
    })
  })
}
