/** `seized export`: originals leave on a basis that is logged first, encrypted, and as they are; killed twice, it goes on. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const COUNT = 12
/** More than what is read whole, and no whole number of blocks of the cipher. */
const LARGE_BYTES = 70_000_003
const PASSPHRASE = 'a passphrase of the desk'
const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const heads = join(folder, 'heads')
const pictures: Buffer[] = []
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const SEVEN_ZIP = spawnSync('7z', []).status === 0

beforeAll(async () => {
  mkdirSync(exhibit)
  for (let seed = 0; seed < COUNT + 3; seed++) {
    const bytes = await jpeg({ seed, width: 400, height: 300 })
    pictures.push(bytes)
    writeFileSync(join(exhibit, `IMG ${seed} ą.jpg`), bytes)
  }
  writeFileSync(join(exhibit, 'large.bin'), pictures[0]!)
  truncateSync(join(exhibit, 'large.bin'), LARGE_BYTES)
  appendFileSync(join(exhibit, 'large.bin'), pictures[1]!)
  summaryOf(seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known')))
  const list = join(folder, 'decisions.csv')
  const rows = pictures.map((one, i) => `${sha256(one)},${i < COUNT ? 1 : 0}`)
  writeFileSync(list, `sha256,category\n${rows.join('\n')}\n`)
  const made = seized([
    'decide',
    ledger,
    '--from',
    list,
    '--scale',
    'vics-us',
    '--operator',
    'B. Example',
    '--heads',
    heads,
  ])
  if (made.status !== 0) throw new Error(made.stderr)
  writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`)
})

const asked = (out: string, ...more: string[]) => [
  ...['export', ledger, '--out', join(folder, out), '--operator', 'A. Example', '--heads', heads],
  ...['--exhibit', exhibit, '--allow-writable-mount', '--passphrase-file', join(folder, 'passphrase')],
  ...more,
]
const CHOSEN = ['--category', '1', '--scale', 'vics-us']
const BASIS = ['--basis', 'order of the prosecutor 3/2026']
const events = () => readCustody(ledger).filter(({ event }) => event.startsWith('export-'))

describe('an export of originals', () => {
  it('needs a basis, and a second person where the policy says so: nothing is logged and nothing written', () => {
    const before = events().length
    expect(seized(asked('none.zip', ...CHOSEN)).status).toBe(2)
    expect(seized(asked('none.zip', ...CHOSEN, '--basis', ' ')).stderr).toContain('--basis is empty')
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, JSON.stringify({ policy: 1, export: { persons: 2 } }))
    const alone = seized(asked('none.zip', ...CHOSEN, ...BASIS, '--policy', policy))
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('two persons')])
    const same = seized(asked('none.zip', ...CHOSEN, ...BASIS, '--policy', policy, '--second', 'A. Example'))
    expect(same.stderr).toContain('the same person')
    expect([events().length, existsSync(join(folder, 'none.zip.partial'))]).toEqual([before, false])
  })

  it('is killed twice and goes on; the log has the basis before the first byte; 7-Zip opens it', () => {
    const env = { SEIZED_CRASH_AT: 'export:content:4' }
    for (const done of [1, 2]) {
      expect(seized(asked('x.zip', ...CHOSEN, ...BASIS), env).signal ?? 'killed').toBeTruthy()
      expect(existsSync(join(folder, 'x.zip.partial'))).toBe(true)
      expect(existsSync(join(folder, 'x.zip'))).toBe(false)
      expect(events().length).toBe(done)
    }
    const other = join(folder, 'other')
    writeFileSync(other, 'another passphrase\n')
    const wrong = asked('x.zip', ...CHOSEN, ...BASIS).map((one) =>
      one === join(folder, 'passphrase') ? other : one,
    )
    expect(seized(wrong).stderr).toContain('another passphrase')
    const last = seized(asked('x.zip', ...CHOSEN, ...BASIS))
    expect([last.status, last.stderr]).toEqual([0, expect.any(String)])
    expect(
      events().map(({ event, detail }) => [event, detail.basis ?? detail.contents, detail.resumed]),
    ).toEqual([
      ['export-begun', 'order of the prosecutor 3/2026', undefined],
      ['export-begun', 'order of the prosecutor 3/2026', 'yes'],
      ['export-begun', 'order of the prosecutor 3/2026', 'yes'],
      ['export-begun', 'order of the prosecutor 3/2026', 'yes'],
      ['export-ended', String(COUNT), undefined],
    ])
    const zip = readFileSync(join(folder, 'x.zip'))
    expect(events().at(-1)!.detail.zipSha256).toBe(sha256(zip))
    // Nothing of a picture is readable without the passphrase.
    for (const picture of pictures) expect(zip.includes(picture.subarray(200, 240))).toBe(false)
    const record = readFileSync(join(folder, 'x.zip.record.txt'), 'utf8')
    expect(record).toContain('order of the prosecutor 3/2026')
    expect(record).toContain(sha256(zip))
    expect(record).toContain(sha256(pictures[0]!))
    expect(record).not.toContain(sha256(pictures[COUNT]!))
    expect(seized(['verify', ledger, '--heads', heads]).status).toBe(0)
  })

  it.skipIf(!SEVEN_ZIP)(
    'gives 7-Zip the contents as they are, and VICS with their paths (skipped without 7z)',
    () => {
      const out = join(folder, 'out')
      const { status } = spawnSync('7z', ['x', `-p${PASSPHRASE}`, `-o${out}`, join(folder, 'x.zip')])
      expect(status).toBe(0)
      const vics = JSON.parse(readFileSync(join(out, 'vics.json'), 'utf8'))
      const media = vics.value[0].Media as {
        readonly RelativeFilePath: string
        readonly Category: number
        readonly MediaFiles: readonly { readonly FileName: string }[]
      }[]
      expect(media.length).toBe(COUNT)
      const found = media.map(({ RelativeFilePath, Category, MediaFiles }) => {
        const bytes = readFileSync(join(out, RelativeFilePath))
        const at = pictures.findIndex((one) => one.equals(bytes))
        return [at, Category, MediaFiles[0]!.FileName]
      })
      expect(found.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(
        pictures.slice(0, COUNT).map((_, i) => [i, 1, `IMG ${i} ą.jpg`]),
      )
      expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8').split('\n').length).toBe(COUNT + 1)
      expect(spawnSync('7z', ['t', '-pwrong passphrase', join(folder, 'x.zip')]).status).not.toBe(0)
    },
  )

  it('goes on only with the same contents on the same basis: nothing leaves on the basis of another order', () => {
    const crash = { SEIZED_CRASH_AT: 'export:content:4' }
    const before = events().length
    seized(asked('y.zip', ...CHOSEN, ...BASIS), crash)
    const partial = readFileSync(join(folder, 'y.zip.partial'))
    expect(events().length).toBe(before + 1)
    for (const other of [
      [...CHOSEN, '--basis', 'order of the prosecutor 4/2026'],
      ['--category', '0', '--scale', 'vics-us', ...BASIS],
      [...CHOSEN, ...BASIS, '--second', 'C. Example'],
    ]) {
      const { status, stderr } = seized(asked('y.zip', ...other))
      expect([status, stderr]).toEqual([2, expect.stringContaining('y.zip.partial was begun')])
    }
    expect(events().length).toBe(before + 1)
    expect(readFileSync(join(folder, 'y.zip.partial')).equals(partial)).toBe(true)
  })

  it.each(['finished', 'logged', 'named'])(
    'killed at its end (%s), it ends with one event, one record and the file of that event',
    (at) => {
      const out = `${at}.zip`
      const ended = () =>
        events().filter(({ event, detail }) => event === 'export-ended' && detail.out === out)
      seized(asked(out, ...CHOSEN, ...BASIS), { SEIZED_CRASH_AT: `export:${at}:1` })
      expect(existsSync(join(folder, out))).toBe(false)
      const again = seized(asked(out, ...CHOSEN, ...BASIS))
      expect([again.status, again.stderr]).toEqual([0, expect.any(String)])
      expect(ended().map(({ detail }) => [detail.zipSha256, detail.recordSha256])).toEqual([
        [out, `${out}.record.txt`].map((name) => sha256(readFileSync(join(folder, name)))),
      ])
      expect(readdirSync(folder).filter((name) => name.startsWith(out) && name.endsWith('.partial'))).toEqual(
        [],
      )
    },
  )

  it('refuses another exhibit before anything is logged', async () => {
    const other = join(folder, 'other-exhibit')
    mkdirSync(other)
    for (let seed = 0; seed < COUNT + 3; seed++)
      writeFileSync(
        join(other, `IMG ${seed} ą.jpg`),
        await jpeg({ seed: 90 + seed, width: 400, height: 300 }),
      )
    const before = events().length
    const args = asked('z.zip', ...CHOSEN, ...BASIS).map((one) => (one === exhibit ? other : one))
    const { status, stderr } = seized(args)
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not the exhibit of this ledger')])
    expect([events().length, existsSync(join(folder, 'z.zip.partial'))]).toEqual([before, false])
  })

  it.skipIf(!SEVEN_ZIP)(
    'gives 7-Zip a large file as it is, read piece by piece, and none of one that changed (skipped without 7z)',
    () => {
      const large = ['--query', 'name:large.bin', ...BASIS]
      expect(seized(asked('large.zip', ...large)).status).toBe(0)
      const bytes = readFileSync(join(exhibit, 'large.bin'))
      const name = `media/${sha256(bytes)}.jpg`
      const read = spawnSync('7z', ['x', '-so', join(folder, 'large.zip'), name], {
        input: `${PASSPHRASE}\n`,
        maxBuffer: 1 << 27,
      })
      expect([read.status, sha256(read.stdout)]).toEqual([0, sha256(bytes)])
      bytes[LARGE_BYTES - 1] = 7
      writeFileSync(join(exhibit, 'large.bin'), bytes)
      const both = ['--query', 'name:large.bin OR name:"IMG 3"', ...BASIS]
      const changed = seized(asked('changed.zip', ...both))
      expect([changed.status, changed.stdout]).toEqual([
        3,
        expect.stringMatching(/^not exported [0-9a-f]{64}: /m),
      ])
      const list = spawnSync('7z', ['l', '-ba', join(folder, 'changed.zip')], { encoding: 'utf8' }).stdout
      expect(list.match(/media\/\S+/g)).toEqual([`media/${sha256(pictures[3]!)}.jpg`])
    },
  )
})
