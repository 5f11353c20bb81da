import type { Plan } from './case.ts'

/** Reasons for an incomplete examination, most serious first. */
export const INCOMPLETE = [
  /** The plan has the `known` phase but no list of illegal material or of interest. */
  'no-list',
  /** The hash of the image differs from the stated hash (contracts/image-state.ts). */
  'image-differs',
  /** Parts of the image are damaged or missing. */
  'image-not-whole',
  /** No folder and no file was found. */
  'nothing-there',
  /** A file system contains contents, but no name for any of them. */
  'contents-not-named',
  /** A keys file opens two volumes at one place (VeraCrypt, outer and hidden), and one of them was examined. */
  'volume-left',
  /** A process reported a false reading, and its other readings could not be confirmed. */
  'read-in-doubt',
  /** A requested stage did not process everything. */
  'stages',
  /** Bytes of the image are encrypted, damaged or not read. */
  'bytes',
] as const
export type IncompleteCode = (typeof INCOMPLETE)[number]

/** The only reasons that made a seal of seized 0.2 and earlier incomplete. */
export const INCOMPLETE_BEFORE_3: ReadonlySet<IncompleteCode> = new Set(['stages', 'bytes'])

/** The plan has the `known` phase, but its hash sets contain only known files, or there are none. */
export function lacksLists({ phases, hashSets }: Pick<Plan, 'phases' | 'hashSets'>): boolean {
  return phases.includes('known') && !hashSets.some(({ meaning }) => meaning !== 'known')
}
