/** What a way of showing a run gives, and what it writes to. */
import type { Writable } from 'node:stream'
import type { ProgressEvent } from '../../contracts/progress.ts'

export interface ProgressStreams {
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
}

export interface Progress {
  /** May be handed on by itself: it needs no `this`. */
  readonly on: (event: ProgressEvent) => void
  /** Gives the terminal back and resolves when everything was handed to the streams. */
  close(): Promise<void>
}
