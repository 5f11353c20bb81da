/**
 * Why an examination is not complete: closed codes, computed from the rows of a ledger. report/texts has their words.
 */
import { parseStoredJson } from '../../base/stored-json.ts'
import type { CaseInfo, Plan } from '../../contracts/case.ts'
import { recordedImageState } from '../../contracts/image-state.ts'
import { INCOMPLETE, type IncompleteCode, lacksLists } from '../../contracts/incomplete.ts'
import { type Lock, volumeLeft } from '../../contracts/lock.ts'
import type { Db } from '../format/database.ts'
import { readByteClasses, readImage, readImageHashes } from './image-facts.ts'
import { LOCK_REMARK } from './lock-remark.ts'

/** Bytes of an image that were not examined: encrypted, not read, unreadable at acquisition, or damaged. */
const UNSEEN = `SELECT EXISTS (SELECT 1 FROM byte_class WHERE bytes > 0
  AND class IN ('encrypted', 'not-read', 'unreadable-at-acquisition', 'damaged'))`

/**
 * Each volume of an image is an entry of its own, and so is the root of a mount: a count above that means that there
 * are entries below.
 */
const NOTHING_THERE = `SELECT (SELECT count(*) FROM entry) <= iif(EXISTS (SELECT 1 FROM image),
  (SELECT count(*) FROM volume WHERE number IS NOT NULL), 1)`

/** A volume whose file system counts allocated bytes, but in which no entry with a size was named. */
const NOT_NAMED = `SELECT EXISTS (SELECT 1 FROM byte_class WHERE class = 'allocated' AND bytes > 0 AND volume IS NOT NULL
  AND volume NOT IN (SELECT volume FROM entry WHERE volume IS NOT NULL AND kind <> 'directory' AND size <> 0))`

/** Entries from a process that lied about another entry; they were not confirmed since. */
const DOUBTED = "SELECT EXISTS (SELECT 1 FROM entry_attribute WHERE code = 'read-in-doubt')"

/** @param leftOut true when a planned stage did not reach some entry, or examined it only in part */
export function incompleteness(db: Db, plan: Plan, leftOut: boolean): readonly IncompleteCode[] {
  const holds = (sql: string) => db.prepare(sql).pluck().get() === 1
  const state = imageStateIn(db, plan)
  const is: Readonly<Record<IncompleteCode, boolean>> = {
    'no-list': lacksLists(plan),
    'image-differs': state.kind === 'differs',
    'image-not-whole': !state.isWhole,
    'nothing-there': holds(NOTHING_THERE),
    'contents-not-named': holds(NOT_NAMED),
    'volume-left': hasVolumeLeft(db),
    'read-in-doubt': holds(DOUBTED),
    stages: leftOut,
    bytes: holds(UNSEEN),
  }
  return INCOMPLETE.filter((code) => is[code])
}

function imageStateIn(db: Db, plan: Plan) {
  const about = db.prepare("SELECT value FROM meta WHERE key = 'case'").pluck().get()
  return recordedImageState({
    case: parseStoredJson(String(about)) as CaseInfo,
    exhibit: { image: readImage(db) },
    plan,
    imageHashes: () => readImageHashes(db),
    byteClasses: () => readByteClasses(db),
  })
}

function hasVolumeLeft(db: Db): boolean {
  const remarks = db.prepare('SELECT params FROM remark WHERE code = ?').pluck().all(LOCK_REMARK) as string[]
  return remarks.some((params) => volumeLeft(parseStoredJson(params) as Pick<Lock, 'openedBy'>) !== null)
}
