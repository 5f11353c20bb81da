/** The audit, in the transaction of what it says. */
import type { Asker } from './database.ts'

export const note = (asker: Asker, what: string, detail: object) =>
  asker.rows('SELECT lab.note($1, $2)', [what, JSON.stringify(detail)])
