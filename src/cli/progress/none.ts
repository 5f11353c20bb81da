/** Writes nothing during a run; the summary still goes to standard output. */
import type { Progress, ProgressStreams } from './progress.ts'
import { drained } from './streams.ts'
import { summaryLines } from './summary.ts'

export function noProgress({ stdout }: Pick<ProgressStreams, 'stdout'>): Progress {
  return {
    on: (event) => {
      if (event.event === 'summary') stdout.write(summaryLines(event))
    },
    close: () => drained(stdout),
  }
}
