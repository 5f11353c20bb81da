/**
 * `com.apple.decmpfs`: the attribute of a file with compressed content, with its coding and place.
 * Facts: Apple's open kernel (`bsd/sys/decmpfs.h`), The Sleuth Kit's and dissect.apfs' readers.
 */
import type { ContentPlace, DataRun, DecmpfsCoding } from '../../../contracts/content-place.ts'
import { u64 } from './read-at.ts'
import { runsWithin } from './runs.ts'
import type { CodedPlace } from './stored-units.ts'

export const DECMPFS_ATTRIBUTE = 'com.apple.decmpfs'
export const DECMPFS_HEADER_BYTES = 16

const MAGIC = 'fpmc'
const PIECE_BYTES = 65536
/** Most bytes that an attribute of a few kilobytes may decode to. */
const WHOLE_AT_MOST = 1024 * 1024

const CODINGS: ReadonlyMap<number, DecmpfsCoding> = new Map([
  [3, 'zlib-attribute'],
  [4, 'zlib-fork'],
  [7, 'lzvn-attribute'],
  [8, 'lzvn-fork'],
  [11, 'lzfse-attribute'],
  [12, 'lzfse-fork'],
])
/** Uncompressed, after the header. */
const PLAIN = 1
/** Uncompressed, after the header and one more byte. */
const PLAIN_BEHIND_MARK = 9

export type DecmpfsPlace = CodedPlace & { readonly coding: DecmpfsCoding }

export function isDecmpfs(place: CodedPlace): place is DecmpfsPlace {
  return place.coding.endsWith('-attribute') || place.coding.endsWith('-fork')
}

/** Place of data that a file keeps beside its content. */
export interface Held {
  readonly runs: readonly DataRun[]
  readonly sizeBytes: number
}

export interface Compressed {
  readonly sizeBytes: number
  readonly place: ContentPlace
  /** True where the resource fork is the stored content, so the file has no other fork. */
  readonly usesFork: boolean
}

/**
 * @param header first bytes of the attribute
 * @returns null where they are no header of decmpfs
 */
export function decmpfsOf(header: Buffer, attribute: Held, fork: Held | null): Compressed | null {
  if (header.length < DECMPFS_HEADER_BYTES || header.toString('latin1', 0, 4) !== MAGIC) return null
  const type = header.readUInt32LE(4)
  const sizeBytes = u64(header, 8)
  const none = (reason: string, detail: string): Compressed => ({
    sizeBytes: Number.isFinite(sizeBytes) ? sizeBytes : 0,
    place: { kind: 'none', reason, detail },
    usesFork: false,
  })
  if (!Number.isFinite(sizeBytes)) return none('damaged', 'size')
  const held = attribute.sizeBytes - DECMPFS_HEADER_BYTES
  const plainFrom = type === PLAIN ? 0 : type === PLAIN_BEHIND_MARK ? 1 : -1
  if (plainFrom >= 0) {
    if (held !== sizeBytes + plainFrom) return none('damaged', 'decmpfs')
    const runs = runsWithin(attribute.runs, DECMPFS_HEADER_BYTES + plainFrom, sizeBytes)
    return { sizeBytes, place: { kind: 'runs', runs, validBytes: sizeBytes }, usesFork: false }
  }
  const coding = CODINGS.get(type)
  if (!coding) return none('not-built', `decmpfs-${type}`)
  if (coding.endsWith('-fork')) {
    // Each piece has a table entry there, which bounds the pieces: a false size must not cause years of decoding.
    if (!fork || (sizeBytes / PIECE_BYTES) * 4 > fork.sizeBytes) return none('damaged', 'decmpfs-fork')
    const place = {
      kind: 'coded',
      coding,
      unitBytes: PIECE_BYTES,
      runs: fork.runs,
      validBytes: fork.sizeBytes,
    } as const
    return { sizeBytes, place, usesFork: true }
  }
  if (sizeBytes > WHOLE_AT_MOST) return none('not-built', 'decmpfs-size')
  const unitBytes = sizeBytes <= PIECE_BYTES ? PIECE_BYTES : WHOLE_AT_MOST
  const runs = runsWithin(attribute.runs, DECMPFS_HEADER_BYTES, Math.max(0, held))
  return { sizeBytes, place: { kind: 'coded', coding, unitBytes, runs, validBytes: held }, usesFork: false }
}
