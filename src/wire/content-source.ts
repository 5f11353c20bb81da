/** What a reader process asks for a content: whole and unchanged, or not at all. */
import type { JobTuple } from './reader-protocol.ts'

/** Where chunks of one file go. A chunk's buffer is filled again after the call. */
export type Sink = (chunk: Buffer, offset: number) => void

export interface ContentSource {
  /** Access times of what was read may have changed. */
  readonly atimeTouched: boolean
  /** @param place one byte longer than the content @returns the number of bytes @throws NotRead */
  readInto(job: JobTuple, place: Buffer): number
  /**
   * @param buffer one megabyte or so, used for every chunk
   * @returns the number of bytes, which is the size that the inventory has
   * @throws NotRead
   */
  readWhole(job: JobTuple, buffer: Buffer, sink: Sink): number
}
