/**
 * Entries that stand for the part of a mount that a walk did not list, because its process sent a message that
 * cannot be true.
 */
import { bareEntry } from '../../base/bare-entry.ts'
import { byteString } from '../../base/byte-string.ts'
import { childPath, filePath } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'

/** One entry for everything below the root that has no entry of its own. */
export function restUnlisted(how: string): WalkedEntry {
  const path = childPath(filePath(Buffer.alloc(0)), 'unread', Buffer.from('0'))
  return { entry: bareEntry({ path, kind: 'unknown', sizeBytes: 0n, band: 0 }), read: senseless(how) }
}

/**
 * The new part of an entry that a repeated walk gives. An entry that this walk had to skip was recorded before; the names below it and the
 * streams beside it were not listed, so an entry without a name stands for them.
 * @returns null: nothing is new
 */
export function newOf(walked: WalkedEntry, isListed: (path: EvidencePath) => boolean): WalkedEntry | null {
  const { entry, read } = walked
  if (!isListed(entry.path)) return walked
  const isSkipped = read?.result === 'not-done' && SKIPPED.includes(read.reason)
  if (!isSkipped || entry.path.steps.length > 1) return null
  const path = childPath(entry.path, 'stream', Buffer.alloc(0))
  return isListed(path) ? null : { entry: bareEntry({ path, kind: 'file', sizeBytes: 0n, band: 0 }), read }
}

const SKIPPED: readonly ReasonCode[] = ['read-stalled', 'walk-crashed']

/** @param why reason by the path of the place at which the message came */
export function withReason(walked: WalkedEntry, why: ReadonlyMap<string, string>): WalkedEntry {
  const { entry, read } = walked
  if (why.size === 0 || read?.result !== 'not-done' || read.reason !== 'walk-crashed') return walked
  // The reason holds for the streams beside that place too.
  const how = why.get(byteString(entry.path.steps[0]!.name))
  return how === undefined ? walked : { ...walked, read: senseless(how) }
}

function senseless(how: string): StageResult {
  return notDone('walk-crashed', { code: 'answer-senseless', params: { text: how } })
}
