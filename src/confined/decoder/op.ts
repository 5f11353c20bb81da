/**
 * Interface of a child's operations: prepared while the disk is readable, then run on bytes that another process read.
 */

import type { ByteSource } from '../../formats/bytes/byte-source.ts'

export interface OpRequest {
  /** JSON from the job. The main process is trusted, so no validation is needed here. */
  readonly header: unknown
  readonly bytes: Buffer
  /** Source from a passed descriptor, read in place instead of bytes; null for jobs with bytes. */
  readonly lent: ByteSource | null
  /** Sends a piece of the result before the end; the main process sees it in order and may slow the child down. */
  readonly emit: (header: unknown, bytes: Buffer) => void
}

export interface OpReply {
  readonly header: unknown
  readonly bytes: Buffer
}

export type OpRun = (request: OpRequest) => Promise<OpReply>

export interface Op {
  readonly name: string
  /** @param config JSON from the pool's options (`config[name]`), undefined when none was given */
  readonly prepare: (config: unknown) => Promise<OpRun>
}
