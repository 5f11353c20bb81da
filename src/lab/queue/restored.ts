/** After a restore: the laboratory gets a new id, so that no result of before is taken for one of what is begun now. */
import type { Asker } from './database.ts'

export interface Restored {
  readonly lab: string
  /** Attempts that were at work in the dump, and are over. */
  readonly lost: number
}

/** As the owner of the database. */
export async function restoredLab(asker: Asker, reason: string): Promise<Restored> {
  const [row] = await asker.rows<{ restored: Restored }>('SELECT lab.restored($1)', [reason])
  return row!.restored
}
