/**
 * The master file table: records by number, through the table's own runs, with a small cache.
 *
 * A record is a view that stays valid until some hundred others were read; callers that keep bytes copy them.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Damage, Medium } from '../../../../contracts/image.ts'
import { Recent } from '../../content/recent.ts'
import { laidOut, piecesOf, runsContent } from '../../content/runs.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import type { Geometry } from './boot.ts'
import { attributesOf, extensionsOf, fixUp, isRecord } from './record.ts'
import { readRuns } from './runs.ts'

export interface Mft {
  readonly recordBytes: number
  readonly count: number
  /** Runs of the table, in bytes of the volume. */
  readonly runs: readonly DataRun[]
  /** Fixed-up record; null beyond the table. Check `isRecord` before use. */
  record(number: number): Buffer | null
  /** Copies a record. @returns false where one of its sectors belongs to another write; null beyond the table */
  copyInto(number: number, target: Buffer): boolean | null
  /** Places of a record's bytes on the volume, in order: more than one run where clusters are smaller. */
  runsOf(number: number): readonly DataRun[]
  /** Damage of the table found so far: its records are lost. */
  damage(): readonly Damage[]
}

const PAGE_BYTES = 64 * 1024
const PAGES = 256
/** Records of the table's own attribute list. */
const MAX_EXTENSIONS = 10_000
const DATA = 0x80

/** @throws NotThisFileSystem when neither the table's first record nor its mirror is usable */
export function openMft(volume: Medium, geometry: Geometry): Mft {
  const first = firstRecord(volume, geometry)
  if (!first)
    throw new NotThisFileSystem(
      'mft-damaged',
      'the first record of the master file table is damaged, and so is its mirror',
    )
  const limit = Math.floor(volume.sizeBytes / geometry.recordBytes)
  const runs: DataRun[] = []
  let covered = 0
  let sizeBytes = 0
  let validBytes = 0
  const read = (bytes: Buffer): boolean => {
    for (const attribute of attributesOf(bytes).attributes) {
      if (attribute.type !== DATA || attribute.nameUnits !== 0 || !attribute.nonresident) continue
      if (attribute.firstVcn !== covered) continue
      if (covered === 0) {
        sizeBytes = attribute.sizeBytes
        validBytes = attribute.validBytes
      }
      const clusters = readRuns(bytes, attribute.valueAt, attribute.end, geometry.clusterBytes, runs)
      covered += clusters ?? 0
      return clusters !== null
    }
    return false
  }
  read(first)
  const part = (): Mft =>
    mftOn(
      volume,
      geometry,
      runs,
      Math.min(limit, Math.floor(held(runs, sizeBytes) / geometry.recordBytes)),
      validBytes,
    )
  let table = part()
  // The table's list of extensions is in records of the table itself: those within the known runs.
  const seen = new Set<number>()
  for (const extension of extensionsOf(first, 0, volume, geometry.clusterBytes)) {
    if (extension.type !== DATA || extension.number === 0 || seen.has(extension.number)) continue
    if (seen.size >= MAX_EXTENSIONS) break
    seen.add(extension.number)
    const record = table.record(extension.number)
    if (record && isRecord(record) && read(Buffer.from(record))) table = part()
  }
  return table
}

function held(runs: readonly DataRun[], sizeBytes: number): number {
  return Math.min(
    sizeBytes,
    runs.reduce((sum, run) => sum + run.length, 0),
  )
}

function firstRecord(volume: Medium, geometry: Geometry): Buffer | null {
  for (const offset of [geometry.mftOffset, geometry.mirrorOffset]) {
    const bytes = Buffer.alloc(geometry.recordBytes)
    if (!Number.isSafeInteger(offset) || volume.readInto(bytes, offset) < bytes.length) continue
    if (!isRecord(bytes) || !fixUp(bytes)) continue
    if (attributesOf(bytes).attributes.some((attribute) => attribute.type === DATA && attribute.nonresident))
      return bytes
  }
  return null
}

function mftOn(
  volume: Medium,
  geometry: Geometry,
  runs: readonly DataRun[],
  count: number,
  validBytes: number,
): Mft {
  const { recordBytes } = geometry
  const perPage = Math.max(1, Math.floor(PAGE_BYTES / recordBytes))
  const content = runsContent(volume, runs, validBytes, count * recordBytes)
  const mirror = runsContent(
    volume,
    [{ offset: geometry.mirrorOffset, length: 4 * recordBytes }],
    4 * recordBytes,
    4 * recordBytes,
  )
  const laid = laidOut(runs, count * recordBytes)
  const mirrored = new Set<number>()
  const pages = new Recent<number, Page>(PAGES)

  function pageOf(page: number): Page {
    const bytes = Buffer.alloc(perPage * recordBytes)
    const got = content.readInto(bytes, page * bytes.length)
    const whole = new Uint8Array(perPage)
    for (let index = 0; (index + 1) * recordBytes <= got; index++) {
      whole[index] = fixed(bytes, index * recordBytes, recordBytes) ? 1 : 0
    }
    if (page === 0) fromMirror(bytes, whole)
    return { bytes, whole }
  }

  // The first four records are kept twice.
  function fromMirror(bytes: Buffer, whole: Uint8Array): void {
    for (let index = 0; index < Math.min(4, count); index++) {
      if (whole[index] === 1 && isRecord(bytes, index * recordBytes)) continue
      const copy = Buffer.alloc(recordBytes)
      mirror.readInto(copy, index * recordBytes)
      if (!isRecord(copy) || !fixUp(copy)) continue
      copy.copy(bytes, index * recordBytes)
      whole[index] = 1
      mirrored.add(index)
    }
  }

  function pageAt(number: number): Page | null {
    if (number < 0 || number >= count) return null
    const page = Math.floor(number / perPage)
    return pages.get(page, () => pageOf(page))
  }

  return {
    recordBytes,
    count,
    runs,
    record(number) {
      const page = pageAt(number)
      if (!page) return null
      const at = (number % perPage) * recordBytes
      return page.bytes.subarray(at, at + recordBytes)
    },
    copyInto(number, target) {
      const page = pageAt(number)
      if (!page) return null
      const at = (number % perPage) * recordBytes
      page.bytes.copy(target, 0, at, at + recordBytes)
      return page.whole[number % perPage] === 1
    },
    runsOf(number) {
      const at = number * recordBytes
      if (mirrored.has(number)) return [{ offset: geometry.mirrorOffset + at, length: recordBytes }]
      return Array.from(piecesOf(laid, at, recordBytes), ({ on, length }) => ({ offset: on, length }))
    },
    damage: () => content.damageIn(0, count * recordBytes),
  }
}

interface Page {
  readonly bytes: Buffer
  /** Per record: 0 where one of its sectors belongs to another write. */
  readonly whole: Uint8Array
}

function fixed(bytes: Buffer, at: number, length: number): boolean {
  return !isRecord(bytes, at) || fixUp(bytes.subarray(at, at + length))
}
