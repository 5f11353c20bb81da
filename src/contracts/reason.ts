/**
 * Every reason of a stage result: the results that may have it, and whether it depends on the machine and its load. A
 * reason that depends on the machine is listed beside the digests and is not part of them. Texts: report/texts.
 */

/** Outcomes of a stage, except `done`. */
export const OUTCOMES_WITH_REASON = [
  'done-with-warnings',
  'not-applicable',
  'out-of-scope',
  'not-done',
] as const

export interface Reason {
  readonly outcomes: readonly (typeof OUTCOMES_WITH_REASON)[number][]
  readonly environmentDependent: boolean
}

const NOT_DONE = { outcomes: ['not-done'], environmentDependent: false } as const
const OF_THE_MACHINE = { outcomes: ['not-done'], environmentDependent: true } as const
const NOT_APPLICABLE = { outcomes: ['not-applicable'], environmentDependent: false } as const
const OUT_OF_SCOPE = { outcomes: ['out-of-scope'], environmentDependent: false } as const
const WARNING = { outcomes: ['done-with-warnings'], environmentDependent: false } as const

export const REASONS = {
  // read
  directory: NOT_APPLICABLE,
  symlink: NOT_APPLICABLE,
  'special-file': NOT_APPLICABLE,
  'encrypted-member': NOT_DONE,
  'directory-unreadable': NOT_DONE,
  'directory-loop': NOT_DONE,
  'permission-denied': NOT_DONE,
  'io-error': OF_THE_MACHINE,
  'machine-short': OF_THE_MACHINE,
  vanished: OF_THE_MACHINE,
  'changed-during-read': OF_THE_MACHINE,
  sparse: NOT_DONE,
  'read-stalled': OF_THE_MACHINE,
  'walk-crashed': OF_THE_MACHINE,
  'reader-crashed': OF_THE_MACHINE,
  'readers-disagree': OF_THE_MACHINE,
  'cannot-open': NOT_DONE,
  'attribute-unreadable': NOT_DONE,
  overwritten: NOT_DONE,
  'overwritten-in-part': NOT_DONE,
  'content-not-recorded': NOT_DONE,
  'image-damaged': NOT_DONE,
  'unreadable-at-acquisition': NOT_DONE,
  'listing-crashed': OF_THE_MACHINE,
  'listed-in-part': NOT_DONE,
  'not-reached': NOT_DONE,
  'not-in-time': OF_THE_MACHINE,
  // matched
  'no-hash-sets': NOT_DONE,
  empty: NOT_APPLICABLE,
  // later stages
  unread: NOT_DONE,
  'no-content': NOT_APPLICABLE,
  'not-a-container': NOT_APPLICABLE,
  'not-recognised': NOT_APPLICABLE,
  'no-records': NOT_APPLICABLE,
  'not-a-picture': NOT_APPLICABLE,
  'shown-by-its-picture': NOT_APPLICABLE,
  'no-text': NOT_APPLICABLE,
  'no-sound': NOT_APPLICABLE,
  known: NOT_APPLICABLE,
  'not-built': NOT_DONE,
  'unsupported-format': NOT_DONE,
  'decode-failed': NOT_DONE,
  encrypted: NOT_DONE,
  'over-pixel-limit': NOT_DONE,
  'over-byte-limit': NOT_DONE,
  'over-container-limit': NOT_DONE,
  privileged: NOT_DONE,
  'digest-mismatch': OF_THE_MACHINE,
  'children-disagree': OF_THE_MACHINE,
  'over-time-limit': OF_THE_MACHINE,
  'out-of-memory': OF_THE_MACHINE,
  'decoder-crashed': OF_THE_MACHINE,
  'hasher-failed': NOT_DONE,
  'needs-exhibit': NOT_DONE,
  'not-opened': NOT_DONE,
  // scope
  'scope-pattern': OUT_OF_SCOPE,
  'scope-date': OUT_OF_SCOPE,
  'scope-volume': OUT_OF_SCOPE,
  'scope-locked': OUT_OF_SCOPE,
  'scope-media-type': OUT_OF_SCOPE,
  'stage-not-asked': OUT_OF_SCOPE,
  // warnings
  'decoded-leniently': WARNING,
  'partly-examined': WARNING,
  'known-and-illegal': WARNING,
  'too-small-for-models': WARNING,
  'too-flat-for-models': WARNING,
  'lines-sought-small': WARNING,
  'speech-not-transcribed': WARNING,
} as const satisfies Record<string, Reason>

export type ReasonCode = keyof typeof REASONS

/** Checks an untrusted code: a damaged ledger or a child may contain any value. */
export function isReasonCode(code: unknown): code is ReasonCode {
  return typeof code === 'string' && Object.hasOwn(REASONS, code)
}

/** A part of the subject was not processed, so coverage is incomplete. Leniently decoded data counts as processed. */
export function isLeftInPart(reason: string | null): boolean {
  return reason === 'partly-examined'
}

/** The picture was decoded, hashed and compared, and no model judged it: a limit of the plan, which is no gap in coverage. */
export function isUnjudged(reason: string | null): boolean {
  return reason === 'too-small-for-models' || reason === 'too-flat-for-models'
}

/**
 * A photograph that was searched for words at a small size alone, or speech without a model that transcribes it: a limit of the
 * program, which is no gap in coverage.
 */
export function isWordsLimit(reason: string | null): boolean {
  return reason === 'lines-sought-small' || reason === 'speech-not-transcribed'
}

export function isEnvironmentDependent(code: string): boolean {
  return isReasonCode(code) && REASONS[code].environmentDependent
}
