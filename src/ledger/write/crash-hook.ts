/**
 * A deliberate crash for restart tests: SEIZED_CRASH_AT="known:before-commit:3" kills the process at once, as a power
 * cut would, the third time that point is reached. No effect when the variable is unset.
 */

const [point, times] = parse(process.env.SEIZED_CRASH_AT)
let reached = 0

export function crashPoint(name: string): void {
  if (name === point && ++reached === times) process.kill(process.pid, 'SIGKILL')
}

function parse(text: string | undefined): readonly [string | null, number] {
  const split = text?.lastIndexOf(':') ?? -1
  return text && split > 0 ? [text.slice(0, split), Number(text.slice(split + 1))] : [null, 0]
}
