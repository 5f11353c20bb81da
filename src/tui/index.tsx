/** Draws the live view on a terminal, at most ten times a second, and gives the terminal back. */
import { render } from 'ink'
import type { RunState } from './state.ts'
import { RunView } from './view.tsx'

const FRAME_MS = 100
// Assumed size of a terminal that does not report its size.
const COLUMNS = 80
const ROWS = 24

export interface LiveView {
  /** Draws the final state once more and leaves it above later output. */
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
