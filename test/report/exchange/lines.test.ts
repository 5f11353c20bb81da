/** Exports of lines: decisions, Timesketch, hashdeep. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Content } from '../../../src/contracts/content.ts'
import { decisions } from '../../../src/report/exchange/decisions.ts'
import { hashdeep } from '../../../src/report/exchange/hashdeep.ts'
import { inZone } from '../../../src/report/exchange/times.ts'
import { timesketch } from '../../../src/report/exchange/timesketch.ts'
import { caseLedger } from '../ledgers.ts'
import { syntheticLedger, view } from '../synthetic-ledger.ts'
import { decidedLedger } from './decided-ledger.ts'
import { textOf } from './exported-with.ts'

describe('CSV of decisions', () => {
  it('has every decision that was made, beside its content with every place, and says which stands', async () => {
    const rows = parse(await textOf(decisions, decidedLedger()), { columns: true }) as Record<
      string,
      string
    >[]
    expect(rows).toHaveLength(10)
    const short = rows.map(({ category, operator, act, stands, outcome, scale }) =>
      [scale, category, operator, act, stands, outcome].join(' | '),
    )
    expect(short).toContain('vics-us | 2 | A. Example | decided | no | agreed')
    expect(short).toContain('vics-us | 1 | B. Example | decided | yes | agreed')
    expect(short).toContain('vics-us | 3 | B. Example | decided | yes | differing')
    expect(short).toContain('vics-us |  | A. Example | withdrawn | no | none')
    expect(short).toContain('agency | C | Ž. Pavyzdys | decided | yes | single')
    const [first] = rows.filter(({ places }) => places === '2')
    expect(first!.paths!.split('\n')).toEqual(['DCIM/IMG_0001.jpg', 'Backup/IMG_0001 (copy).jpg'])
    expect(rows.some(({ note }) => note === 'seen "twice", =1+1')).toBe(true)
  })
})

describe('Timesketch', () => {
  const linesOf = async (zone: string | null) =>
    (await textOf(timesketch, caseLedger(), { assumeZone: zone }))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('has one line a known time, with what Timesketch asks of a line', async () => {
    const lines = await linesOf(null)
    const known = [...caseLedger().entries()].flatMap(({ entry }) =>
      Object.values(entry.times).filter((time) => time !== null && time.zone !== 'local-unknown'),
    )
    expect(lines).toHaveLength(known.length)
    for (const { message, datetime, timestamp, timestamp_desc } of lines) {
      expect([message, timestamp_desc].every((text) => typeof text === 'string' && text !== '')).toBe(true)
      expect(Math.trunc(Date.parse(datetime))).toBe(Math.floor(timestamp / 1000))
    }
  })

  it('leaves times without a zone out, until a person names a zone, and then says so', async () => {
    const isOld = ({ path }: { path: string }) => path === 'old-fat.jpg'
    expect((await linesOf(null)).filter(isOld)).toEqual([])
    const [old] = (await linesOf('Europe/Vilnius')).filter(isOld)
    // In 1980 Vilnius kept Moscow time, three hours ahead.
    expect(old).toMatchObject({
      datetime: '1979-12-31T21:00:00.000000000Z',
      timestamp_desc: 'Content modification time (zone assumed: Europe/Vilnius)',
    })
  })

  it('takes the first of an hour that clocks went through twice, and the hour after for one that they left out', () => {
    const wall = (text: string) => BigInt(Date.parse(`${text}Z`)) * 1_000_000n
    const iso = (ns: bigint) => new Date(Number(ns / 1_000_000n)).toISOString()
    expect(iso(inZone(wall('2026-10-25T03:30:00'), 'Europe/Vilnius'))).toBe('2026-10-25T00:30:00.000Z')
    expect(iso(inZone(wall('2026-03-29T03:30:00'), 'Europe/Vilnius'))).toBe('2026-03-29T01:30:00.000Z')
    expect(iso(inZone(wall('2026-07-01T12:00:00'), 'America/New_York'))).toBe('2026-07-01T16:00:00.000Z')
  })
})

describe('hashdeep', () => {
  it.skipIf(spawnSync('hashdeep', ['-V']).status !== 0)(
    'is a list by which hashdeep audits a folder as whole, and finds what changed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-hashdeep-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      const names = ['a.txt', 'b, with "quotes".txt', 'ąž.txt']
      mkdirSync(join(folder, 'exhibit'))
      for (const name of names) writeFileSync(join(folder, 'exhibit', name), `content of ${name}`)
      const views = () => names.map((name) => view(name, { content: realContent(`content of ${name}`) }))
      const list = join(folder, 'known.txt')
      writeFileSync(list, await textOf(hashdeep, syntheticLedger({ views })))
      const audit = () =>
        spawnSync('hashdeep', ['-r', '-l', '-a', '-k', list, '.'], {
          cwd: join(folder, 'exhibit'),
          encoding: 'utf8',
        }).stdout
      expect(audit()).toContain('Audit passed')
      writeFileSync(join(folder, 'exhibit', 'a.txt'), 'changed')
      expect(audit()).toContain('Audit failed')
    },
  )
})

function realContent(text: string): Content {
  const digest = (name: string) => createHash(name).update(text).digest('hex')
  return {
    sizeBytes: BigInt(Buffer.byteLength(text)),
    mediaType: 'text/plain',
    digests: { md5: digest('md5'), sha1: digest('sha1'), sha256: digest('sha256'), blake3: '' },
  }
}
