/**
 * Records of a hive and its logs together: what only the log holds is said to come from it, and what the log replaced is
 * given as deleted.
 */

import { definedOnly } from '../../../base/defined-only.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import type { GivenRecord, RecordCollector } from '../../records/artefact.ts'
import type { HiveState } from '../../stores/registry-log.ts'

/** Records of one state of a hive. */
export interface HiveRecords {
  readonly live: readonly GivenRecord[]
  readonly removed: readonly GivenRecord[]
}

/**
 * Gives the live records, then the deleted ones. A value that is written anew leaves its old cell: what a live value, or
 * another deleted one, says too is left out.
 * @param before state without the log; null: no log was applied
 */
export function addRecords(now: HiveRecords, before: HiveRecords | null, sink: RecordCollector): void {
  const [wasLive, was] = before === null ? [null, null] : [saidOf(before.live), saidOf(all(before))]
  const said = new Set<string>()
  for (const given of now.live) {
    said.add(textOf(given))
    sink.add(marked(given, wasLive))
  }
  for (const [records, seen] of [
    [now.removed, was],
    [before === null ? [] : all(before), null],
  ] as const)
    for (const given of records) {
      const text = textOf(given)
      if (said.has(text)) continue
      said.add(text)
      sink.add({ ...marked(given, seen), status: 'deleted' })
    }
}

/** Facts of the hive, and whether it may be called whole. */
export function hiveNotes(how: HiveState, sink: RecordCollector): readonly Attribute[] {
  sink.isHiveNotWhole = how.state !== 'clean' && (how.state !== 'applied' || how.why !== null)
  if (how.state === 'clean') return [attribute('hive-clean', {})]
  if (how.state === 'no-log') return [attribute('hive-log-missing', {})]
  if (how.state === 'not-applied') return [attribute('hive-log-not-applied', { why: how.why })]
  const { entries, pages, why } = how
  return [attribute('hive-log-applied', definedOnly({ entries, pages, stopped: why ?? undefined }))]
}

function all({ live, removed }: HiveRecords): readonly GivenRecord[] {
  return [...live, ...removed]
}

function textOf({ what }: GivenRecord): string {
  return JSON.stringify(what)
}

function timedText({ what, when }: GivenRecord): string {
  return JSON.stringify([what, when?.ns])
}

/** With time and without: a value may keep its text and get another time. */
function saidOf(records: readonly GivenRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap((given) => [textOf(given), timedText(given)]))
}

/** @param seen what the hive says without the log; null: there is none */
function marked(given: GivenRecord, seen: ReadonlySet<string> | null): GivenRecord {
  const isNew = seen !== null && !(seen.has(textOf(given)) && (!given.when || seen.has(timedText(given))))
  if (!isNew) return given
  const { code, params } = given.what
  return { ...given, what: { code, params: { ...params, fromLog: true } } as GivenRecord['what'] }
}
