#!/bin/sh
':' //; d=$(ulimit -d); if [ "$d" != unlimited ] && [ "$d" -lt 786432 ]; then m="A process may use $((d * 1024 / 1000000)) MB of memory here (ulimit -d), and seized needs 806 MB. Raise the limit, or examine on another machine."; case " $* " in *' --progress json '*) echo "{\"event\":\"error\",\"code\":\"machine-short\",\"message\":\"$m\"}" ;; esac; echo "seized: $m" >&2; exit 75; fi; case "${1-}" in scan | resume) e=--initial-old-space-size=96 ;; *) e= ;; esac; exec /usr/bin/env node --v8-pool-size=1 --no-parallel-scavenge $e "$0" "$@"
// The line above is for the shell, which asks before Node begins: under such a limit Node ends with a trace of its engine. The
// options are those of engineFor in runtime.js.
import { engineFor, goOnUnder, memoryShort, suitableNode, tooOld } from './runtime.js'

const node = suitableNode()
const short = memoryShort()
if (short !== null) {
  // Of a Node that began under such a limit, before it starts one that would not.
  if (/ --progress json /.test(` ${process.argv.join(' ')} `))
    console.log(JSON.stringify({ event: 'error', code: 'machine-short', message: short }))
  console.error(`seized: ${short}`)
  process.exitCode = 75
} else if (node === process.execPath) {
  const { main } = await import('../dist/program/main.js')
  await main(process.argv)
} else if (node === null) {
  console.error(tooOld())
  process.exitCode = 1
} else {
  goOnUnder(node, [
    ...new Set([...engineFor(process.argv[2]), ...process.execArgv]),
    ...process.argv.slice(1),
  ])
}
