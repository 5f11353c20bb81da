/**
 * Entries that stand for the part of a mount that a walk did not list, because its process sent a message that
 * cannot be true.
 */
import { bareEntry } from '../../base/bare-entry.ts'
import { byteString } from '../../base/byte-string.ts'
import { childPath, filePath } from '../../base/evidence-path.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'

/** One entry for everything below the root that has no entry of its own. */
export function restUnlisted(how: string): WalkedEntry {
  const path = childPath(filePath(Buffer.alloc(0)), 'unread', Buffer.from('0'))
  return { entry: bareEntry({ path, kind: 'unknown', sizeBytes: 0n, band: 0 }), read: senseless(how) }
}

/** @param why reason by the path of the place at which the message came */
export function withReason(walked: WalkedEntry, why: ReadonlyMap<string, string>): WalkedEntry {
  const { entry, read } = walked
  if (why.size === 0 || read?.result !== 'not-done' || read.reason !== 'walk-crashed') return walked
  const how = why.get(byteString(entry.path.bytes))
  return how === undefined ? walked : { ...walked, read: senseless(how) }
}

function senseless(how: string): StageResult {
  return notDone('walk-crashed', { code: 'answer-senseless', params: { text: how } })
}
