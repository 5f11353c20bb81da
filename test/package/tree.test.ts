/** The tree that is packed starts every process of the program: nothing that a run loads is left out. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { copyPackages, copyProgram, lockedPackages } from '../../scripts/package/tree.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { BIN } from '../e2e/seized.ts'

it('the tree that is packed passes the checks of doctor that a checkout passes', () => {
  const tree = mkdtempSync(join(tmpdir(), 'seized-tree-'))
  onTestFinished(() => rmSync(tree, { recursive: true, force: true }))
  copyProgram(PROGRAM_ROOT, tree)
  copyPackages(PROGRAM_ROOT, lockedPackages(PROGRAM_ROOT), tree)
  const packed = checks(join(tree, 'seized'))
  const here = checks(process.execPath, BIN)
  expect(packed.filter(([name]) => name === 'child').length).toBeGreaterThan(3)
  expect(packed).toEqual(here)
})

it('is packed by the built scripts too, as npm run package starts them', () => {
  const built = join(PROGRAM_ROOT, 'dist/scripts/package/tree.js')
  const { status, stderr } = spawnSync(process.execPath, ['--import', built, '--eval', ''], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})

/** Name and state of each check. */
function checks(command: string, ...before: readonly string[]): [string, string][] {
  const { stdout } = spawnSync(command, [...before, 'doctor', '--json'], { encoding: 'utf8' })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; name: string; state: string })
    .filter(({ event, name }) => event === 'check' && name !== 'parts')
    .map(({ name, state }) => [name, state])
}
