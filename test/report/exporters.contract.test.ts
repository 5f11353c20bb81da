/** The suite that every exporter passes, by itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { FINDING_LISTS } from '../../src/contracts/finding.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { NO_WISHES } from '../../src/report/export/wishes.ts'
import { EXPORTERS } from '../../src/report/index.ts'
import { TOLD, type Told } from '../../src/report/model/leaves-out.ts'
import { leadsOf } from '../../src/score/leads.ts'
import { message, SAMPLES } from '../findings/samples.ts'
import { collected, exported, failingStream, slowStream } from './collect.ts'
import { eventsOf } from './exchange/decided-ledger.ts'
import { caseLedger, emptyLedger, hostileLedger } from './ledgers.ts'
import { hit, syntheticLedger, view } from './synthetic-ledger.ts'

/** Setting a PDF of a thousand contents takes its time. */
const LONG_MS = 120_000

const exporters = await Promise.all(EXPORTERS.map(({ load }) => load()))

/** 5,000 entries that every exporter has something to say of. */
/** @param contents so many that no stream takes all at once, and that one document holds them */
function manyDecided(contents: number) {
  const paths = Array.from({ length: contents }, (_, i) => `DCIM/${String(i).padStart(6, '0')}.jpg`)
  const views = () => paths.map((path) => view(path, { hits: [hit()] }))
  const custody = eventsOf(
    views(),
    paths.slice(0, contents / 5).map((path) => [path, 'A. Example', 'decided', '0'] as const),
  )
  return { views, reader: { custody: () => custody } }
}

describe.each(exporters.map((exporter) => [exporter.id, exporter] as const))(
  'exporter %s',
  { timeout: LONG_MS },
  (_id, exporter) => {
    it('has a name of its own and an extension with a dot', () => {
      expect(exporters.filter((other) => other.id === exporter.id)).toHaveLength(1)
      expect(exporter.id).toMatch(/^[a-z]+$/)
      expect(exporter.extension).toMatch(/^\.[a-z]+$/)
      expect(exporter.title).not.toBe('')
    })

    if (!exporter.isBinary)
      it('writes valid UTF-8 without controls, bidirectional marks or line separators, whatever the names hold', async () => {
        const bytes = await exported(exporter, hostileLedger())
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        expect(text.match(/[^\P{Cc}\n\r]|[\p{Cf}\p{Zl}\p{Zp}]/gu) ?? []).toEqual([])
      })

    it('writes the same bytes for the same ledger', async () => {
      expect(await exported(exporter, caseLedger())).toEqual(await exported(exporter, caseLedger()))
    })

    it('writes an empty ledger', async () => {
      await expect(exported(exporter, emptyLedger())).resolves.toBeInstanceOf(Buffer)
    })

    it('writes a paused ledger', async () => {
      await expect(exported(exporter, caseLedger(false))).resolves.toBeInstanceOf(Buffer)
    })

    it('waits for a stream that is full and leaves it open', async () => {
      const { out, mostWaitingBytes, totalBytes } = slowStream()
      const { reader, views } = manyDecided(exporter.volumes ? 800 : 5_000)
      await exporter.write(syntheticLedger({ views, reader }), out, { kind: 'preview' })
      expect(totalBytes()).toBeGreaterThan(1_000)
      expect(mostWaitingBytes()).toBeLessThan(256 * 1024)
      expect(out.writableEnded).toBe(false)
    })

    it('rejects with the stream’s error and lets go of the stream', async () => {
      const out = failingStream()
      await expect(exporter.write(caseLedger(), out, { kind: 'preview' })).rejects.toThrow('no space left')
      expect(out.listenerCount('error')).toBe(0)
    })
  },
)

describe('what lists, models and records say of a content', async () => {
  const editions = exporters.flatMap((exporter) => [
    // The court's edition as PDF is set from the same data, and says so by the same list.
    ...(exporter.isBinary ? [] : [[exporter.id, 'working', exporter, exporter.leavesOut] as const]),
    ...(exporter.courtLeavesOut && !exporter.isBinary
      ? [[exporter.id, 'court', exporter, exporter.courtLeavesOut] as const]
      : []),
  ])

  it.each(editions)(
    'stands in %s (%s), or in its list of what it leaves out',
    async (_id, edition, exporter, left) => {
      const wishes = edition === 'court' ? { ...NO_WISHES, court: NO_COURT_WISHES } : NO_WISHES
      const written = async (more: Partial<EntryView>) => {
        const views = () => [view('DCIM/a.jpg', { ranked: { priority: 1, reasons: [] }, ...more })]
        const bytes = await collected((out) =>
          exporter.write(syntheticLedger({ views }), out, { kind: 'none' }, wishes),
        )
        return bytes.toString('utf8')
      }
      for (const kind of TOLD) {
        // Attributes stand beside what somebody is asked to look at.
        const base = kind === 'score' ? {} : withScores([SAMPLES.score.finding])
        const without = await written(base)
        const isThere = (await written({ ...base, ...viewOf(kind) })) !== without
        expect([kind, isThere]).toEqual([kind, left[kind] === undefined])
        if (left[kind] !== undefined) expect(left[kind]).toMatch(/^[A-Z].{20,}\.$/)
      }
    },
  )

  it('is left out of a PDF as of the court’s edition in HTML', () => {
    const of = (id: string) => exporters.find((one) => one.id === id)!.courtLeavesOut
    expect(of('pdf')).toBe(of('html'))
  })

  it('is named in docs/reference/exchange.md where it is left out', () => {
    const docs = readFileSync(join(PROGRAM_ROOT, 'docs/reference/exchange.md'), 'utf8').replace(/\s+/g, ' ')
    for (const [, , , left] of editions)
      for (const reason of Object.values(left)) expect(docs).toContain(reason)
  })
})

function withScores(scores: EntryView['scores']): Partial<EntryView> {
  return { scores, leads: leadsOf(scores) }
}

function viewOf(kind: Told): Partial<EntryView> {
  if (kind === 'record') {
    const { what, ...said } = message(7)
    return { records: [{ ...said, record: what, path: filePath(Buffer.from('sms.db')) }] }
  }
  if (kind === 'score') return withScores([SAMPLES.score.finding])
  return { [FINDING_LISTS[kind]]: [SAMPLES[kind].finding] }
}
