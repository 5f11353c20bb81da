/** Issue 26 A6: a lister that counts contents in its byte classes and names none, in a whole scan. Its messages are all possible. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { EXIT } from '../../src/base/exit-codes.ts'
import { ledgerOf, lyingInstallation, run, tellIt } from './lied-to.ts'
import { LIES, TARGET } from './lies.mjs'

const folder = mkdtempSync(join(tmpdir(), 'seized-silent-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let root: string
beforeAll(() => {
  const files = [{ name: `A/${TARGET}`, bytes: Buffer.alloc(2_400_000, 7) }]
  writeDiskImage(join(folder, 'disk.img'), [files])
  writeFileSync(join(folder, 'list.txt'), `${'f'.repeat(64)}\n`)
  root = lyingInstallation(join(folder, 'program'), 'image-lister')
})

function scan(lie: string, lies: string, ledger: string) {
  tellIt(root, 'image-lister', lie, lies)
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  const how = ['--phases', 'inventory,known', '--progress', 'json', '--workers', '1']
  const list = ['--hashset', `illegal:${join(folder, 'list.txt')}`]
  return run(root, ['scan', join(folder, 'disk.img'), ...who, ...how, ...list])
}

describe.each(Object.keys(LIES.silent!))('a lister that names %s', (lie) => {
  it('is not complete: the exit code is 3, and summary and report say why', () => {
    const ledger = join(folder, `${lie.replaceAll(' ', '-')}.sqlite`)
    const { status, stdout, stderr } = scan(lie, 'silent', ledger)
    expect([status, stderr]).toEqual([EXIT.incomplete, ''])
    const summary = JSON.parse(stdout.trim().split('\n').at(-1)!)
    expect(summary).toMatchObject({ event: 'summary', complete: false })
    expect(summary.incomplete).toContain('contents-not-named')
    const { problems, lines } = ledgerOf(ledger)
    expect(problems).toEqual([])
    expect([...lines.keys()].filter((path) => path.endsWith(TARGET))).toEqual([])
    const report = join(folder, 'report.html')
    expect(run(root, ['report', ledger, '--format', 'html', '--out', report, '--overwrite']).status).toBe(0)
    expect(readFileSync(report, 'utf8')).toContain('no file of it was named')
  })
})

it('an honest one of the same image is complete', () => {
  const ledger = join(folder, 'honest.sqlite')
  expect(scan('a frame that never comes', 'honest', ledger).status).toBe(EXIT.complete)
  expect([...ledgerOf(ledger).lines.keys()].some((path) => path.endsWith(TARGET))).toBe(true)
})
