import type { Plan } from './case.ts'

/** Why an examination is not complete, the gravest first. */
export const INCOMPLETE = [
  /** No list of illegal material or of interest was given, and a comparison was asked for. */
  'no-list',
  /** The hash of the image is not the one that is stated (contracts/image-state.ts). */
  'image-differs',
  /** Parts of the image are damaged or missing. */
  'image-not-whole',
  /** No folder and no file was found. */
  'nothing-there',
  /** A file system counts contents, and not one of them has a name. */
  'contents-not-named',
  /** A process read something falsely, and what else it had read could not be confirmed. */
  'read-in-doubt',
  /** A stage that was asked for did not reach something. */
  'stages',
  /** Bytes of the image are encrypted, damaged, or in what was not read. */
  'bytes',
] as const
export type IncompleteCode = (typeof INCOMPLETE)[number]

/** All that made a seal of seized 0.2 and earlier incomplete. */
export const INCOMPLETE_BEFORE_3: ReadonlySet<IncompleteCode> = new Set(['stages', 'bytes'])

/** A comparison was asked for, and nothing that anybody looks for was given to compare with. */
export function lacksLists({ phases, hashSets }: Pick<Plan, 'phases' | 'hashSets'>): boolean {
  return phases.includes('known') && !hashSets.some(({ meaning }) => meaning !== 'known')
}
