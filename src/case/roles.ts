/** Roles of the persons of a case, and the passes in which each may grade. */
import { PASSES, type Pass } from '../contracts/custody.ts'

/** `none`: the person may no longer act. */
export const ROLES = ['read', 'grade', 'adjudicate', 'lead', 'none'] as const
export type Role = (typeof ROLES)[number]

export const PASSES_OF: Readonly<Record<Role, readonly Pass[]>> = {
  read: [],
  grade: ['first', 'second', 'peer'],
  adjudicate: PASSES,
  lead: PASSES,
  none: [],
}

/** Roles that see the progress of a case; the lead alone sees persons, and hands work to others. */
export const WATCHING: readonly Role[] = ['read', 'lead']
