/** Collects what an exporter writes, and a stream that is always full, to see that exporters wait. */
import { Writable } from 'node:stream'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import type { View } from '../../src/contracts/view.ts'
import type { Exporter } from '../../src/report/export/exporter.ts'

export async function exported(
  exporter: Exporter,
  ledger: LedgerReader,
  view: View = { kind: 'preview' },
): Promise<Buffer> {
  return collected((out) => exporter.write(ledger, out, view))
}

/** All that is written to a stream. */
export async function collected(write: (out: Writable) => Promise<void>): Promise<Buffer> {
  const pieces: Buffer[] = []
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece)
      done()
    },
  })
  await write(out)
  return Buffer.concat(pieces)
}

/** Takes one piece a tick and remembers the most that ever waited in it. */
export function slowStream(): { out: Writable; mostWaitingBytes: () => number; totalBytes: () => number } {
  let most = 0
  let total = 0
  const out = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _encoding, done) {
      total += piece.length
      most = Math.max(most, out.writableLength)
      setImmediate(done)
    },
  })
  return { out, mostWaitingBytes: () => most, totalBytes: () => total }
}

export function failingStream(): Writable {
  return new Writable({
    write(_piece, _encoding, done) {
      done(new Error('no space left on device'))
    },
  })
}
