/**
 * `SEIZED_TRACE=stage,child` prints the steps of a run, one line each on stderr, for developers of this program.
 * Names of an exhibit's entries are never traced, only their digests.
 */

/**
 * Traceable parts: stages and phases, starts of processes, jobs of children, batches of readers, transactions of the
 * ledger, the parts' digest.
 */
const TRACEABLE = ['stage', 'process', 'child', 'reader', 'ledger', 'parts'] as const

export type Traceable = (typeof TRACEABLE)[number]

const asked = new Set((process.env.SEIZED_TRACE ?? '').split(',').filter((name) => name !== ''))

for (const name of asked)
  if (!TRACEABLE.some((known) => known === name))
    process.stderr.write(`trace   ${JSON.stringify(name)} is none of ${TRACEABLE.join(', ')}\n`)

/**
 * @param say makes the line; called only when somebody asked, so that a step costs nothing otherwise
 * @example trace('child', () => `look ${sha256} done in ${ms} ms`)
 */
export function trace(what: Traceable, say: () => string): void {
  if (!asked.has(what)) return
  const ms = performance.now().toFixed(0).padStart(7)
  process.stderr.write(`trace ${ms} ms  ${what.padEnd(6)}  ${JSON.stringify(say()).slice(1, -1)}\n`)
}
