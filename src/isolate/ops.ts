/**
 * What a child can be asked to do. One line per operation: its name, and a loader that imports the code only in the
 * child and only when the pool asks for it.
 *
 * To add one: write `prepareX(config): Promise<OpRun>` in your stage and add a line to OPS.
 * `prepare` runs before root and the network are gone: load every module, model and wasm file there, because
 * afterwards the disk may be unreadable. `run` gets bytes, never a path, and returns JSON and bytes; large results go
 * out in pieces through `emit`. What `run` throws becomes `decode-failed`, so catch what deserves a better reason and
 * return it inside your own reply. Wiring between stages (a decoder, a hash, classifiers) is done here, so that stages
 * do not import each other.
 */

export interface OpRequest {
  /** As the job gave it; JSON. The main process is trusted, so no validation is needed here. */
  readonly header: unknown
  readonly bytes: Buffer
  /** An inherited file instead of bytes (FILE_FD), read at offsets; null for jobs with bytes. */
  readonly fd: number | null
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

export const OPS: readonly Op[] = [
  { name: 'look', prepare: async (config) => (await import('./look-op.ts')).prepareLookOp(config) },
  { name: 'open', prepare: async () => (await import('./open-op.ts')).prepareOpenOp() },
  { name: 'text', prepare: async (config) => (await import('./text-op.ts')).prepareTextOp(config) },
]
