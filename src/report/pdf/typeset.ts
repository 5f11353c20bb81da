/**
 * Typesets a report in a confined child. The child can read the program and its fonts, cannot write, and has no
 * network.
 */
import { UsageError } from '../../base/errors.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import type { TypesetHeader, TypesetJob, TypesetReply } from '../../wire/typeset.ts'

/** Memory limit; measured for reports of a hundred pages, with reserve. */
const DATA_BYTES = 4 * 1024 ** 3
const CPU_MS = 600_000
const MOST_PDF_BYTES = 1 << 29

export interface SetPdf {
  readonly pdf: Buffer
  /** Number of characters without a glyph in the fonts, which are printed as code points. */
  readonly escaped: number
  readonly pages: number
}

export type Typeset = (job: TypesetJob, header: TypesetHeader) => Promise<SetPdf>

/**
 * One child for all documents of `work`.
 * @throws UsageError when the typesetter refuses a document; the caller then offers HTML
 */
export async function withTypesetter<T>(
  allowUnconfined: boolean,
  work: (typeset: Typeset) => Promise<T>,
): Promise<T> {
  const pool = new JobPool({
    size: 1,
    ops: ['typeset'],
    dataBytes: DATA_BYTES,
    cpuMs: CPU_MS,
    allowUnconfined,
  })
  try {
    return await work(async (job, header) => {
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
      return { pdf: outcome.bytes, escaped: reply.escaped, pages: reply.pages }
    })
  } finally {
    await pool.close()
  }
}

function refused(why: string): UsageError {
  return new UsageError(
    `No PDF was written: ${why}. The same report as --format html --edition court needs no typesetter.`,
  )
}
