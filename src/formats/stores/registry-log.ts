/**
 * Logs beside a registry hive (`.LOG1`, `.LOG2`, `.LOG`): a hive that was not closed is completed from them in memory, as
 * Windows does when it loads the hive. Nothing is believed whose hash, sequence or place does not fit.
 *
 * @see msuhanov/regf, "Windows registry file format specification", format of transaction log files, multiple files
 */
import { BASE_BYTES, type BaseBlock, baseBlockOf, SECTOR } from './registry-base.ts'
import { type EntryStop, entriesOf, type LogEntry, type LogPage } from './registry-log-entries.ts'
import { oldPagesOf } from './registry-old-log.ts'

export type LogStop = EntryStop | 'header' | 'other-state' | 'sequence'

/** `why`: what kept the log, or its later entries, from being applied; null: all were. */
export type HiveState =
  | { readonly state: 'clean' }
  | { readonly state: 'no-log' }
  | { readonly state: 'not-applied'; readonly why: LogStop }
  | {
      readonly state: 'applied'
      readonly entries: number
      readonly pages: number
      readonly why: LogStop | null
    }

export interface Replayed {
  /** The hive with the entries applied; the given bytes where none was. */
  readonly bytes: Buffer
  readonly how: HiveState
}

interface Log {
  readonly base: BaseBlock
  readonly bytes: Buffer
}

/** @param given hive; its first 4 bytes were checked */
export function replayed(given: Buffer, beside: readonly Buffer[]): Replayed {
  const hive = baseBlockOf(given)
  if (hive?.isSound && hive.primary === hive.secondary) return as(given, { state: 'clean' })
  const written = beside.filter((log) => log.some((byte) => byte !== 0))
  if (hive === null || written.length === 0) return as(given, { state: 'no-log' })
  const logs = written.flatMap((bytes): Log[] => {
    const base = baseBlockOf(bytes)
    return base?.isSound ? [{ base, bytes }] : []
  })
  if (logs.length === 0) return as(given, { state: 'not-applied', why: 'header' })
  return logs.some(({ base }) => base.fileType === 6)
    ? withNewLogs(
        given,
        hive,
        logs.filter(({ base }) => base.fileType === 6),
        logs.length < written.length,
      )
    : withOldLog(given, hive, logs)
}

const as = (bytes: Buffer, how: HiveState): Replayed => ({ bytes, how })

/** A number after another, where they begin anew behind the highest. */
const isBefore = (one: number, other: number) => ((one - other) | 0) < 0

/** @param isOneLeft another log has no readable header */
function withNewLogs(given: Buffer, hive: BaseBlock, logs: readonly Log[], isOneLeft: boolean): Replayed {
  const chosen: LogEntry[] = []
  let why: LogStop | null = null
  const read = logs
    .map(({ base, bytes }) => ({ base, bytes, ...entriesOf(bytes, base.primary) }))
    .filter(({ base }) => !hive.isSound || !isBefore(base.primary, hive.secondary))
    .sort((a, b) => (a.base.primary - b.base.primary) | 0)
  // The first block is lost: the log with the latest entries alone has a copy of it that fits.
  const used = hive.isSound ? read : read.slice(-1)
  let next = used[0]?.base.primary
  for (const { base, entries, stop } of used) {
    if (base.primary !== next) {
      why ??= 'sequence'
      break
    }
    for (const entry of entries) chosen.push(entry)
    next = (next + entries.length) >>> 0
    // What ended the log before is made good where this one goes on from there.
    why = stop
  }
  if (used.length === 0) why = isOneLeft ? 'header' : 'other-state'
  else if (isOneLeft) why ??= 'header'
  const fitting = withinRoom(chosen, given.length + logs.reduce((sum, { bytes }) => sum + bytes.length, 0))
  if (fitting.length < chosen.length) why = 'size'
  if (fitting.length === 0) return as(given, { state: 'not-applied', why: why ?? 'other-state' })
  const grown = fitting.reduce((most, { binsBytes }) => Math.max(most, BASE_BYTES + binsBytes), given.length)
  const bytes = Buffer.alloc(grown)
  given.copy(bytes)
  if (!hive.isSound) takeBase(bytes, used.at(-1)!.bytes)
  const pages = fitting.flatMap((entry) => entry.pages)
  write(bytes, pages)
  bytes.writeUInt32LE(fitting.at(-1)!.binsBytes, 40)
  return as(bytes, { state: 'applied', entries: fitting.length, pages: pages.length, why })
}

/** A hive grows by what its logs hold: an entry that states more states no size of a hive. */
function withinRoom(entries: readonly LogEntry[], mostBytes: number): readonly LogEntry[] {
  const first = entries.findIndex(({ binsBytes }) => binsBytes > mostBytes)
  return first < 0 ? entries : entries.slice(0, first)
}

/** The log that was written with the hive's last state, the first one before the second. */
function withOldLog(given: Buffer, hive: BaseBlock, logs: readonly Log[]): Replayed {
  const states = hive.isSound ? [hive.written] : [hive.written, timeOfFirstBin(given)]
  const log = logs.find(({ base }) => states.includes(base.written) && base.primary === base.secondary)
  if (log === undefined) return as(given, { state: 'not-applied', why: 'other-state' })
  const { pages, why } = oldPagesOf(log.bytes, log.base, given)
  if (pages.length === 0) return as(given, { state: 'not-applied', why: why ?? 'other-state' })
  const grown = pages.reduce(
    (most, { offset, bytes }) => Math.max(most, BASE_BYTES + offset + bytes.length),
    given.length,
  )
  const bytes = Buffer.alloc(grown)
  given.copy(bytes)
  if (!hive.isSound) takeBase(bytes, log.bytes)
  write(bytes, pages)
  return as(bytes, { state: 'applied', entries: 1, pages: pages.length, why })
}

function timeOfFirstBin(bytes: Buffer): bigint | null {
  return bytes.length >= BASE_BYTES + 32 && bytes.toString('latin1', BASE_BYTES, BASE_BYTES + 4) === 'hbin'
    ? bytes.readBigUInt64LE(BASE_BYTES + 20)
    : null
}

/** The log's copy of the first sector, as a hive has it. */
function takeBase(bytes: Buffer, log: Buffer): void {
  log.copy(bytes, 0, 0, SECTOR)
  bytes.writeUInt32LE(0, 28)
}

function write(bytes: Buffer, pages: readonly LogPage[]): void {
  for (const page of pages) page.bytes.copy(bytes, BASE_BYTES + page.offset)
}

/** True for a file that is a log itself. */
export function isHiveLog(bytes: Buffer): boolean {
  const base = baseBlockOf(bytes)
  if (base === null || base.fileType === 0) return false
  return (
    ['HvLE', 'DIRT'].includes(bytes.toString('latin1', SECTOR, SECTOR + 4)) ||
    bytes.toString('latin1', BASE_BYTES, BASE_BYTES + 4) !== 'hbin'
  )
}

export function isWithoutEntries(log: Buffer): boolean {
  return log.subarray(SECTOR).every((byte) => byte === 0)
}
