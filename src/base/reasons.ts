/**
 * Every reason a stage result can carry: the code that ledgers store, the words that reports print, and whether the
 * result depends on the machine and its load (then it is listed beside the digests instead of entering them).
 */
import type { StageOutcome } from '../contracts/stage.ts'

export interface Reason {
  readonly outcomes: readonly Exclude<StageOutcome, 'done'>[]
  readonly words: string
  readonly environmentDependent: boolean
}

const NOT_DONE = ['not-done'] as const
const NOT_APPLICABLE = ['not-applicable'] as const
const OUT_OF_SCOPE = ['out-of-scope'] as const
const WARNING = ['done-with-warnings'] as const

export const REASONS = {
  // read
  directory: reason(NOT_APPLICABLE, 'a directory has no content of its own'),
  symlink: reason(NOT_APPLICABLE, 'a symbolic link is recorded, never followed'),
  'special-file': reason(NOT_APPLICABLE, 'a FIFO, socket or device is recorded, never opened for reading'),
  'encrypted-member': reason(NOT_DONE, 'the archive member is encrypted'),
  'directory-unreadable': reason(
    NOT_DONE,
    'the directory could not be listed: what it holds was not examined',
  ),
  'directory-loop': reason(NOT_DONE, 'the directory is its own ancestor: listed once, not entered again'),
  'permission-denied': reason(NOT_DONE, 'the file could not be opened: permission denied'),
  'io-error': reason(NOT_DONE, 'the device reported an error while the content was read', true),
  vanished: reason(NOT_DONE, 'the file was gone when its content was to be read', true),
  'changed-during-read': reason(NOT_DONE, 'the file changed between inventory and the end of the read', true),
  sparse: reason(NOT_DONE, 'a sparse file far larger than what is allocated for it'),
  'read-stalled': reason(NOT_DONE, 'a read did not return in time', true),
  'walk-crashed': reason(NOT_DONE, 'the listing process ended here: what it holds was not examined', true),
  'reader-crashed': reason(NOT_DONE, 'the reading process ended twice on this file', true),
  'cannot-open': reason(NOT_DONE, 'the file could not be opened'),
  'not-reached': reason(NOT_DONE, 'the run stopped before this was reached'),
  // matched
  'no-hash-sets': reason(NOT_DONE, 'no hash set was given'),
  empty: reason(NOT_APPLICABLE, 'an empty file matches no list'),
  // later stages
  unread: reason(NOT_DONE, 'the content was not read'),
  'no-content': reason(NOT_APPLICABLE, 'there is no content to examine'),
  'not-a-container': reason(NOT_APPLICABLE, 'the content is no container'),
  'not-a-picture': reason(NOT_APPLICABLE, 'the content is neither picture nor video'),
  'shown-by-its-picture': reason(
    NOT_APPLICABLE,
    'an embedded thumbnail that shows what its picture shows, and that was looked at',
  ),
  'no-text': reason(NOT_APPLICABLE, 'the content holds no text'),
  known: reason(NOT_APPLICABLE, 'a list of known contents holds it: not examined further'),
  'not-built': reason(NOT_DONE, 'this version has no reader for the format'),
  'unsupported-format': reason(NOT_DONE, 'no decoder for this format'),
  'decode-failed': reason(NOT_DONE, 'the content is damaged: no decoder could read it'),
  encrypted: reason(NOT_DONE, 'the content is encrypted'),
  'over-pixel-limit': reason(NOT_DONE, 'more pixels than the limit'),
  'over-byte-limit': reason(NOT_DONE, 'larger than the limit for this stage'),
  'over-container-limit': reason(NOT_DONE, 'a container limit (depth, ratio, count or bytes) was reached'),
  privileged: reason(NOT_DONE, 'quarantined as privileged'),
  'digest-mismatch': reason(NOT_DONE, 'the bytes read again were not the bytes that were hashed', true),
  'children-disagree': reason(
    NOT_DONE,
    'two decoding processes did not make the same digests: nothing that was said of the content is believed',
    true,
  ),
  'over-time-limit': reason(NOT_DONE, 'the decoder used its time up', true),
  'out-of-memory': reason(NOT_DONE, 'the decoder used its memory up', true),
  'decoder-crashed': reason(NOT_DONE, 'the decoder crashed twice on this content', true),
  'needs-exhibit': reason(
    NOT_DONE,
    'a list that is no longer used had suppressed it: looking at it needs the exhibit',
  ),
  'not-opened': reason(NOT_DONE, 'containers were not opened (--no-open)'),
  // scope
  'scope-pattern': reason(OUT_OF_SCOPE, 'left out by an include or exclude pattern'),
  'scope-date': reason(OUT_OF_SCOPE, 'left out by its modification date'),
  'scope-media-type': reason(OUT_OF_SCOPE, 'left out by its media type'),
  'stage-not-asked': reason(OUT_OF_SCOPE, 'the stage was not asked for'),
  // warnings
  'decoded-leniently': reason(WARNING, 'damaged: decoded leniently, in part'),
  'partly-examined': reason(WARNING, 'examined in part: a limit or damage stopped the rest'),
  'known-and-illegal': reason(
    WARNING,
    'an illegal and a known list both hold this content: illegal prevails',
  ),
} as const satisfies Record<string, Reason>

export type ReasonCode = keyof typeof REASONS

export function reasonWords(code: string): string {
  return (REASONS as Record<string, Reason>)[code]?.words ?? code
}

export function isEnvironmentDependent(code: string): boolean {
  return (REASONS as Record<string, Reason>)[code]?.environmentDependent ?? false
}

function reason(outcomes: Reason['outcomes'], words: string, environmentDependent = false): Reason {
  return { outcomes, words, environmentDependent }
}
