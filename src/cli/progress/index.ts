/**
 * How a run shows itself: a live view, lines, JSON, or nothing. Made from progress events alone.
 *
 * Names from the exhibit reach a terminal only through printPath and printText. No terminal means lines.
 */
import type { Writable } from 'node:stream'
import type { ProgressEvent } from '../../contracts.ts'
import { jsonProgress } from './json.ts'
import { lineProgress } from './lines.ts'
import { noProgress } from './none.ts'
import { tuiProgress } from './tui.ts'

export const PROGRESS_KINDS = ['tui', 'lines', 'json', 'none'] as const
export type ProgressKind = (typeof PROGRESS_KINDS)[number]

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

export function createProgress(kind: ProgressKind, streams: ProgressStreams): Progress {
  switch (kind) {
    case 'tui':
      return streams.stdout.isTTY ? tuiProgress(streams) : lineProgress(streams)
    case 'lines':
      return lineProgress(streams)
    case 'json':
      return jsonProgress(streams)
    case 'none':
      return noProgress(streams)
  }
}
