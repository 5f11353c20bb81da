/**
 * Ranges before the directory of a ZIP archive that hold no listed member: a tool that deletes a member may leave its
 * bytes, and a person may hide one so.
 */
import type { Entry as ZipEntry } from 'yauzl'
import type { ByteSource } from '../bytes/byte-source.ts'
import type { Stretch } from './embedded/behind.ts'

const HEADER = 0x04034b50
const HEADER_BYTES = 30
/** A descriptor behind the bytes of a member, of ZIP64 with its signature. @see APPNOTE.TXT 6.3.10, 4.3.9 */
const DESCRIPTOR_BYTES = 24
/** Ends the block of signatures that an Android package has before its directory. @see Android, "APK Signature Scheme v2" */
const SIGNED = 'APK Sig Block 42'

export class ListedRanges {
  readonly #listed: { readonly from: number; readonly packed: number }[] = []

  add({ relativeOffsetOfLocalHeader: from, compressedSize: packed }: ZipEntry): void {
    this.#listed.push({ from, packed })
  }

  /** Start of the first member; `directoryAt` where none is listed. */
  first(directoryAt: number): number {
    return this.#listed.reduce((first, { from }) => Math.min(first, from), directoryAt)
  }

  /** In order of offset. None where offsets do not lead to headers: they count from elsewhere then. */
  gaps(source: ByteSource, directoryAt: number): readonly Stretch[] {
    const gaps: Stretch[] = []
    let end: number | null = null
    for (const { from, packed } of this.#listed.sort((a, b) => a.from - b.from)) {
      const header = source.read(from, HEADER_BYTES)
      if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER) return []
      if (end !== null && from - end > DESCRIPTOR_BYTES) gaps.push({ from: end, to: from })
      const bodyAt = from + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28)
      end = Math.max(end ?? 0, bodyAt + packed)
    }
    if (end !== null && directoryAt - end > DESCRIPTOR_BYTES && !isSigned(source, directoryAt))
      gaps.push({ from: end, to: directoryAt })
    return gaps
  }
}

const isSigned = (source: ByteSource, directoryAt: number) =>
  source.read(directoryAt - SIGNED.length, SIGNED.length).toString('latin1') === SIGNED
