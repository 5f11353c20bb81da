/**
 * Contract of an artefact reader: one file and one row in ARTEFACTS. It runs in a child process on bytes in memory,
 * and returns every readable record. A damaged record is lost alone; damaged records are counted, with the offset of
 * the first.
 */
import type { Attribute } from '../../contracts/attribute.ts'
import type { CodedOf } from '../../contracts/coded.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { DeviceRecord, RECORDS } from '../../contracts/record.ts'
import type { RecordTimeKind } from '../../contracts/record-time.ts'
import { isPrivilegedSender } from '../../privilege/privilege-list.ts'
import type { CompanionFiles } from '../../wire/companion-files.ts'
import { RECORD_TEXT } from '../../wire/records.ts'
import type { WireRecord } from '../../wire/records-reply.ts'

export interface ArtefactReader {
  readonly id: string
  readonly mediaTypes: readonly string[]
  /** @returns facts about the whole artefact. Damaged content may cause no exception but NotAnArtefact */
  readonly read: (bytes: Buffer, sink: RecordCollector, beside: CompanionFiles) => readonly Attribute[]
}

/** The content does not match its media type: no record could be read. */
export class NotAnArtefact extends Error {}
/** A known version or kind without a reader. */
export class ArtefactNotBuilt extends Error {}

export interface GivenRecord {
  readonly what: CodedOf<typeof RECORDS>
  readonly direction?: DeviceRecord['direction']
  readonly times?: number | null
  readonly when?: WireRecord['when']
  readonly whenKind?: WireRecord['whenKind']
  readonly moreTimes?: WireRecord['moreTimes']
  readonly person?: string | null
  readonly status?: DeviceRecord['status']
  readonly digests?: DeviceRecord['digests']
  readonly sizeBytes?: number | null
  readonly pieces?: DeviceRecord['pieces']
  readonly piecesRoot?: string | undefined
}

/** Collects records up to a limit. Records beyond the limit and unreadable records are counted. */
export class RecordCollector {
  readonly #take: (record: WireRecord) => void
  readonly #most: number
  taken = 0
  left = 0
  /** Bytes behind the part of a file that is read. */
  leftBytes = 0
  /** The search for deleted rows covered only a part of the free space. */
  isSearchCut = false
  damaged = 0
  /** Offset of the first unreadable record. */
  damagedAt: number | null = null
  /** The content may contain records, but no reader exists for it. */
  isNotBuilt = false
  /** A companion file could not be applied. */
  isLogUnread = false
  /** A registry hive was not closed, and its log did not complete it. */
  isHiveNotWhole = false
  /** The content cannot be read without a key. */
  isEncrypted = false
  /** Count of records withheld because a person on the privilege list takes part. */
  closed = 0
  /** Facts about the whole artefact from a reader for one kind of table. */
  readonly notes: Attribute[] = []
  readonly privileged: PrivilegedSenders | null

  constructor(most: number, take: (record: WireRecord) => void, privileged: PrivilegedSenders | null = null) {
    this.privileged = privileged
    this.#most = most
    this.#take = take
  }

  add(given: GivenRecord): void {
    if (this.privileged && given.person && isPrivilegedSender(this.privileged, [given.person])) {
      this.close()
      return
    }
    if (this.taken >= this.#most) {
      this.left++
      return
    }
    this.taken++
    const { what, direction = null, times = null, when = null, person = null } = given
    const { status = 'live', digests = {}, sizeBytes = null, pieces = [], piecesRoot } = given
    const { whenKind = null, moreTimes = [] } = given
    this.#take({
      what: { ...what, params: shortened(what.params) } as typeof what,
      direction,
      times,
      when,
      whenKind,
      moreTimes,
      person: person === null ? null : cut(person),
      status,
      digests,
      sizeBytes,
      pieces,
      ...(piecesRoot === undefined ? {} : { piecesRoot }),
    })
  }

  /** Counts records that exist but are beyond the limit and are not read. */
  leave(records: number): void {
    this.left += records
  }

  /** The beginning of a text, up to a length that no program exceeds. */
  beginning(bytes: Buffer, mostBytes: number): Buffer {
    this.leftBytes += Math.max(0, bytes.length - mostBytes)
    return bytes.subarray(0, mostBytes)
  }

  /** Counts a withheld record. */
  close(): void {
    this.closed++
  }

  /** @param at offset in the content */
  spoiled(at: number, records = 1): void {
    this.damaged += records
    this.damagedAt ??= at
  }
}

function shortened(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const texts = Object.entries(params).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    texts.map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
  )
}

function cut(text: string): string {
  return text.length > RECORD_TEXT ? text.slice(0, RECORD_TEXT) : text
}

/** A time of a record with its kind; null: the record does not state it. */
export type KindedTime = readonly [kind: RecordTimeKind, when: WireRecord['when']]

/**
 * Several times of one record; the first present one becomes its `when`.
 * @param times each with its kind, the most significant first; absent times are left out
 */
export function timesOfRecord(
  ...times: readonly KindedTime[]
): Required<Pick<GivenRecord, 'when' | 'whenKind' | 'moreTimes'>> {
  const had = times.flatMap(([kind, when]) => (when === null ? [] : [{ kind, when }]))
  const [first, ...moreTimes] = had
  return { when: first?.when ?? null, whenKind: first?.kind ?? null, moreTimes }
}

/** Seconds since 1970 in the form of records; 0 and values outside 1990 to 2100 are not times. */
export function unixSeconds(seconds: number | null | undefined): WireRecord['when'] {
  if (seconds === null || seconds === undefined || !(seconds >= FIRST_SECOND && seconds < LAST_SECOND))
    return null
  return { ns: `${BigInt(Math.trunc(seconds)) * 1_000_000_000n}`, resolution: 's', zone: 'utc' }
}

const FIRST_SECOND = Date.UTC(1990, 0) / 1000
const LAST_SECOND = Date.UTC(2100, 0) / 1000
