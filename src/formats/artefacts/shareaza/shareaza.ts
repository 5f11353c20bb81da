/**
 * Reads the library of Shareaza (`Library1.dat`, `Library2.dat`): folders, their files with SHA-1, MD5 and eD2k, and
 * upload counts. The file is an MFC archive without lengths, so data behind a damaged record cannot be read.
 *
 * @see Shareaza 2.7, Library.cpp, LibraryFolders.cpp, SharedFile.cpp (Serialize); IPED, ShareazaLibraryDatParser
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import { Cursor, Ended } from '../../bytes/bytes.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { fileTime } from '../../bytes/times.ts'
import {
  ArtefactNotBuilt,
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
} from '../../records/artefact.ts'

const NEWEST = 34
/** Older versions have a dictionary before the folders; no sample of it was available. */
const OLDEST = 29
const MOST_DEPTH = 64

export const shareaza: ArtefactReader = {
  id: 'shareaza',
  mediaTypes: ['application/x-shareaza-library'],
  read(bytes, sink) {
    if (bytes.length < 12) throw new NotAnArtefact()
    const version = bytes.readUInt32LE(8)
    if (version < OLDEST || version > NEWEST) throw new ArtefactNotBuilt()
    const library = new Library(bytes, sink)
    try {
      library.read()
    } catch (error) {
      if (!(error instanceof Ended || error instanceof TooDeep)) throw error
      sink.spoiled(library.at)
    }
    return [attribute('catalogue', { program: 'shareaza', stated: library.files })]
  },
}

class TooDeep extends Error {}

class Library {
  readonly #in: Cursor
  readonly #sink: RecordCollector
  files = 0

  constructor(bytes: Buffer, sink: RecordCollector) {
    this.#in = new Cursor(bytes, 12)
    this.#sink = sink
  }

  get at(): number {
    return this.#in.at
  }

  /** @throws Ended, TooDeep */
  read(): void {
    const source = this.#in
    // The dictionary, the next index, and the sizes of three maps that the program rebuilds.
    source.take(20)
    for (let left = this.#count(); left > 0; left--) this.#folder(0)
  }

  #folder(depth: number): void {
    if (depth > MOST_DEPTH) throw new TooDeep()
    const source = this.#in
    const path = this.#text()
    const shared = source.u32()
    source.u32()
    for (let left = this.#count(); left > 0; left--) this.#folder(depth + 1)
    for (let left = this.#count(); left > 0; left--) this.#file(path, shared)
  }

  #file(folder: string, folderShared: number): void {
    const source = this.#in
    const begin = source.at
    const name = this.#text()
    source.u32()
    const sizeBytes = source.u64()
    const modified = source.take(8).readBigUInt64LE(0)
    const shared = source.u32()
    if (source.u64() !== 0) source.u64()
    const sha1 = this.#digest(20)
    this.#digest(24)
    const md5 = this.#digest(16)
    const ed2k = this.#digest(16)
    this.#digest(20)
    source.u32()
    if (this.#text() !== '') this.#element(0)
    source.u32()
    this.#text()
    this.#text()
    source.u32()
    source.u64()
    const hits = source.u32()
    const uploads = source.u32()
    source.u32()
    source.u32()
    for (let left = this.#count(); left > 0; left--) {
      this.#text()
      source.u64()
    }
    if (!Number.isSafeInteger(sizeBytes)) {
      this.#sink.spoiled(begin)
      return
    }
    this.files++
    // For an unknown state the folder decides; an unknown folder state means shared.
    const isShared = (shared === UNKNOWN ? folderShared : shared) !== NO
    this.#sink.add({
      what: {
        code: 'shareaza-file',
        params: definedOnly({ name, folder, sizeBytes, shared: isShared, hits, uploads }),
      },
      direction: uploads > 0 ? 'shared' : null,
      times: uploads > 0 ? uploads : null,
      when: fileTime(modified),
      digests: definedOnly({ sha1, md5, ed2k }),
      sizeBytes,
    })
  }

  /** Name, value, attributes, child elements. */
  #element(depth: number): void {
    if (depth > MOST_DEPTH) throw new TooDeep()
    this.#text()
    this.#text()
    for (let left = this.#count(); left > 0; left--) {
      this.#text()
      this.#text()
    }
    for (let left = this.#count(); left > 0; left--) this.#element(depth + 1)
  }

  /** A flag states whether the digest is present. */
  #digest(length: number): string | undefined {
    return this.#in.u32() === 0 ? undefined : this.#in.take(length).toString('hex')
  }

  #count(): number {
    const short = this.#in.u16()
    return short === 0xffff ? this.#in.u32() : short
  }

  #text(): string {
    const source = this.#in
    let length = source.u8()
    let isWide = false
    if (length === 0xff) {
      length = source.u16()
      if (length === 0xfffe) {
        isWide = true
        length = source.u8()
        if (length === 0xff) length = source.u16()
      }
      if (length === 0xffff) length = source.u32()
    }
    const bytes = source.take(isWide ? length * 2 : length)
    return isWide ? bytes.toString('utf16le') : decodeLocal(bytes)
  }
}

const UNKNOWN = 0
const NO = 1
