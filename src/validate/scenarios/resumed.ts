/** Runs that are killed at any moment and gone on with: nothing lost, nothing twice, the same digests. */

import { existsSync } from 'node:fs'
import { seeded } from '../../../fixtures/pictures.ts'
import { hashsetArgs, makePlanted } from '../exhibits/planted.ts'
import { Checks } from '../observation.ts'
import { type Scenario, scanArgs, summaryOf } from '../scenario.ts'

export const resumed: Scenario = {
  id: 'resumed',
  title: 'kills at random moments, and resume',
  speaksOf: ['resume'],
  weight: { quick: 5, full: 40 },
  async run(bench) {
    const kills = bench.of(4, 40)
    const checks = new Checks(
      'resume',
      `${kills} scans killed with SIGKILL at random moments, then seized resume until the seal`,
      'evidence and analysis digest of the undisturbed run; verify agrees',
    )
    const made = makePlanted(bench.folder, bench.seed + 1, bench.of(160, 600))
    const more = [...hashsetArgs(made), '--phases', 'inventory,known', '--workers', '2']
    const began = Date.now()
    const whole = summaryOf(bench.scan(made.exhibit, bench.at('whole.sqlite'), ...more))
    const lasted = Date.now() - began
    const random = seeded(bench.seed)
    for (let i = 0; i < kills; i++) {
      const ledger = bench.at(`killed-${i}.sqlite`)
      await bench.killedAfter(lasted * (0.2 + random() * 0.75), ...scanArgs(made.exhibit, ledger), ...more)
      // Before a ledger has its name there is nothing to go on with; the scan is begun anew.
      const ran = existsSync(ledger)
        ? bench.seized(
            'resume',
            ledger,
            '--if-sealed',
            'ok',
            '--progress',
            'json',
            ...more.slice(0, -4),
            '--allow-writable-mount',
          )
        : bench.scan(made.exhibit, ledger, ...more)
      const summary = summaryOf(ran)
      checks.equal(
        [summary.evidenceDigest, summary.analysisDigest],
        [whole.evidenceDigest, whole.analysisDigest],
        `digests of run ${i}`,
      )
      checks.equal(bench.seized('verify', ledger).code, 0, `verify of run ${i}`)
    }
    return [checks.observation]
  },
}
