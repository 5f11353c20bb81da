/** The interface through which a reader process reads a content: whole and unchanged, or not at all. */
import type { JobTuple } from './reader-protocol.ts'

/** Receives the chunks of one file. The buffer of a chunk is reused after the call. */
export type Sink = (chunk: Buffer, offset: number) => void

export interface ContentSource {
  /** True where access times of read files may have changed. */
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
