/**
 * Gives the laboratory a new id after a restore, so that an earlier result is not booked to an exhibit that begins now.
 */
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
