/**
 * The progress display of a run: a live view, lines, JSON, or nothing. It uses progress events alone.
 *
 * Names from the exhibit reach a terminal only through printPath and printText. Without a terminal, lines are used.
 */
import { jsonProgress } from './json.ts'
import { lineProgress } from './lines.ts'
import { noProgress } from './none.ts'
import type { Progress, ProgressStreams } from './progress.ts'
import { tuiProgress } from './tui.ts'

export const PROGRESS_KINDS = ['tui', 'lines', 'json', 'none'] as const
export type ProgressKind = (typeof PROGRESS_KINDS)[number]

/** @param verbose lines and the live view print notes in full, not only their number; JSON always has them */
export function createProgress(kind: ProgressKind, streams: ProgressStreams, verbose = false): Progress {
  switch (kind) {
    case 'tui':
      return streams.stdout.isTTY ? tuiProgress(streams, verbose) : lineProgress(streams, verbose)
    case 'lines':
      return lineProgress(streams, verbose)
    case 'json':
      return jsonProgress(streams)
    case 'none':
      return noProgress(streams)
  }
}
