import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { appleDouble, LAST_USED, QUARANTINE, WHERE_FROMS } from '../../fixtures/device/apple.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const [QUARANTINE2, QUARANTINE3] = ['0083;5f5e1004;Safari;', '0081;5f5e1005;Mail;'].map((text) =>
  Buffer.from(text),
) as [Buffer, Buffer]

const CAN_SET = (() => {
  const probe = mkdtempSync(join(tmpdir(), 'seized-xattr-'))
  try {
    setAttributeSync(probe, 'user.probe', '1')
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true })
  }
})()

it.skipIf(!CAN_SET)(
  'a listed picture in an extended attribute is a hit, whatever the workers (skipped where /tmp keeps none)',
  async () => {
    const out = temporaryFolder()
    const exhibit = join(out, 'exhibit')
    mkdirSync(exhibit)
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(exhibit, name), name)
    const picture = await jpeg({ seed: 3, width: 32, height: 24 })
    setAttributeSync(join(exhibit, 'b.txt'), 'user.hidden.jpg', picture)
    const list = join(out, 'list.txt')
    const sha256 = createHash('sha256').update(picture).digest('hex')
    writeFileSync(list, `sha256\n${sha256}\n`)
    const scan = (name: string, workers: string) =>
      summaryOf(seized(scanArgs(exhibit, join(out, name), [`illegal:${list}`], '--workers', workers)))
    const [one, two] = [scan('one.sqlite', '1'), scan('two.sqlite', '2')]
    expect(two.evidenceDigest).toBe(one.evidenceDigest)
    const stream = exported(join(out, 'one.sqlite'), out).find(({ path }) => path.includes('stream'))
    expect(stream).toMatchObject({
      path: 'b.txt » stream hidden.jpg',
      mediaType: 'image/jpeg',
      hits: [{ meaning: 'illegal' }],
    })
    const searched = seized(['search', join(out, 'one.sqlite'), 'hit:illegal'])
    expect(searched.stdout).toContain('b.txt » stream hidden.jpg')
  },
)

it.skipIf(!CAN_SET)(
  'what macOS keeps with a file is said of that file: as attributes, as ._name on a disk and in an archive (skipped where /tmp keeps none)',
  () => {
    const out = temporaryFolder()
    const exhibit = join(out, 'exhibit')
    mkdirSync(exhibit)
    writeFileSync(join(exhibit, 'lake.txt'), 'lake')
    setAttributeSync(join(exhibit, 'lake.txt'), 'user.com.apple.metadata:kMDItemWhereFroms', WHERE_FROMS)
    setAttributeSync(join(exhibit, 'lake.txt'), 'user.com.apple.quarantine', QUARANTINE)
    setAttributeSync(join(exhibit, 'lake.txt'), 'user.com.apple.lastuseddate#PS', LAST_USED)
    // The same numbers under another name say nothing.
    writeFileSync(join(exhibit, 'numbers.bin'), Buffer.from(BigInt64Array.of(1_600_000_009n, 1n).buffer))
    writeFileSync(join(exhibit, 'hill.txt'), 'hill')
    writeFileSync(join(exhibit, '._hill.txt'), appleDouble({ 'com.apple.quarantine': QUARANTINE2 }))
    const members = {
      'a/sea.txt': Buffer.from('sea'),
      '__MACOSX/a/._sea.txt': appleDouble({ 'com.apple.quarantine': QUARANTINE3 }),
    }
    writeFileSync(join(exhibit, 'x.zip'), zipSync(members))
    const ledger = join(out, 'c.sqlite')
    const asked = ['--phases', 'inventory,known', '--text', '--basis', 'warrant 7/2026']
    expect(seized(scanArgs(exhibit, ledger, [], ...asked)).status).toBe(3)
    const told = seized(['timeline', ledger, '--format', 'jsonl'])
      .stdout.split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    expect(
      told.map(({ record, params, datetime }) => [record, params.lies, datetime?.slice(0, 19) ?? null]),
    ).toEqual([
      ['download', 'lake.txt', '2020-09-13T12:26:41'],
      ['last-used', 'lake.txt', '2020-09-13T12:26:42'],
      ['download', 'hill.txt', '2020-09-13T12:26:44'],
      ['download', 'x.zip » member a/sea.txt', '2020-09-13T12:26:45'],
      ['download', 'lake.txt', null],
    ])
  },
)
