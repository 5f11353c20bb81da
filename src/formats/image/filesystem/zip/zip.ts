/**
 * A ZIP archive as a file system: the central directory lists the members, and they are inflated when read.
 *
 * Members are never unpacked to disk, and memory does not grow with the archive: phone extractions have a million
 * members and 500 GB.
 * Where the directory is lost, the headers before the members replace it. An encrypted member, or one with a method
 * other than stored and deflated, is listed with the reason why it is not read.
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import type {
  ByteRange,
  FileSystem,
  FileSystemFormat,
  Medium,
  VolumeClasses,
  VolumeEntry,
  VolumeProblem,
} from '../../../../contracts/image.ts'
import { contentOf } from '../../content/content.ts'
import { archiveClasses, memberPath } from '../common/archive.ts'
import { type CentralRecord, centralRecords, type Directory, findDirectory, readAt } from './directory.ts'
import { isExtractionReport, type ReportedFile, reportedFiles } from './extraction-report.ts'
import { localRecords } from './local.ts'
import { memberTimes } from './times.ts'

const MOST_PROBLEMS = 10_000
const LOCAL_HEADER = 0x04034b50

export const ZIP: FileSystemFormat = {
  name: 'zip',
  recognises: (volume) => {
    const head = readAt(volume, 0, 4)
    return (
      head.length === 4 && (head.readUInt32LE(0) === LOCAL_HEADER || head.toString('latin1') === 'PK\x05\x06')
    )
  },
  open: (volume) => new ZipArchive(volume, findDirectory(volume)),
}

class ZipArchive implements FileSystem {
  readonly kind: string
  readonly label = ''
  readonly uuid = ''
  readonly clusterBytes = 1
  readonly stated = []
  readonly #volume: Medium
  readonly #directory: Directory | null
  readonly #problems: VolumeProblem[] = []
  readonly #report: Medium | null
  #contentBytes = 0

  constructor(volume: Medium, directory: Directory | null) {
    this.#volume = volume
    this.#directory = directory
    this.#report = this.#findReport()
    this.kind = this.#report === null ? 'zip' : 'ufdr'
  }

  *entries(): Generator<VolumeEntry, void, undefined> {
    const lost = (at: number) => this.#problem('directory-damaged', at)
    if (this.#directory === null) lost(this.#volume.sizeBytes)
    const records = this.#directory
      ? centralRecords(this.#volume, this.#directory, lost)
      : localRecords(this.#volume)
    const reported = this.#report === null ? null : reportedFiles(this.#report)
    if (this.#report !== null && this.#report.damageIn(0, this.#report.sizeBytes).length > 0)
      this.#problem('report-damaged', 0)
    for (const record of records) {
      const member = this.#member(record)
      const said = reported?.get(record.name.toString('utf8'))
      yield said === undefined ? member : withReport(member, said)
    }
  }

  /** The report of a phone's extraction is at the root of its archive. */
  #findReport(): Medium | null {
    if (this.#directory === null) return null
    for (const record of centralRecords(this.#volume, this.#directory)) {
      if (record.name.toString('latin1') !== 'report.xml') continue
      const place = this.#place(record)
      if (place.kind === 'none') return null
      const report = contentOf(this.#volume, place, record.sizeBytes)
      return isExtractionReport(report) ? report : null
    }
    return null
  }

  problems(): readonly VolumeProblem[] {
    return this.#problems
  }

  classes(): VolumeClasses {
    return archiveClasses(this.#volume.sizeBytes, this.#contentBytes, 0)
  }

  *unallocated(): Generator<ByteRange, void, undefined> {}

  #member(record: CentralRecord): VolumeEntry {
    const { name, madeOnUnix, externalAttributes, sizeBytes } = record
    const mode = madeOnUnix && externalAttributes >>> 16 !== 0 ? externalAttributes >>> 16 : null
    // Some writers of old Windows used their own separator.
    const separator = !name.includes(0x2f) && !madeOnUnix && name.includes(0x5c) ? 0x5c : 0x2f
    const isFolder = name.at(-1) === separator || (externalAttributes & 0x10 && sizeBytes === 0)
    const kind = isFolder ? 'directory' : (mode !== null && KINDS[mode >>> 12]) || 'file'
    const place = kind === 'directory' ? NO_CONTENT : this.#place(record)
    if (place.kind !== 'none') this.#contentBytes += record.storedBytes
    const link = kind === 'symlink' ? this.#linkTarget(record, place) : null
    return {
      path: memberPath(name, separator),
      stream: null,
      kind,
      status: 'live',
      basis: null,
      record: record.at,
      sequence: null,
      links: null,
      sizeBytes: kind === 'directory' ? 0 : sizeBytes,
      allocatedBytes: null,
      times: memberTimes(record),
      nameTimes: null,
      mode,
      uid: null,
      gid: null,
      linkTarget: link,
      place,
      notes: record.isUtf8 || name.every((byte) => byte < 0x80) ? [] : ['name-encoding-unstated'],
    }
  }

  #place(record: CentralRecord): ContentPlace {
    const { flags, method, storedBytes, sizeBytes, crc, headerAt } = record
    if (flags & 1 || method === 99) return { kind: 'none', reason: 'encrypted', detail: '' }
    if (method !== 0 && method !== 8) return { kind: 'none', reason: 'not-built', detail: `method ${method}` }
    const local = readAt(this.#volume, headerAt, 30)
    if (local.length < 30 || local.readUInt32LE(0) !== LOCAL_HEADER) {
      this.#problem('local-header-damaged', record.at)
      return { kind: 'none', reason: 'damaged', detail: 'local header' }
    }
    const offset = headerAt + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
    if (offset + storedBytes > this.#volume.sizeBytes) {
      this.#problem('member-beyond-end', record.at)
      return { kind: 'none', reason: 'damaged', detail: 'beyond the end of the archive' }
    }
    const runs = [{ offset, length: storedBytes }]
    return {
      kind: 'deflated',
      method: method === 0 ? 'stored' : 'deflate',
      runs,
      crc32: crc,
      validBytes: sizeBytes,
    }
  }

  #linkTarget({ method, sizeBytes }: CentralRecord, place: ContentPlace): Buffer | null {
    if (place.kind !== 'deflated' || method !== 0 || sizeBytes > 4096) return null
    return readAt(this.#volume, place.runs[0]?.offset ?? 0, sizeBytes)
  }

  #problem(code: string, record: number): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ code, record, detail: '' })
  }
}

/** Adds the report's statements as stated. A file that was deleted on the phone has no other basis. */
function withReport(member: VolumeEntry, { path, deleted, hashes }: ReportedFile): VolumeEntry {
  return {
    ...member,
    status: deleted ? 'deleted' : member.status,
    ...(path === '' ? {} : { originalPath: { path, by: 'extraction-report' as const } }),
    statedHashes: hashes,
  }
}

const NO_CONTENT: ContentPlace = { kind: 'none', reason: 'directory', detail: '' }

/** By the type in a mode of Unix: the first of six octal digits, 01 to 014. */
const KINDS: Readonly<Record<number, VolumeEntry['kind']>> = {
  1: 'fifo',
  2: 'character-device',
  4: 'directory',
  6: 'block-device',
  10: 'symlink',
  12: 'socket',
}
