/**
 * Media and containers in the fields of a ZIP archive that a reader passes over: comment, comments of entries, and extra
 * fields in the directory and before members. @see APPNOTE.TXT 6.3.10, 4.4.26 to 4.4.28
 */
import { hash } from 'node:crypto'
import type { Entry as ZipEntry } from 'yauzl'
import { type ByteSource, sourceOfBuffer } from '../bytes/byte-source.ts'
import { hasMark } from '../signatures/embedded/marks.ts'
import type { Budget, Member } from './common/container.ts'
import { knownPartsOf } from './embedded/behind.ts'

/** A shorter field holds no picture. Most fields hold times, numbers of owners or names. */
const LEAST_BYTES = 64
const HEADER_BYTES = 30
const END_BYTES = 22

export class Fields {
  readonly #archive: ByteSource
  /** Most writers repeat a field of the directory before the member. */
  readonly #seen = new Set<string>()
  readonly #found: { readonly name: string; readonly bytes: Buffer }[] = []

  constructor(archive: ByteSource) {
    this.#archive = archive
  }

  add({ relativeOffsetOfLocalHeader: at, extraFieldRaw, fileCommentRaw }: ZipEntry): void {
    this.#keep('extra', extraFieldRaw)
    this.#keep('comment', fileCommentRaw)
    const header = this.#archive.read(at, HEADER_BYTES)
    if (header.length < HEADER_BYTES) return
    const extraBytes = header.readUInt16LE(28)
    if (extraBytes < LEAST_BYTES) return
    this.#keep('extra', this.#archive.read(at + HEADER_BYTES + header.readUInt16LE(26), extraBytes))
  }

  /** Also what lies between the directory and the end record. @param commentBytes of the comment behind that record */
  *members(directoryEnd: number, commentBytes: number, budget: Budget): Generator<Member> {
    const { sizeBytes } = this.#archive
    const commentAt = sizeBytes - commentBytes
    this.#keep('comment', this.#archive.read(commentAt, commentBytes))
    for (const { name, bytes } of this.#found)
      yield* knownPartsOf(sourceOfBuffer(bytes), 0, bytes.length, name, budget)
    yield* knownPartsOf(this.#archive, directoryEnd, commentAt - END_BYTES, 'between', budget)
  }

  #keep(name: string, bytes: Buffer): void {
    if (bytes.length < LEAST_BYTES || !hasMark(bytes)) return
    const digest = hash('sha1', bytes)
    if (this.#seen.has(digest)) return
    this.#seen.add(digest)
    this.#found.push({ name, bytes: Buffer.from(bytes) })
  }
}
