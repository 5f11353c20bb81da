/** Contents with a finding on several exhibits, by keyed digests: without the key they reveal no content. */
import type { SAID } from '../../ledger/read/found-contents.ts'
import type { Asker } from './database.ts'

const WITHOUT_FINDING: (typeof SAID)[number] = 'content'

export interface Link {
  /** HMAC-SHA-256 under the laboratory's key, hex. */
  readonly key: string
  readonly exhibits: readonly {
    readonly case: string
    readonly exhibit: string
    readonly entries: number
    readonly meaning: string
  }[]
}

/** @param caseId limits the result to contents that this case shares; null: all */
export async function linksOf(asker: Asker, caseId: string | null): Promise<Link[]> {
  const rows = await asker.rows<{ key: string; exhibits: Link['exhibits'] }>(
    `SELECT encode(s.content_key, 'hex') AS key,
       json_agg(json_build_object('case', e.case_id, 'exhibit', e.name, 'entries', s.entries, 'meaning', s.meaning)
         ORDER BY e.case_id, e.name) AS exhibits
     FROM lab.shared h JOIN lab.seen s ON s.content_key = h.content_key JOIN lab.exhibit e ON e.id = s.exhibit
     WHERE s.fence IS NULL OR s.fence NOT IN (SELECT fence FROM lab.outcome WHERE taken_back IS NOT NULL)
     GROUP BY s.content_key HAVING count(*) > 1 ${caseId === null ? '' : 'AND bool_or(e.case_id = $1)'}
     ORDER BY count(*) DESC, s.content_key`,
    caseId === null ? [] : [caseId],
  )
  return rows
}

/** `CASE/EXHIBIT` → with how many contents that have a finding somewhere it shares with others. */
export function sharedBy(links: readonly Link[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { exhibits } of links.filter((link) => link.exhibits.some(hasFinding)))
    for (const one of exhibits) {
      const name = `${one.case}/${one.exhibit}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  return counts
}

function hasFinding({ meaning }: Link['exhibits'][number]): boolean {
  return meaning !== WITHOUT_FINDING
}
