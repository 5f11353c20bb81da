/** The live view. */
import type { Progress, ProgressStreams } from './index.ts'
import { lineProgress } from './lines.ts'

export function tuiProgress(streams: ProgressStreams): Progress {
  return lineProgress(streams)
}
