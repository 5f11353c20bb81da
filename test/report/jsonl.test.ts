import { describe, expect, it } from 'vitest'
import { printPath } from '../../src/base/evidence-path.ts'
import { type entryRecord, jsonLine, jsonl } from '../../src/report/exchange/jsonl.ts'
import { exported } from './collect.ts'
import { caseLedger, caseViews, hostileLedger } from './ledgers.ts'
import { syntheticLedger, view } from './synthetic-ledger.ts'

const KEYS = [
  'path',
  'pathBytes',
  'steps',
  'followsFrom',
  'placesLeftOut',
  'kind',
  'sizeBytes',
  'times',
  'onImage',
  'mediaType',
  'md5',
  'sha1',
  'sha256',
  'blake3',
  'stages',
  'hits',
  'conflicts',
  'near',
  'references',
  'leads',
  'signals',
  'attributes',
  'records',
  'priority',
  'reasons',
  'decisions',
  'outcomes',
  'ledger',
  'newestHead',
]

type Line = ReturnType<typeof entryRecord>

async function lines(ledger = caseLedger()): Promise<Line[]> {
  const text = (await exported(jsonl, ledger)).toString('utf8')
  expect(text.endsWith('\n') || text === '').toBe(true)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

const hexOf = (base64: string) => Buffer.from(base64, 'base64').toString('hex')

describe('JSONL', () => {
  it('has one line an entry, in evidence order, directories, links and special files included', async () => {
    const written = await lines()
    expect(written.map((line) => line.path)).toEqual(caseViews().map((v) => printPath(v.entry.path)))
    expect(new Set(written.map((line) => line.kind))).toEqual(
      new Set(['directory', 'file', 'symlink', 'fifo']),
    )
  })

  it('has the same keys in the same order on every line', async () => {
    for (const line of await lines()) expect(Object.keys(line)).toEqual(KEYS)
  })

  it('gives back any path byte for byte', async () => {
    const ledger = hostileLedger()
    const paths = [...ledger.entries()].map((v) => v.entry.path)
    const written = await lines(ledger)
    expect(written.map((line) => hexOf(line.pathBytes))).toEqual(
      paths.map((path) => path.bytes.toString('hex')),
    )
    expect(written.map((line) => line.steps.map((step) => hexOf(step.nameBytes)))).toEqual(
      paths.map((path) => path.steps.map((step) => step.name.toString('hex'))),
    )
  })

  it('is what it was: a lab’s parser depends on every byte', async () => {
    const text = (await exported(jsonl, caseLedger())).toString('utf8')
    await expect(text).toMatchFileSnapshot('../golden/report.jsonl')
  })

  it('keeps a time without a zone unconverted and says so', async () => {
    const fat = (await lines()).find((line) => line.path === 'old-fat.jpg')
    expect(fat?.times.modified).toEqual({
      time: '1980-01-01T00:00:00.000000000',
      zone: 'local-unknown',
      resolution: '2s',
      source: 'stat',
    })
  })

  it('writes a size that JavaScript cannot hold as text', async () => {
    const huge = syntheticLedger({
      views: () => [view('huge', { entry: { sizeBytes: 2n ** 60n }, content: null })],
    })
    expect((await lines(huge))[0]?.sizeBytes).toBe('1152921504606846976')
  })

  it('writes text that parses back, on one line to every reader', () => {
    const hostile = 'a\u2028b\u0085c\u202ed\u{e0041}e\u009bf'
    const line = jsonLine({ hostile, lone: 'x\ud800y' })
    expect(line).toMatch(/^[\x20-\x7e\ufffd]+$/)
    expect(JSON.parse(line)).toEqual({ hostile, lone: 'x\ufffdy' })
  })
})
