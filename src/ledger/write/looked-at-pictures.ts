/** Findings of pictures that an interrupted run had analysed, for pictures that may reuse their media analysis. */
import type { Finding } from '../../contracts/finding.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { FINDINGS } from '../../findings/index.ts'
import { lookOf } from '../../media-types/applies.ts'
import type { Db } from '../format/database.ts'
import { Copies } from '../read/copies.ts'
import type { Paths } from '../read/paths.ts'

const LOOKED_AT = `SELECT content.id, content.media_type, content.sha256 FROM examination
  JOIN content ON content.id = examination.content
  WHERE examination.stage = 'looked-at' AND examination.result = 'done'
    AND NOT EXISTS (SELECT 1 FROM hit WHERE hit.content = content.id)
  ORDER BY examination.batch, examination.ordinal`

/**
 * Depth of an entry on the exhibit. A picture that is also found inside a container still counts as on the exhibit,
 * because its representative has the least depth.
 */
const ON_THE_EXHIBIT = 1

export function* lookedAtPictures(
  db: Db,
  paths: Paths,
): Generator<{ readonly sha256: string; readonly findings: readonly Finding[] }> {
  const copies = new Copies(db, paths)
  const rows = db.prepare(LOOKED_AT).all() as { id: number; media_type: string; sha256: Buffer }[]
  const found = FINDINGS.map(({ table, fromRow }) => {
    const rowsOf = db
      .prepare(`SELECT * FROM ${table} WHERE content = +? AND stage = 'looked-at'`)
      .safeIntegers()
    return (content: number) => (rowsOf.all(content) as FindingRow[]).map(fromRow)
  })
  for (const { id, media_type, sha256 } of rows)
    if (lookOf(media_type) === 'picture' && copies.representative(id).depth === ON_THE_EXHIBIT)
      yield { sha256: sha256.toString('hex'), findings: found.flatMap((of) => of(id)) }
}
