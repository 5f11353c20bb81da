/** What an exporter of a ledger writes with wishes, as text. */
import { Writable } from 'node:stream'
import type { LedgerReader } from '../../../src/contracts/ledger-reader.ts'
import type { Exporter } from '../../../src/report/export/exporter.ts'
import { NO_WISHES, type Wishes } from '../../../src/report/export/wishes.ts'

export async function textOf(
  exporter: Exporter,
  ledger: LedgerReader,
  wishes: Partial<Wishes> = {},
): Promise<string> {
  const pieces: Buffer[] = []
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece)
      done()
    },
  })
  await exporter.write(ledger, out, { kind: 'none' }, { ...NO_WISHES, ...wishes })
  return Buffer.concat(pieces).toString('utf8')
}
