/**
 * Windows event logs: a closed log with all chunks that it states, or a chunk of 64 KiB alone. Each chunk has checksums and
 * holds what its records refer to.
 *
 * @see libyal/libevtx, "Windows XML Event Log (EVTX) format", sections 2 and 3
 */
import { crc32 } from 'node:zlib'
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const FILE_HEAD = 4096
const CHUNK_BYTES = 65_536
const CHUNK_HEAD = 128
const RECORDS_AT = 512
/** File header: the log was not closed. */
const DIRTY = 1
const MEDIA_TYPE = 'application/x-ms-event-log'

export const EVENT_LOG: Carver = {
  name: 'event-log',
  mediaType: MEDIA_TYPE,
  begins: (head) => head.toString('latin1', 0, 8) === 'ElfFile\0',
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    const head = file.bytes(0, 128)
    if (!head || crc32(head.subarray(0, 120)) !== head.readUInt32LE(124)) return null
    // The chunks of a log that is not there as a whole, or was not closed and does not state its last ones, are taken one by one.
    if ((head.readUInt32LE(120) & DIRTY) !== 0) return null
    const chunks = head.readUInt16LE(42)
    for (let i = 0; i < chunks; i++) if (!isChunk(file, FILE_HEAD + i * CHUNK_BYTES)) return null
    return chunks === 0 ? null : { length: FILE_HEAD + chunks * CHUNK_BYTES, complete: true }
  },
}

export const EVENT_LOG_CHUNK: Carver = {
  name: 'event-log-chunk',
  mediaType: MEDIA_TYPE,
  begins: (head) => head.toString('latin1', 0, 8) === 'ElfChnk\0',
  lengthOf(medium, offset, maxBytes) {
    return isChunk(new Window(medium, offset, maxBytes), 0) ? { length: CHUNK_BYTES, complete: true } : null
  },
}

/** Whether both checksums of a chunk hold: of its head, and of its records. */
function isChunk(file: Window, at: number): boolean {
  const chunk = file.bytes(at, CHUNK_BYTES)
  if (chunk?.toString('latin1', 0, 8) !== 'ElfChnk\0') return false
  const free = chunk.readUInt32LE(48)
  if (free < RECORDS_AT || free > CHUNK_BYTES) return false
  const head = crc32(chunk.subarray(CHUNK_HEAD, RECORDS_AT), crc32(chunk.subarray(0, 120)))
  return (
    head === chunk.readUInt32LE(124) && crc32(chunk.subarray(RECORDS_AT, free)) === chunk.readUInt32LE(52)
  )
}
