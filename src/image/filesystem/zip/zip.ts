/**
 * A ZIP archive as a file system: the central directory says what there is, and members are inflated where they are read.
 *
 * Nothing is unpacked to disk and memory does not grow with the archive: phone extractions have a million members and 500 GB.
 * An encrypted member, and one packed by a method other than stored and deflated, is named with why it is not read.
 */
import type {
  ByteRange,
  ContentPlace,
  FileSystem,
  FileSystemFormat,
  Medium,
  VolumeClasses,
  VolumeEntry,
  VolumeProblem,
} from '../../../contracts/image.ts'
import { archiveClasses, memberPath } from '../archive.ts'
import { NotThisFileSystem } from '../not-this-file-system.ts'
import { type CentralRecord, centralRecords, type Directory, findDirectory, readAt } from './directory.ts'
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
  open(volume) {
    const directory = findDirectory(volume)
    if (directory === null)
      throw new NotThisFileSystem(
        'no-central-directory',
        'the archive has no central directory: it is cut off or damaged',
      )
    return new ZipArchive(volume, directory)
  },
}

class ZipArchive implements FileSystem {
  readonly kind = 'zip'
  readonly label = ''
  readonly uuid = ''
  readonly clusterBytes = 1
  readonly stated = []
  readonly #volume: Medium
  readonly #directory: Directory
  readonly #problems: VolumeProblem[] = []
  #contentBytes = 0

  constructor(volume: Medium, directory: Directory) {
    this.#volume = volume
    this.#directory = directory
  }

  *entries(): Generator<VolumeEntry, void, undefined> {
    const read = yield* this.#records()
    if (read < this.#directory.sizeBytes) this.#problem('directory-damaged', this.#directory.offset + read)
  }

  problems(): readonly VolumeProblem[] {
    return this.#problems
  }

  classes(): VolumeClasses {
    return archiveClasses(this.#volume.sizeBytes, this.#contentBytes, 0)
  }

  *unallocated(): Generator<ByteRange, void, undefined> {}

  *#records(): Generator<VolumeEntry, number, undefined> {
    const records = centralRecords(this.#volume, this.#directory)
    for (;;) {
      const step = records.next()
      if (step.done) return step.value
      yield this.#member(step.value)
    }
  }

  #member(record: CentralRecord): VolumeEntry {
    const { name, madeOnUnix, externalAttributes, sizeBytes } = record
    const mode = madeOnUnix && externalAttributes >>> 16 !== 0 ? externalAttributes >>> 16 : null
    // Some writers of old Windows used their own separator.
    const separator = !name.includes(0x2f) && !madeOnUnix && name.includes(0x5c) ? 0x5c : 0x2f
    const isFolder = name.at(-1) === separator || (externalAttributes & 0x10 && sizeBytes === 0)
    const kind = isFolder ? 'directory' : (mode !== null && KINDS[mode & 0o170000]) || 'file'
    const place = kind === 'directory' ? NO_CONTENT : this.#place(record)
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
    this.#contentBytes += storedBytes
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

const NO_CONTENT: ContentPlace = { kind: 'none', reason: 'directory', detail: '' }

const KINDS: Readonly<Record<number, VolumeEntry['kind']>> = {
  9604: 'directory',
  21609: 'symlink',
  2401: 'fifo',
  26411: 'socket',
  14406: 'block-device',
  4802: 'character-device',
}
