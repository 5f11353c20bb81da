/**
 * What a reader of device records is: one file and one line in ARTEFACTS. It runs in a child over bytes in memory, and gives
 * every record that it can read: a damaged one costs itself and is counted with the offset of the first.
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
  /** @returns facts about the artefact as a whole; throws nothing that a damaged content can cause but NotAnArtefact */
  readonly read: (bytes: Buffer, sink: RecordCollector, beside: CompanionFiles) => readonly Attribute[]
}

/** The content is not what its media type said: no record of it could be read. */
export class NotAnArtefact extends Error {}
/** A version or kind that is known by name and that nothing here reads. */
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

/** Takes records up to a limit; those beyond are counted, and so are those that could not be read. */
export class RecordCollector {
  readonly #take: (record: WireRecord) => void
  readonly #most: number
  taken = 0
  left = 0
  /** Behind the end of what is read of such a file. */
  leftBytes = 0
  /** Deleted rows were looked for in a part of the free space alone. */
  isSearchCut = false
  damaged = 0
  /** Of the first that could not be read. */
  damagedAt: number | null = null
  /** It is of a kind that may hold records and that nothing here reads. */
  isNotBuilt = false
  /** What lies beside it and belongs to it could not be taken in. */
  isLogUnread = false
  /** It cannot be read without a key. */
  isEncrypted = false
  /** Not given, because a person of the privilege list takes part. */
  closed = 0
  /** Facts about the artefact as a whole that a reader of one kind of table comes to. */
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

  /** Counts what is there and is not read, because it is more than is read of such a file. */
  leave(records: number): void {
    this.left += records
  }

  /** The beginning of a text, which no program writes as long as that. */
  beginning(bytes: Buffer, mostBytes: number): Buffer {
    this.leftBytes += Math.max(0, bytes.length - mostBytes)
    return bytes.subarray(0, mostBytes)
  }

  /** Counts a record that stays closed. */
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

/**
 * Several times of one record: the first that it has is its `when`.
 * @param times each with its kind, that by which the record is best placed first; absent ones are left out
 */
export function timesOfRecord(
  ...times: readonly (readonly [RecordTimeKind, WireRecord['when']])[]
): Required<Pick<GivenRecord, 'when' | 'whenKind' | 'moreTimes'>> {
  const had = times.flatMap(([kind, when]) => (when === null ? [] : [{ kind, when }]))
  const [first, ...moreTimes] = had
  return { when: first?.when ?? null, whenKind: first?.kind ?? null, moreTimes }
}

/** Seconds since 1970 as records keep them; 0 and what lies outside 1990 to 2100 is no time. */
export function unixSeconds(seconds: number | null | undefined): WireRecord['when'] {
  if (seconds === null || seconds === undefined || !(seconds >= FIRST_SECOND && seconds < LAST_SECOND))
    return null
  return { ns: `${BigInt(Math.trunc(seconds)) * 1_000_000_000n}`, resolution: 's', zone: 'utc' }
}

const FIRST_SECOND = Date.UTC(1990, 0) / 1000
const LAST_SECOND = Date.UTC(2100, 0) / 1000
