/**
 * Chunks and records of a Windows event log (EVTX). Every chunk of 64 KiB stands for itself: its records refer to
 * templates and names by offsets in the chunk. Free space of a chunk may hold records of an earlier use.
 *
 * The number of chunks in the file header is not trusted: a log that was not closed does not state its last chunks.
 *
 * @see libyal/libevtx, "Windows XML Event Log (EVTX) format", sections 2 to 4
 */
import { crc32 } from 'node:zlib'
import { NotAnArtefact } from '../records/artefact.ts'

export interface LogRecord {
  /** The chunk that offsets in the record count from. */
  readonly chunk: Buffer
  /** Offset of the chunk in the file. */
  readonly chunkAt: number
  /** Offsets of the binary XML in the chunk. */
  readonly from: number
  readonly to: number
  /** EventRecordID in the header of the record. */
  readonly number: bigint
  /** FILETIME at which the record was written. */
  readonly written: bigint
  /** Of an earlier use of the chunk, or in a chunk behind those that a closed log states. */
  readonly isRemnant: boolean
}

/** A place that could not be read as the format asks. */
export type LogDamage = { readonly damagedAt: number }

const FILE_HEAD = 4096
const CHUNK_BYTES = 65_536
const CHUNK_HEAD = 128
const RECORDS_AT = 512
const RECORD_HEAD = 24
const SMALLEST_RECORD = RECORD_HEAD + 4
const FIRST_BYTES = Buffer.from('ElfChnk\0', 'latin1')
const RECORD_MARK = 0x00002a2a
/** File header: the log was not closed. */
const DIRTY = 1
/** File header and chunk header: checksums are not kept. */
const WITHOUT_CHECKSUMS = 4

/** @throws NotAnArtefact */
export function* recordsOfLog(bytes: Buffer): Generator<LogRecord | LogDamage> {
  // A chunk that was carved from free space.
  if (bytes.subarray(0, 8).equals(FIRST_BYTES) && bytes.length >= RECORDS_AT) {
    yield* recordsOfChunk(bytes.subarray(0, CHUNK_BYTES), 0, 0, true)
    return
  }
  if (bytes.length < FILE_HEAD || bytes.toString('latin1', 0, 8) !== 'ElfFile\0') throw new NotAnArtefact()
  const flags = bytes.readUInt32LE(120)
  if ((flags & WITHOUT_CHECKSUMS) === 0 && crc32(bytes.subarray(0, 120)) !== bytes.readUInt32LE(124))
    yield { damagedAt: 0 }
  const stated = (flags & DIRTY) === 0 ? bytes.readUInt16LE(42) : Number.POSITIVE_INFINITY
  let chunk = 0
  for (let at = FILE_HEAD; at + RECORDS_AT <= bytes.length; at += CHUNK_BYTES, chunk++)
    yield* recordsOfChunk(bytes.subarray(at, at + CHUNK_BYTES), at, flags, chunk >= stated)
  // One that was not closed states too few chunks, and none too many.
  if (chunk < bytes.readUInt16LE(42)) yield { damagedAt: bytes.length }
}

function* recordsOfChunk(
  chunk: Buffer,
  at: number,
  fileFlags: number,
  isRemnant: boolean,
): Generator<LogRecord | LogDamage> {
  if (!chunk.subarray(0, 8).equals(FIRST_BYTES)) {
    if (chunk.some((byte) => byte !== 0)) yield { damagedAt: at }
    return
  }
  const free = Math.min(Math.max(chunk.readUInt32LE(48), RECORDS_AT), chunk.length)
  const isChecked = ((fileFlags | chunk.readUInt32LE(120)) & WITHOUT_CHECKSUMS) === 0
  if (chunk.length < CHUNK_BYTES || (isChecked && !isWhole(chunk, free))) yield { damagedAt: at }
  const of = { chunk, chunkAt: at, isRemnant }
  let next = RECORDS_AT
  while (next + SMALLEST_RECORD <= free) {
    const record = recordAt(chunk, next)
    if (record === null) {
      yield { damagedAt: at + next }
      break
    }
    yield { ...of, ...record }
    next = record.to + 4
  }
  yield* remnants(of, next)
}

/** Records are aligned to eight bytes. Size, its copy and the number of the record must agree with each other. */
function* remnants(of: Pick<LogRecord, 'chunk' | 'chunkAt'>, from: number): Generator<LogRecord> {
  const { chunk } = of
  for (let at = (from + 7) & ~7; at + SMALLEST_RECORD <= chunk.length; ) {
    const record = chunk.readUInt32LE(at) === RECORD_MARK ? recordAt(chunk, at) : null
    if (record !== null) yield { ...of, ...record, isRemnant: true }
    at = record === null ? at + 8 : (record.to + 4 + 7) & ~7
  }
}

function recordAt(chunk: Buffer, at: number): Pick<LogRecord, 'from' | 'to' | 'number' | 'written'> | null {
  const size = chunk.readUInt32LE(at + 4)
  if (chunk.readUInt32LE(at) !== RECORD_MARK || size < SMALLEST_RECORD || at + size > chunk.length)
    return null
  const to = at + size - 4
  if (chunk.readUInt32LE(to) !== size) return null
  const [number, written] = [chunk.readBigUInt64LE(at + 8), chunk.readBigUInt64LE(at + 16)]
  return { from: at + RECORD_HEAD, to, number, written }
}

function isWhole(chunk: Buffer, free: number): boolean {
  const head = crc32(chunk.subarray(CHUNK_HEAD, RECORDS_AT), crc32(chunk.subarray(0, 120)))
  return (
    head === chunk.readUInt32LE(124) && crc32(chunk.subarray(RECORDS_AT, free)) === chunk.readUInt32LE(52)
  )
}
