/** Issue 16, bad input: an output that exists, a disk without room, a ledger that does not verify: one sentence, and no half file. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { EXPORTERS } from '../../src/report/index.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

const by = ['--operator', 'A. Example']
const one = /^seized: [^\n]+\n$/

it('no export replaces a file that exists, unless it is told to', () => {
  const [ledger, folder] = [sealedWithLog(), temporaryFolder()]
  const before = readCustody(ledger).length
  for (const { id } of EXPORTERS) {
    const out = join(folder, id)
    writeFileSync(out, 'of somebody else')
    const { status, stderr } = seized(['report', ledger, '--format', id, '--out', out])
    expect([id, status, stderr]).toEqual([id, 2, expect.stringMatching(one)])
    expect(stderr).toContain(`${out} exists. Choose another name, or add --overwrite.`)
    expect(readFileSync(out, 'utf8')).toBe('of somebody else')
  }
  expect(readdirSync(folder).sort()).toEqual(EXPORTERS.map(({ id }) => id).sort())
  expect(readCustody(ledger)).toHaveLength(before)
}, 120_000)

it('no statement, request, signature, pack or folder of a pack replaces what exists', () => {
  const [ledger, folder] = [sealedWithLog(), temporaryFolder()]
  const taken = join(folder, 'taken')
  writeFileSync(taken, 'of somebody else')
  mkdirSync(join(folder, 'folder'))
  const key = join(folder, 'lab.pem')
  spawnSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key])
  const pack = join(folder, 'case.zip')
  expect(seized(['seal-statement', ledger, ...by]).status).toBe(0)
  expect(seized(['pack', ledger, '--out', pack, ...by]).status).toBe(0)
  const before = readCustody(ledger).length
  const verbs = [
    ['seal-statement', ledger, '--out', taken, ...by],
    ['sign', ledger, '--key', key, '--out', taken, ...by],
    ['timestamp', ledger, '--request', taken, ...by],
    ['pack', ledger, '--out', taken, ...by],
    ['unpack', pack, '--out', join(folder, 'folder')],
  ]
  for (const words of verbs) {
    const { status, stderr } = seized(words)
    expect([words[0], status, stderr]).toEqual([words[0], 2, expect.stringMatching(one)])
    expect(stderr).toContain('exists')
  }
  expect(readFileSync(taken, 'utf8')).toBe('of somebody else')
  expect(readdirSync(join(folder, 'folder'))).toEqual([])
  expect(readCustody(ledger)).toHaveLength(before)
}, 120_000)

it('what stands where the next volume would be is named, for it may be of an earlier, longer report', () => {
  const [ledger, folder] = [sealedWithLog(), temporaryFolder()]
  const out = ['--format', 'pdf', '--out', join(folder, 'report.pdf'), '--overwrite']
  expect(seized(['report', ledger, ...out]).stderr).not.toContain('stands beside it')
  writeFileSync(join(folder, 'report-2.pdf'), 'of an earlier report')
  const { status, stderr } = seized(['report', ledger, ...out])
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining('report-2.pdf stands beside it and is no volume'),
  ])
  expect(readFileSync(join(folder, 'report-2.pdf'), 'utf8')).toBe('of an earlier report')
}, 120_000)

it.skipIf(process.getuid?.() !== 0)(
  'an export for which the disk has no room leaves nothing, neither file nor event',
  () => {
    const [ledger, disk] = [sealedWithLog(), temporaryFolder()]
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', disk])
    onTestFinished(() => void spawnSync('umount', ['-l', disk]))
    const before = readCustody(ledger).length
    for (const format of ['html', 'pdf', 'jsonl', 'vics', 'case']) {
      const out = join(disk, `report.${format}`)
      const { status, stderr } = seized(['report', ledger, '--format', format, '--out', out])
      expect([format, status, stderr]).toEqual([format, 75, expect.stringContaining('No room is left')])
      expect(readdirSync(disk)).toEqual([])
    }
    expect(readCustody(ledger)).toHaveLength(before)
  },
  120_000,
)

it('no format is written of a ledger that does not verify, and an output that stood there stays', () => {
  const [ledger, folder] = [sealedWithLog(), temporaryFolder()]
  const bytes = readFileSync(ledger)
  const at = bytes.indexOf('copies')
  expect(at).toBeGreaterThan(0)
  bytes.writeUInt8(bytes[at]! ^ 1, at)
  const damaged = join(folder, 'damaged.sqlite')
  writeFileSync(damaged, bytes)
  for (const { id } of EXPORTERS) {
    const out = join(folder, `report-${id}`)
    const { status, stderr } = seized(['report', damaged, '--format', id, '--out', out])
    expect([id, status, stderr]).toEqual([id, 4, expect.stringMatching(one)])
    expect(existsSync(out)).toBe(false)
  }
  writeFileSync(join(folder, 'kept.html'), 'an earlier report')
  const over = ['--out', join(folder, 'kept.html'), '--overwrite']
  expect(seized(['report', damaged, '--format', 'html', ...over]).status).toBe(4)
  expect(readFileSync(join(folder, 'kept.html'), 'utf8')).toBe('an earlier report')
}, 120_000)
