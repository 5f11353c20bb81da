/**
 * Reads Microsoft's compound files (OLE2): storages and streams in sectors, used by DOC, XLS, PPT, MSG and Thumbs.db.
 *
 * A hostile file contains chains that form cycles, cross each other or point past its end. Therefore every chain
 * visits a sector at most once, and a stream is never longer than the file. All streams together are read for no more
 * than a few times the file size.
 * @see MS-CFB, Compound File Binary File Format, 2.2–2.6
 */

import type { ByteSource } from '../bytes/byte-source.ts'
import { CodedError } from '../bytes/coded-error.ts'

export interface CompoundEntry {
  /** Names of the parent storages and the own name, joined by `/`; `''` is the root. */
  readonly path: string
  readonly name: string
  readonly kind: 'stream' | 'storage'
  readonly sizeBytes: number
  /** Windows file time of a storage; 0 when none is set. */
  readonly modified: bigint
}

export interface CompoundStream {
  readonly bytes: Buffer
  /** False when a chain is truncated or leaves the file: `bytes` is then the beginning of the stream. */
  readonly whole: boolean
}

/** The file cannot be read at all, or it was crafted to make reading endless. */
export class CompoundDamaged extends CodedError {}

/** The file may contain more entries. */
export const DIRECTORY_DAMAGED = { code: 'compound-directory-damaged', params: {} } as const

const COMPOUND_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex')

const HEADER_BYTES = 512
const HEADER_DIFAT = 109
const ENTRY_BYTES = 128
const MAX_ENTRIES = 100_000
/** Largest regular sector number; the five above it mean free, end of chain, FAT and DIFAT (MS-CFB 2.1). */
const LAST_SECTOR = 0xfffffffa
const NO_ENTRY = 0xffffffff
/** Streams of a valid file do not overlap: together they are smaller than the file, and each is read once or twice. */
const MOST_READ_TIMES = 8

interface Located extends CompoundEntry {
  readonly start: number
}

export class CompoundFile {
  /** In the order of the directory tree: each storage precedes its children. */
  readonly entries: readonly CompoundEntry[]
  /** False when the directory is truncated, contains a cycle or is too long: more entries may exist. */
  readonly directoryWhole: boolean
  readonly #byPath = new Map<string, CompoundEntry>()
  readonly #source: ByteSource
  readonly #sectorBytes: number
  readonly #miniBytes: number
  readonly #cutoff: number
  readonly #fat: Uint32Array
  readonly #miniFat: Uint32Array
  readonly #mini: Buffer
  #unread: number

  /** @throws CompoundDamaged */
  constructor(source: ByteSource) {
    this.#source = source
    this.#unread = source.sizeBytes * MOST_READ_TIMES + (1 << 20)
    const header = source.read(0, HEADER_BYTES)
    if (header.length < HEADER_BYTES || !header.subarray(0, 8).equals(COMPOUND_SIGNATURE))
      throw new CompoundDamaged({ code: 'no-compound-header', params: {} })
    const [sectorShift, miniShift] = [header.readUInt16LE(30), header.readUInt16LE(32)]
    if ((sectorShift !== 9 && sectorShift !== 12) || miniShift < 2 || miniShift > sectorShift)
      throw new CompoundDamaged({ code: 'sector-size-unknown', params: { shift: sectorShift } })
    this.#sectorBytes = 1 << sectorShift
    this.#miniBytes = 1 << miniShift
    this.#cutoff = Math.min(header.readUInt32LE(56), 1 << 20)
    this.#fat = this.#table(this.#fatSectors(header))
    this.#miniFat = this.#table(this.#chain(header.readUInt32LE(60), Number.POSITIVE_INFINITY).sectors)
    const { found: located, whole } = this.#directory(header.readUInt32LE(48))
    this.entries = located
    this.directoryWhole = whole
    for (const entry of located.toReversed()) this.#byPath.set(entry.path.toUpperCase(), entry)
    const root = located[0]!
    this.#mini = this.#fromSectors(root.start, root.sizeBytes).bytes
  }

  /** Names are compared without case (MS-CFB 2.6.4). @returns null when no stream has this path */
  stream(path: string): CompoundStream | null {
    const entry = this.#byPath.get(path.toUpperCase())
    return entry?.kind === 'stream' ? this.read(entry) : null
  }

  has(path: string): boolean {
    return this.#byPath.has(path.toUpperCase())
  }

  /** @throws CompoundDamaged when streams overlap so much that reading them would take too long */
  read(entry: CompoundEntry): CompoundStream {
    const { start, sizeBytes } = entry as Located
    return sizeBytes < this.#cutoff ? this.#fromMini(start, sizeBytes) : this.#fromSectors(start, sizeBytes)
  }

  get #sectors(): number {
    return Math.ceil(Math.max(0, this.#source.sizeBytes - HEADER_BYTES) / this.#sectorBytes)
  }

  #sector(number: number): Buffer {
    return this.#source.read((number + 1) * this.#sectorBytes, this.#sectorBytes)
  }

  /** The header lists the first 109 FAT sectors; a chain of sectors lists the others. */
  #fatSectors(header: Buffer): number[] {
    const found: number[] = []
    const take = (bytes: Buffer, from: number, count: number) => {
      for (let i = 0; i < count && from + i * 4 + 4 <= bytes.length; i++) {
        const sector = bytes.readUInt32LE(from + i * 4)
        if (sector < LAST_SECTOR && sector < this.#sectors) found.push(sector)
      }
    }
    take(header, 76, HEADER_DIFAT)
    const perSector = this.#sectorBytes / 4 - 1
    const seen = new Set<number>()
    for (let next = header.readUInt32LE(68); next < this.#sectors && !seen.has(next); ) {
      seen.add(next)
      const bytes = this.#sector(next)
      take(bytes, 0, perSector)
      next = bytes.length === this.#sectorBytes ? bytes.readUInt32LE(perSector * 4) : NO_ENTRY
    }
    return [...new Set(found)]
  }

  #table(sectors: readonly number[]): Uint32Array {
    const perSector = this.#sectorBytes / 4
    const table = new Uint32Array(sectors.length * perSector).fill(NO_ENTRY)
    for (const [i, sector] of sectors.entries()) {
      const bytes = this.#sector(sector)
      for (let at = 0; at + 4 <= bytes.length; at += 4) table[i * perSector + at / 4] = bytes.readUInt32LE(at)
    }
    return table
  }

  /**
   * @param most count of wanted sectors. `whole` tells whether the chain has that many; without a finite count,
   *   whether it ends
   */
  #chain(start: number, most: number): { sectors: number[]; whole: boolean } {
    return follow(this.#fat, start, Math.min(most, this.#sectors + 1), this.#sectors, most)
  }

  #fromSectors(start: number, sizeBytes: number): CompoundStream {
    const { sectors, whole } = this.#chain(start, Math.ceil(sizeBytes / this.#sectorBytes))
    this.#spend(sectors.length * this.#sectorBytes)
    const bytes = this.#joined(sectors).subarray(0, sizeBytes)
    return { bytes, whole: whole && bytes.length === sizeBytes }
  }

  #fromMini(start: number, sizeBytes: number): CompoundStream {
    const count = Math.ceil(this.#mini.length / this.#miniBytes)
    const wanted = Math.ceil(sizeBytes / this.#miniBytes)
    const { sectors, whole } = follow(this.#miniFat, start, Math.min(wanted, count + 1), count, wanted)
    this.#spend(sectors.length * this.#miniBytes)
    const pieces = sectors.map((at) => this.#mini.subarray(at * this.#miniBytes, (at + 1) * this.#miniBytes))
    const bytes = Buffer.concat(pieces).subarray(0, sizeBytes)
    return { bytes, whole: whole && bytes.length === sizeBytes }
  }

  /** Consecutive sectors are read at once. */
  #joined(sectors: readonly number[]): Buffer {
    const runs: Buffer[] = []
    for (let from = 0; from < sectors.length; ) {
      let to = from + 1
      while (to < sectors.length && sectors[to] === sectors[to - 1]! + 1) to++
      runs.push(this.#source.read((sectors[from]! + 1) * this.#sectorBytes, (to - from) * this.#sectorBytes))
      from = to
    }
    return Buffer.concat(runs)
  }

  #spend(bytes: number): void {
    this.#unread -= bytes
    if (this.#unread < 0) throw new CompoundDamaged({ code: 'streams-overlap', params: {} })
  }

  #directory(start: number): { found: Located[]; whole: boolean } {
    const most = Math.ceil((MAX_ENTRIES * ENTRY_BYTES) / this.#sectorBytes)
    const bytes = this.#joined(this.#chain(start, most).sectors)
    let whole = true
    if (bytes.length < ENTRY_BYTES) throw new CompoundDamaged({ code: 'directory-outside-file', params: {} })
    const root = entryAt(bytes, 0, '')
    const found: Located[] = [{ ...root, path: '', name: '', kind: 'storage' }]
    const seen = new Set<number>([0])
    const waiting = [{ id: root.child, parent: '' }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { id, parent } = next
      if (id === NO_ENTRY) continue
      if (seen.has(id) || (id + 1) * ENTRY_BYTES > bytes.length) {
        whole = false
        continue
      }
      seen.add(id)
      const { left, right, child, ...entry } = entryAt(bytes, id, parent)
      waiting.push({ id: right, parent }, { id: left, parent })
      if (entry.kind === 'storage') waiting.push({ id: child, parent: entry.path })
      found.push(entry)
    }
    return { found, whole }
  }
}

/**
 * @param limit maximum of steps
 * @param count existing sectors
 */
function follow(table: Uint32Array, start: number, limit: number, count: number, wanted: number) {
  const sectors: number[] = []
  const seen = new Set<number>()
  let at = start
  while (sectors.length < limit && at < count && !seen.has(at)) {
    seen.add(at)
    sectors.push(at)
    at = table[at] ?? NO_ENTRY
  }
  return { sectors, whole: sectors.length >= wanted }
}

/** MS-CFB 2.6.1: name, length of name, type (1 storage, 2 stream, 5 root), siblings, child, time, start, size. */
function entryAt(bytes: Buffer, id: number, parent: string) {
  const at = id * ENTRY_BYTES
  const nameBytes = Math.min(64, Math.max(2, bytes.readUInt16LE(at + 64))) & ~1
  const name = bytes.toString('utf16le', at, at + nameBytes - 2)
  return {
    path: parent === '' ? name : `${parent}/${name}`,
    name,
    kind: bytes[at + 66] === 2 ? ('stream' as const) : ('storage' as const),
    left: bytes.readUInt32LE(at + 68),
    right: bytes.readUInt32LE(at + 72),
    child: bytes.readUInt32LE(at + 76),
    modified: bytes.readBigUInt64LE(at + 108),
    start: bytes.readUInt32LE(at + 116),
    // In many files of version 3 the upper half is garbage, and no stream here is longer than 4 GiB.
    sizeBytes: bytes.readUInt32LE(at + 120),
  }
}
