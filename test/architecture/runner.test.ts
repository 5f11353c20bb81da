/** The command of the tests: a file whose process died is a failure, whatever its other tests said. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const RUNNER = join(import.meta.dirname, '../../scripts/test.js')

it('counts a file whose process died, and names it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-runner-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(
    join(folder, 'dies.test.js'),
    "it('ends', () => {})\nit('dies', () => process.kill(process.pid, 'SIGKILL'))\nit('never begins', () => {})\n",
  )
  writeFileSync(join(folder, 'ends.test.js'), "it('ends', () => {})\n")
  const args = [RUNNER, '--root', folder, '--globals', '--pool', 'forks']
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
  expect(status).not.toBe(0)
  expect(stdout).toMatch(/^the process of \S*dies\.test\.js died$/m)
  expect(stdout).toMatch(/^\d passed, 1 failed$/m)
})
