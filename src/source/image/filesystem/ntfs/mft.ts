/**
 * The master file table: records by number, through the table's own runs, with a small cache.
 *
 * A record is a view that holds until the next few hundred records were read; whoever keeps bytes copies them.
 */
import type { Damage, DataRun, Medium } from '../../../../contracts/image.ts'
import { Recent } from '../../content/recent.ts'
import { runsContent } from '../../content/runs.ts'
import { NotThisFileSystem } from '../not-this-file-system.ts'
import type { Geometry } from './boot.ts'
import { attributesOf, extensionsOf, fixUp, isRecord } from './record.ts'
import { readRuns } from './runs.ts'

export interface Mft {
  readonly recordBytes: number
  readonly count: number
  /** Runs of the table, in bytes of the volume. */
  readonly runs: readonly DataRun[]
  /** Fixed-up record; null beyond the table. Look at `isRecord` before use. */
  record(number: number): MftRecord | null
  /** Damage of the table met so far: records there are lost. */
  damage(): readonly Damage[]
}

export interface MftRecord {
  readonly bytes: Buffer
  /** False where a sector of it comes from another write: what lies there is not sure. */
  readonly whole: boolean
}

const PAGE_BYTES = 64 * 1024
const PAGES = 256
/** Records of the table's own attribute list. */
const MAX_EXTENSIONS = 10_000
const DATA = 0x80

/** @throws NotThisFileSystem when neither the table's first record nor its mirror can be used */
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
    for (const attribute of attributesOf(bytes)) {
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
  // The table's list of extensions lies in records of the table: those that the runs known so far reach.
  const seen = new Set<number>()
  for (const extension of extensionsOf(first, 0, volume, geometry.clusterBytes)) {
    if (extension.type !== DATA || extension.number === 0 || seen.has(extension.number)) continue
    if (seen.size >= MAX_EXTENSIONS) break
    seen.add(extension.number)
    const record = table.record(extension.number)
    if (record && isRecord(record.bytes) && read(Buffer.from(record.bytes))) table = part()
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
    if ([...attributesOf(bytes)].some((attribute) => attribute.type === DATA && attribute.nonresident))
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
  const pages = new Recent<number, readonly MftRecord[]>(PAGES)

  function pageOf(page: number): readonly MftRecord[] {
    const bytes = Buffer.alloc(perPage * recordBytes)
    const got = content.readInto(bytes, page * bytes.length)
    const records: MftRecord[] = []
    for (let at = 0; at + recordBytes <= got; at += recordBytes) {
      records.push(fixed(bytes.subarray(at, at + recordBytes)))
    }
    if (page === 0) fromMirror(records)
    return records
  }

  // The first four records are kept twice.
  function fromMirror(records: MftRecord[]): void {
    for (let number = 0; number < Math.min(4, records.length); number++) {
      const record = records[number]
      if (record?.whole && isRecord(record.bytes)) continue
      const bytes = Buffer.alloc(recordBytes)
      mirror.readInto(bytes, number * recordBytes)
      const copy = fixed(bytes)
      if (copy.whole && isRecord(copy.bytes)) records[number] = copy
    }
  }

  return {
    recordBytes,
    count,
    runs,
    record(number) {
      if (number < 0 || number >= count) return null
      const page = Math.floor(number / perPage)
      return pages.get(page, () => pageOf(page))[number % perPage] ?? null
    },
    damage: () => content.damageIn(0, count * recordBytes),
  }
}

function fixed(bytes: Buffer): MftRecord {
  return { bytes, whole: !isRecord(bytes) || fixUp(bytes) }
}
