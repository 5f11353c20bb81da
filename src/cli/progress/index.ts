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
