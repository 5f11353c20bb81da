/**
 * Reads catalogues of eMule and aMule: known.met (files that the program knows and shares), part.met (an incomplete
 * download), cancelled.met. Every record contains an eD2k digest.
 *
 * A record has no length field. After a damaged record, the reader searches for the next plausible record.
 *
 * @see eMule 0.50a opcodes.h (numbers of tags), KnownFile.cpp and KnownFileList.cpp (order of fields)
 */

import { attribute } from '../../../contracts/attribute.ts'
import { Cursor, Ended } from '../../bytes/bytes.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  timesOfRecord,
  unixSeconds,
} from '../../records/artefact.ts'
import { tagAt } from './emule-tags.ts'

const KNOWN = 'application/x-emule-known'
const PART = 'application/x-emule-part'
const CANCELLED = 'application/x-emule-cancelled'

export const emule: ArtefactReader = {
  id: 'emule',
  mediaTypes: [KNOWN, PART, CANCELLED],
  read(bytes, sink) {
    const head = bytes[0]
    if (head === 0xe0 || head === 0xe1 || head === 0xe2) return readPart(bytes, sink)
    if (isCancelled(bytes)) return readCancelled(bytes, sink)
    if (head === 0x0e || head === 0x0f) return readKnown(bytes, sink)
    throw new NotAnArtefact()
  },
}

function readKnown(bytes: Buffer, sink: RecordCollector) {
  const cursor = new Cursor(bytes, 1)
  const count = bytes.length < 5 ? 0 : cursor.u32()
  let read = 0
  for (; read < count && cursor.left > 0; read++) {
    const at = cursor.at
    const file = fileOr(cursor)
    if (file !== null) {
      addKnown(file, sink)
      continue
    }
    sink.spoiled(at)
    const next = nextRecord(bytes, at + 1)
    if (next === null) break
    cursor.at = next
  }
  if (read < count && sink.damaged === 0) sink.spoiled(bytes.length, count - read)
  return [attribute('catalogue', { program: 'emule', stated: count })]
}

function readPart(bytes: Buffer, sink: RecordCollector) {
  const file = fileOr(new Cursor(bytes, 1))
  if (file === null) throw new NotAnArtefact()
  const { name, sizeBytes, transferred, partFile, digest } = file
  sink.add({
    what: {
      code: 'emule-part',
      params: withOnly({ name, sizeBytes, receivedBytes: transferred, partFile }),
    },
    direction: transferred !== undefined && transferred > 0 ? 'received' : null,
    ...timesOfFile(file),
    digests: { ed2k: digest },
    sizeBytes: sizeBytes ?? null,
  })
  return []
}

function addKnown(
  { name, sizeBytes, sent, requests, accepted, partFile, ...file }: File,
  sink: RecordCollector,
): void {
  const shared = (sent ?? 0) > 0 || (accepted ?? 0) > 0
  sink.add({
    what: {
      code: 'emule-known',
      params: withOnly({ name, sizeBytes, sentBytes: sent, requests, accepted, partFile }),
    },
    direction: shared ? 'shared' : null,
    times: shared ? (accepted ?? null) : null,
    ...timesOfFile(file),
    digests: { ed2k: file.digest },
    sizeBytes: sizeBytes ?? null,
  })
}

/** The modification time of the file, then the times of its use by the program. */
function timesOfFile({ modified, lastShared, lastComplete }: File) {
  return timesOfRecord(
    ['modified', unixSeconds(modified)],
    ['last-shared', unixSeconds(lastShared)],
    ['last-seen-complete', unixSeconds(lastComplete)],
  )
}

const CANCELLED_OLD = 0x0e
const CANCELLED_SALTED = 0x0f
/** A digest and a tag count; neither program writes tags here. */
const CANCELLED_RECORD = 17

/** known.met has the same first byte; the length distinguishes the two. */
function isCancelled(bytes: Buffer): boolean {
  const { at, count } = cancelledHead(bytes)
  return count > 0 && bytes.length === at + count * CANCELLED_RECORD && bytes[at + 16] === 0
}

function cancelledHead(bytes: Buffer): { readonly at: number; readonly count: number } {
  if (bytes[0] === CANCELLED_OLD && bytes.length > 5) return { at: 5, count: bytes.readUInt32LE(1) }
  if (bytes[0] === CANCELLED_SALTED && bytes[1] === 1 && bytes.length > 10)
    return { at: 10, count: bytes.readUInt32LE(6) }
  return { at: 0, count: 0 }
}

/**
 * In the newer form digests are salted: MD5 of the seed and the digest. They cannot be reversed and are only counted.
 */
function readCancelled(bytes: Buffer, sink: RecordCollector) {
  const { at, count } = cancelledHead(bytes)
  if (bytes[0] === CANCELLED_SALTED) return [attribute('records-salted', { records: count })]
  for (let i = 0; i < count; i++) {
    const from = at + i * CANCELLED_RECORD
    const ed2k = bytes.toString('hex', from, from + 16)
    sink.add({ what: { code: 'emule-cancelled', params: {} }, digests: { ed2k } })
  }
  return [attribute('catalogue', { program: 'emule', stated: count })]
}

interface File {
  modified: number
  digest: string
  name?: string
  sizeBytes?: number
  partFile?: string
  sent?: number
  transferred?: number
  requests?: number
  accepted?: number
  /** Seconds since 1970, like `modified`. */
  lastShared?: number
  lastComplete?: number
}

const MOST_PARTS = 65_535
const MOST_TAGS = 1000

function fileOr(cursor: Cursor): File | null {
  try {
    return fileAt(cursor)
  } catch (error) {
    if (error instanceof Ended || error instanceof NotAnArtefact) return null
    throw error
  }
}

function fileAt(cursor: Cursor): File {
  const modified = cursor.u32()
  const digest = cursor.take(16).toString('hex')
  const parts = cursor.u16()
  if (parts > MOST_PARTS) throw new NotAnArtefact()
  cursor.take(parts * 16)
  const tags = cursor.u32()
  if (tags > MOST_TAGS) throw new NotAnArtefact()
  const found = new Map<number, number | string>()
  for (let i = 0; i < tags; i++) {
    const { id, value } = tagAt(cursor)
    // A tag may occur twice: the first one is in Unicode.
    if (id !== null && value !== null && !found.has(id)) found.set(id, value)
  }
  const text = (id: number) => {
    const value = found.get(id)
    return typeof value === 'string' ? value : undefined
  }
  const whole = (id: number, high?: number) => {
    const low = found.get(id)
    if (typeof low !== 'number') return undefined
    const above = high === undefined ? undefined : found.get(high)
    const value = typeof above === 'number' && low < 2 ** 32 ? above * 2 ** 32 + low : low
    return Number.isSafeInteger(value) ? value : undefined
  }
  return {
    modified,
    digest,
    ...withOnly({
      name: text(0x01),
      sizeBytes: whole(0x02, 0x3a),
      transferred: whole(0x08),
      partFile: text(0x12),
      sent: whole(0x50, 0x54),
      requests: whole(0x51),
      accepted: whole(0x52),
      lastShared: whole(0x34),
      lastComplete: whole(0x05),
    }),
  }
}

/** Offset of the next readable record with a name and a size, behind a damaged one. */
function nextRecord(bytes: Buffer, from: number): number | null {
  const last = Math.min(bytes.length - 26, from + SEARCH_BYTES)
  for (let at = from; at <= last; at++) {
    if (!isPlausibleRecord(bytes, at)) continue
    const file = fileOr(new Cursor(bytes, at))
    if (file?.name !== undefined && file.sizeBytes !== undefined) return at
  }
  return null
}

/** Dates before 2000 (before eDonkey) are rejected; a file with 65,535 parts has 594 GB. */
function isPlausibleRecord(bytes: Buffer, at: number): boolean {
  const modified = bytes.readUInt32LE(at)
  if (modified < 946_684_800) return false
  const parts = bytes.readUInt16LE(at + 20)
  const tagsAt = at + 22 + parts * 16
  if (tagsAt + 5 > bytes.length) return false
  const tags = bytes.readUInt32LE(tagsAt)
  return tags >= 2 && tags < 100
}

const SEARCH_BYTES = 1 << 20

function withOnly<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
