/** `seized export`: originals leave on a basis that is logged first, encrypted, and as they are; killed twice, it goes on. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const COUNT = 12
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
})
