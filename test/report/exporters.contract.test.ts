/** The suite that every exporter passes, by itself. */
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src/report/index.ts'
import { exported, failingStream, slowStream } from './collect.ts'
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
