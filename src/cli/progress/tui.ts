/** The live view on a terminal; the summary follows it on standard output. */
import type { ProgressEvent } from '../../contracts/progress.ts'
import { reduce, START } from '../../tui/state.ts'
import { eventLine, notesLine } from './lines.ts'
import type { Progress, ProgressStreams } from './progress.ts'
import { drained } from './streams.ts'
import { summaryLines } from './summary.ts'

export function tuiProgress({ stdout }: Pick<ProgressStreams, 'stdout'>, verbose = false): Progress {
  let state = START
  let ledger = ''
  let ending = ''
  const warnings: string[] = []
  let notes = 0
  // React's development build keeps a timing record of every frame, which leaks memory over hours.
  process.env.NODE_ENV ??= 'production'
  // The view includes React, so it is loaded only when it is shown.
  const view = import('../../tui/index.tsx').then(({ openView }) =>
    openView(stdout as NodeJS.WriteStream, () => state),
  )
  return {
    on: (event) => {
      state = reduce(state, event)
      if (event.event === 'started') ledger = event.ledger
      // The view has room only for the start of a warning; the full text follows at the end.
      if (event.event === 'warning' || (event.event === 'note' && verbose))
        warnings.push(`${eventLine(event, ledger)}\n`)
      else if (event.event === 'note') notes += 1
      ending = endingOf(event, ledger) ?? ending
    },
    close: async () => {
      await (await view).close()
      const said = [...warnings, ...(notes > 0 ? [`${notesLine(notes)}\n`] : [])]
      stdout.write(said.length === 0 ? ending : `\n${said.join('')}${ending}`)
      await drained(stdout)
    },
  }
}

function endingOf(event: ProgressEvent, ledger: string): string | null {
  if (event.event === 'summary') return `\n${summaryLines(event)}`
  if (event.event === 'paused') return `\n${eventLine(event, ledger)}\n`
  return null
}
