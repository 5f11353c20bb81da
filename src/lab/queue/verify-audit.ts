/** Verifies the audit from its first act: each head is computed again from the preceding data. */
import { createHash } from 'node:crypto'
import type { Asker } from './database.ts'

export interface Act {
  readonly n: number
  readonly utc: string
  readonly who: string
  readonly what: string
  readonly detail: Readonly<Record<string, unknown>>
}

const PAGE = 10_000

/** @returns acts up to the first that does not follow */
export async function followAudit(
  asker: Asker,
): Promise<{ readonly acts: readonly Act[]; readonly head: string; readonly problems: readonly string[] }> {
  const acts: Act[] = []
  const problems: string[] = []
  let head = ''
  for (;;) {
    const rows = await asker.rows<{
      n: string
      prev: string
      head: string
      utc: string
      who: string
      what: string
      detail: string
    }>('SELECT * FROM lab.audit WHERE n > $1 ORDER BY n LIMIT $2', [acts.at(-1)?.n ?? 0, PAGE])
    for (const { n, prev, utc, who, what, detail, ...row } of rows) {
      const expected = createHash('sha256').update([head, n, utc, who, what, detail].join('\n')).digest('hex')
      const next = (acts.at(-1)?.n ?? 0) + 1
      if (Number(n) !== next) problems.push(`the audit lacks number ${next}`)
      if (prev !== head || row.head !== expected) {
        problems.push(`the audit is broken at number ${n}: it does not follow from what stands before it`)
        return { acts, head, problems }
      }
      head = row.head
      acts.push({ n: Number(n), utc, who, what, detail: objectOf(detail) })
    }
    if (rows.length < PAGE) return { acts, head, problems }
  }
}

/** The first act of a laboratory has text instead of JSON. */
function objectOf(detail: string): Act['detail'] {
  return detail.startsWith('{') ? (JSON.parse(detail) as Act['detail']) : {}
}
