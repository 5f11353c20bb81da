/** The command of the tests: what it counts as failed, and what it runs a second time. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const RUNNER = join(import.meta.dirname, '../../scripts/test.js')

function run(files: Readonly<Record<string, string>>, ...more: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'seized-runner-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const args = [RUNNER, ...more, '--root', folder, '--globals', '--pool', 'forks']
  return spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
}

it('counts a file whose process died, and names it', () => {
  const { status, stdout } = run({
    'dies.test.js':
      "it('ends', () => {})\nit('dies', () => process.kill(process.pid, 'SIGKILL'))\nit('never begins', () => {})\n",
    'ends.test.js': "it('ends', () => {})\n",
  })
  expect(status).not.toBe(0)
  expect(stdout).toMatch(/^the process of \S*dies\.test\.js died$/m)
  expect(stdout).toMatch(/^\d passed, 1 failed$/m)
})

/** A test that fails as often as it is said, counted by a file that it leaves. */
const failsTimes = (times: number, name: string) => `import { existsSync, writeFileSync } from 'node:fs'
it('${name}', () => {
  const left = [...Array(${times}).keys()].find((i) => !existsSync(import.meta.dirname + '/${name}' + i))
  if (left === undefined) return
  writeFileSync(import.meta.dirname + '/${name}' + left, '')
  throw new Error('not yet')
})
`

it('runs the file of a test that failed once more, alone, and says so; one that fails again is a failure', () => {
  const strict = '--only-allowed-skips'
  const ends = { 'ends.test.js': "it('ends', () => {})\n" }
  const once = run({ ...ends, 'once.test.js': failsTimes(1, 'once') }, strict)
  expect(once.stdout).toMatch(/^failed beside others and passed alone: once$/m)
  expect(once.stdout).toMatch(/^2 passed, 0 failed$/m)
  expect(once.status).toBe(0)
  const twice = run({ ...ends, 'twice.test.js': failsTimes(2, 'twice') }, strict)
  expect(twice.stdout).toMatch(/^1 passed, 1 failed$/m)
  expect(twice.status).not.toBe(0)
})

it('gives no second run to more failures than chance explains, and none without being asked', () => {
  const three = Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.test.js`, failsTimes(1, name)]))
  const many = run(three, '--only-allowed-skips')
  expect(many.stdout).toMatch(/^0 passed, 3 failed$/m)
  expect(many.status).not.toBe(0)
  const plain = run({ 'once.test.js': failsTimes(1, 'once') })
  expect(plain.stdout).toMatch(/^0 passed, 1 failed$/m)
  expect(plain.status).not.toBe(0)
})
