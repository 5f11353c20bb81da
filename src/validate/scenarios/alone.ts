/** Checks the program's side effects: no socket, and no file of the exhibit opened for writing. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../base/version.ts'
import { hashsetArgs, makePlanted } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Scenario, scanArgs } from '../model/scenario.ts'

export const alone: Scenario = {
  id: 'alone',
  title: 'a scan watched by strace: network and files',
  speaksOf: ['no-network', 'exhibit-untouched'],
  weight: { quick: 3, full: 3 },
  async run(bench) {
    const made = makePlanted(bench.folder, bench.seed + 3, 32)
    const trace = bench.at('trace.txt')
    const network = new Checks(
      'no-network',
      'strace -f of a scan',
      'no socket of a network is made; a process that tries to and is refused shows that it is confined',
    )
    const untouched = new Checks(
      'exhibit-untouched',
      'strace -f of a scan',
      'nothing below the exhibit is opened to be written',
    )
    const said = bench.oracle('strace', [
      ...[
        '-f',
        '-qq',
        '-e',
        'trace=socket,open,openat,openat2,unlink,unlinkat,rename,renameat,renameat2',
        '-o',
        trace,
      ],
      ...[
        process.execPath,
        join(PROGRAM_ROOT, 'bin/seized.js'),
        ...scanArgs(made.exhibit, bench.at('traced.sqlite')),
      ],
      ...[...hashsetArgs(made), '--phases', 'inventory,known', '--workers', '1'],
    ])
    if (said === null) return []
    const lines = readFileSync(trace, 'utf8').split('\n')
    network.see(lines.length > 100, () => `a trace of ${lines.length} lines`)
    for (const line of lines.filter((one) => one.includes('socket(')))
      network.see(!/AF_INET|AF_INET6|AF_PACKET/.test(line) || / = -1 E/.test(line), () => line.slice(0, 200))
    const ofExhibit = lines.filter((line) => line.includes(made.exhibit))
    untouched.see(ofExhibit.length > 0, () => 'the trace names nothing of the exhibit')
    for (const line of ofExhibit)
      untouched.see(!/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|unlink|rename/.test(line), () => line.slice(0, 200))
    return [network.observation, untouched.observation]
  },
}
