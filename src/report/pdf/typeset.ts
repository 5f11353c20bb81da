/** Has a report set by a confined child: it can read the program and its fonts, write nothing, and has no network. */
import { definedOnly } from '../../base/defined-only.ts'
import { UsageError } from '../../base/errors.ts'
import { JobPool } from '../../children/job-pool.ts'
import type { TypesetHeader, TypesetJob, TypesetReply } from '../../wire/typeset.ts'

/** Measured for reports of a hundred pages, with room. */
const DATA_BYTES = 4 * 1024 ** 3
const CPU_MS = 600_000
const MOST_PDF_BYTES = 1 << 29

/** @throws UsageError when the typesetter refuses the document; HTML is then the report */
export async function typeset(
  job: TypesetJob,
  header: TypesetHeader,
  allowUnconfined?: boolean,
): Promise<{ readonly pdf: Buffer; readonly escaped: number }> {
  const pool = new JobPool({
    size: 1,
    ops: ['typeset'],
    dataBytes: DATA_BYTES,
    cpuMs: CPU_MS,
    ...definedOnly({ allowUnconfined }),
  })
  try {
    const outcome = await pool.run({
      op: 'typeset',
      header,
      bytes: Buffer.from(JSON.stringify(job)),
      sha256: null,
      reply: { headerBytes: 1 << 16, payloadBytes: MOST_PDF_BYTES, totalBytes: MOST_PDF_BYTES },
    })
    if (!outcome.done) throw refused(`the typesetting process ended (${outcome.reason})`)
    const reply = outcome.header as TypesetReply
    if (!reply.done) throw refused(reply.why)
    return { pdf: outcome.bytes, escaped: reply.escaped }
  } finally {
    await pool.close()
  }
}

function refused(why: string): UsageError {
  return new UsageError(
    `No PDF was written: ${why}. The same report as --format html --edition court needs no typesetter.`,
  )
}
