/**
 * A TAR archive as a file system. Members are stored unpacked, so every member is read in place.
 *
 * A damaged header costs its member: the listing searches for the next valid block. Members that a later one of the
 * same name replaces stay entries of their own.
 * A hard link is listed like a symbolic link: as a name of another member, which has the content.
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
import { archiveClasses, archiveTimes, memberPath } from '../common/archive.ts'
import { BLOCK_BYTES, parseHeader, type TarHeader } from './header.ts'
import { type PaxRecords, paxNumber, paxRecords, paxTime } from './pax.ts'
import { gnuSparse, paxSparse, type SparseMap, sparseRuns } from './sparse.ts'

/** Names and extended headers longer than this are damage. */
const MOST_NAME_BYTES = 1024 * 1024
const MOST_PROBLEMS = 10_000

export const TAR: FileSystemFormat = {
  name: 'tar',
  recognises(volume) {
    const first = blockAt(volume, 0)
    // A damaged first header still has its mark, and members behind it.
    return parseHeader(first) !== null || first.toString('latin1', 257, 262) === 'ustar'
  },
  open: (volume) => new TarArchive(volume),
}

function blockAt(volume: Medium, offset: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  volume.readInto(block, offset)
  return block
}

/** Facts of a member in the headers before it. */
interface Ahead {
  readonly name: Buffer | null
  readonly link: Buffer | null
  readonly pax: PaxRecords
}

const NOTHING: Ahead = { name: null, link: null, pax: new Map() }

class TarArchive implements FileSystem {
  readonly kind = 'tar'
  readonly label = ''
  readonly uuid = ''
  readonly clusterBytes = BLOCK_BYTES
  readonly stated = []
  readonly #volume: Medium
  readonly #problems: VolumeProblem[] = []
  #contentBytes = 0
  #slackBytes = 0
  #end = 0

  constructor(volume: Medium) {
    this.#volume = volume
  }

  *entries(): Generator<VolumeEntry, void, undefined> {
    const size = this.#volume.sizeBytes
    let ahead = NOTHING
    let global: PaxRecords = new Map()
    let lost = false
    for (let at = 0; at + BLOCK_BYTES <= size; ) {
      const block = blockAt(this.#volume, at)
      const header = parseHeader(block)
      if (header === null) {
        const isZero = block.every((byte) => byte === 0)
        if (!isZero && !lost) this.#problem('header-damaged', at)
        lost = lost || !isZero
        at += BLOCK_BYTES
        continue
      }
      lost = false
      const dataAt = at + BLOCK_BYTES
      const stored = paxNumber(ahead.pax.get('size')) ?? header.sizeBytes
      if (isAhead(header.type)) {
        const bytes = this.#bytes(dataAt, Math.min(header.sizeBytes, MOST_NAME_BYTES))
        if (header.sizeBytes > MOST_NAME_BYTES) this.#problem('extended-header-too-long', at)
        if (header.type === 'g') global = paxRecords(bytes)
        else ahead = withHeader(ahead, header.type, bytes)
        at = next(dataAt, header.sizeBytes)
      } else {
        const held = holdsData(header.type) ? stored : 0
        const pax: PaxRecords = global.size === 0 ? ahead.pax : new Map([...global, ...ahead.pax])
        const map = this.#sparseMap(header, pax, dataAt)
        yield this.#member(at, header, { ...ahead, pax }, dataAt, held, map)
        const mapBytes = header.type === 'S' ? (map?.mapBytes ?? 0) : 0
        this.#contentBytes += Math.min(held, Math.max(0, size - dataAt))
        this.#slackBytes += Math.max(0, Math.min(next(dataAt, held), size) - (dataAt + held))
        ahead = NOTHING
        at = next(dataAt, held + mapBytes)
      }
      this.#end = Math.min(at, size)
    }
  }

  problems(): readonly VolumeProblem[] {
    return this.#problems
  }

  classes(): VolumeClasses {
    const { sizeBytes } = this.#volume
    return archiveClasses(sizeBytes, this.#contentBytes, this.#slackBytes, sizeBytes - this.#end)
  }

  *unallocated(): Generator<ByteRange, void, undefined> {
    if (this.#end < this.#volume.sizeBytes)
      yield { offset: this.#end, length: this.#volume.sizeBytes - this.#end }
  }

  #sparseMap(header: TarHeader, pax: PaxRecords, dataAt: number): SparseMap | null | undefined {
    if (header.type === 'S') {
      let at = dataAt
      return gnuSparse(header, () => {
        if (at + BLOCK_BYTES > this.#volume.sizeBytes) return null
        at += BLOCK_BYTES
        return blockAt(this.#volume, at - BLOCK_BYTES)
      })
    }
    return [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))
      ? paxSparse(pax, (bytes) => this.#bytes(dataAt, bytes))
      : undefined
  }

  #member(
    at: number,
    header: TarHeader,
    { name, link, pax }: Ahead,
    dataAt: number,
    held: number,
    map: SparseMap | null | undefined,
  ): VolumeEntry {
    const raw = pax.get('GNU.sparse.name') ?? pax.get('path') ?? name ?? header.name
    const kind = KINDS[header.type] ?? (raw.at(-1) === 0x2f ? 'directory' : 'file')
    const target = pax.get('linkpath') ?? link ?? header.linkName
    const notes: string[] = []
    if (header.type === '1') notes.push('hard-link')
    if (map === null) notes.push('sparse-map-damaged')
    // The old format's map is in blocks between header and data, the newer one in the data.
    const place =
      header.type === 'S' && map
        ? placeOf({ ...map, mapBytes: 0 }, dataAt + map.mapBytes, held)
        : placeOf(map, dataAt, held)
    const isFile = kind === 'file'
    return {
      path: memberPath(raw),
      stream: null,
      kind,
      status: 'live',
      basis: null,
      record: at,
      sequence: null,
      links: null,
      sizeBytes: isFile ? (map?.sizeBytes ?? held) : 0,
      allocatedBytes: isFile ? held : null,
      times: archiveTimes({
        modifiedNs: paxTime(pax.get('mtime')) ?? seconds(header.modified),
        changedNs: paxTime(pax.get('ctime')),
        accessedNs: paxTime(pax.get('atime')),
        resolution: pax.has('mtime') ? 'ns' : 's',
        zone: 'utc',
      }),
      nameTimes: null,
      mode: header.mode,
      uid: paxNumber(pax.get('uid')) ?? header.uid,
      gid: paxNumber(pax.get('gid')) ?? header.gid,
      linkTarget: header.type === '1' || header.type === '2' ? Buffer.from(target) : null,
      place: isFile ? place : { kind: 'none', reason: 'directory', detail: '' },
      notes,
    }
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.#volume.sizeBytes - offset)))
    this.#volume.readInto(bytes, offset)
    return bytes
  }

  #problem(code: string, record: number): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ code, record, detail: '' })
  }
}

/** GNU's long names, and extended headers of one member or of all that follow. */
function isAhead(type: string): boolean {
  return type === 'L' || type === 'K' || type === 'x' || type === 'X' || type === 'g'
}

function withHeader(ahead: Ahead, type: string, bytes: Buffer): Ahead {
  if (type === 'x' || type === 'X') return { ...ahead, pax: paxRecords(bytes) }
  const end = bytes.indexOf(0)
  const text = Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
  return type === 'L' ? { ...ahead, name: text } : { ...ahead, link: text }
}

function holdsData(type: string): boolean {
  return !'123456'.includes(type)
}

function placeOf(map: SparseMap | null | undefined, dataAt: number, held: number): ContentPlace {
  if (map === undefined) return { kind: 'runs', runs: [{ offset: dataAt, length: held }], validBytes: held }
  const inMap = map && sparseRuns(map, dataAt, held)
  return map && inMap
    ? { kind: 'runs', runs: inMap, validBytes: map.sizeBytes }
    : { kind: 'none', reason: 'damaged', detail: 'sparse map' }
}

function next(dataAt: number, bytes: number): number {
  return dataAt + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES
}

function seconds(value: number | null): bigint | null {
  return value === null ? null : BigInt(value) * 1_000_000_000n
}

const KINDS: Readonly<Record<string, VolumeEntry['kind']>> = {
  '1': 'symlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  D: 'directory',
}
