/** The interface of a progress display, and the streams that it writes to. */
import type { Writable } from 'node:stream'
import type { ProgressEvent } from '../../contracts/progress.ts'

export interface ProgressStreams {
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
}

export interface Progress {
  /** May be passed on as a plain function: it needs no `this`. */
  readonly on: (event: ProgressEvent) => void
  /** Restores the terminal, and resolves when the streams have received everything. */
  close(): Promise<void>
}
