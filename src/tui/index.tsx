/** Draws the live view on a terminal, at most ten times a second, and gives the terminal back. */
import { render } from 'ink'
import type { RunState } from './state.ts'
import { RunView } from './view.tsx'

const FRAME_MS = 100
// What a terminal is taken for that does not say its size.
const COLUMNS = 80
const ROWS = 24

export interface LiveView {
  /** Draws the state as it is now, once more, and leaves it standing above whatever is written next. */
  close(): Promise<void>
}

/** @param stateNow read at every frame; the view never changes it */
export function openView(stdout: NodeJS.WriteStream, stateNow: () => RunState): LiveView {
  const startMs = performance.now()
  const draw = () => (
    <RunView
      state={stateNow()}
      elapsedSeconds={Math.floor((performance.now() - startMs) / 1000)}
      columns={stdout.columns || COLUMNS}
      rows={stdout.rows || ROWS}
    />
  )
  // Ctrl-C belongs to the caller, who pauses the run; without input the terminal stays in its own mode.
  const ink = render(draw(), { stdout, exitOnCtrlC: false, patchConsole: false })
  const timer = setInterval(() => ink.rerender(draw()), FRAME_MS)
  return {
    async close() {
      clearInterval(timer)
      ink.rerender(draw())
      ink.unmount()
      await ink.waitUntilExit()
    },
  }
}
