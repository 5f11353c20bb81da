/** The custody head stands in every output (issue 12, A3): every exporter, whatever it is for. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src/report/index.ts'
import { exported } from './collect.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'

const PDF_TO_TEXT = '/usr/bin/pdftotext'

describe.each(EXPORTERS)('$id', ({ id, load }) => {
  it.skipIf(id === 'pdf' && !existsSync(PDF_TO_TEXT))('A3: has the newest head of the record', async () => {
    const ledger = decidedLedger()
    const bytes = await exported(await load(), ledger)
    expect(shown(id, bytes)).toContain(ledger.newestHead())
  })
})

/** The text of a document, however it is packed. */
function shown(id: string, bytes: Buffer): string {
  if (id === 'pdf') return printed(bytes)
  if (id !== 'lava') return bytes.toString('utf8')
  return Object.values(unzipSync(bytes))
    .map((file) => Buffer.from(file).toString('latin1'))
    .join('\n')
}

/** What a page of a PDF shows is compressed in the file. */
function printed(pdf: Buffer): string {
  return spawnSync(PDF_TO_TEXT, ['-', '-'], { input: pdf, encoding: 'utf8' }).stdout
}
