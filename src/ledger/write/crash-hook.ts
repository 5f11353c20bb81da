/**
 * A deliberate crash for restart tests. SEIZED_CRASH_AT="known:before-commit:3" kills the process at once, as a power
 * cut would, the third time that this point is reached. SEIZED_STOP_AT stops the process there instead, until it is
 * continued: a test can then run another process at exactly that point of a race. No effect when the variables are
 * unset.
 */

const crash = parse(process.env.SEIZED_CRASH_AT)
const stop = parse(process.env.SEIZED_STOP_AT)

export function crashPoint(name: string): void {
  if (name === crash.point && ++crash.reached === crash.times) process.kill(process.pid, 'SIGKILL')
  if (name === stop.point && ++stop.reached === stop.times) process.kill(process.pid, 'SIGSTOP')
}

interface Point {
  readonly point: string | null
  readonly times: number
  reached: number
}

function parse(text: string | undefined): Point {
  const split = text?.lastIndexOf(':') ?? -1
  return text && split > 0
    ? { point: text.slice(0, split), times: Number(text.slice(split + 1)), reached: 0 }
    : { point: null, times: 0, reached: 0 }
}
