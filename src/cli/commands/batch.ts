/**
 * `seized batch`: examines many exhibits on this machine; one line for each result; the batch can be resumed as a
 * whole.
 */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { runBatch } from '../../lab/batch/batch.ts'
import { keysIn } from '../../lab/batch/keys-folder.ts'
import { readHostConfig } from '../../lab/manifest/host-config.ts'
import { readManifest } from '../../lab/manifest/manifest.ts'
import type { OrderKeys } from '../../lab/scan/order.ts'
import { exitCodeOfAll, OUTCOME_STATES } from '../../lab/scan/outcome.ts'
import type { Given } from '../arguments/option.ts'
import type { BATCH } from '../arguments/options-table.ts'
import { caseOfLedgers, requireCaseNumber } from '../services/make-case.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { parseKeysBasis } from '../services/text-options.ts'

const NO_KEYS: ReadonlyMap<string, OrderKeys> = new Map()

export async function batch([file]: readonly string[], given: Given<typeof BATCH>): Promise<number> {
  const { jobs, workers } = given
  if (jobs > workers)
    throw new UsageError(
      `--jobs ${jobs} is more than the ${workers} workers that this machine has room for: each exhibit needs one. Say fewer, or more --workers.`,
    )
  const manifest = readManifest(file!)
  const config = readHostConfig(given.config)
  const basis = parseKeysBasis(given.keys, given.basis)
  if (given.keys === undefined && given.basis !== undefined)
    throw new UsageError('--basis says why keys are used: give --keys with it, or none.')
  const keys = given.keys === undefined ? NO_KEYS : keysIn(given.keys, manifest, basis!)
  if (given.caseDir !== undefined)
    requireCaseNumber(given.caseDir, manifest.caseId, config.heads ?? undefined)
  const pausing = pauseOnSignals()
  try {
    const { outcomes, asBefore } = await runBatch({
      manifest,
      config,
      keys,
      out: resolve(given.out),
      jobs,
      workers,
      signal: pausing.signal,
      on: (outcome) => process.stdout.write(`${JSON.stringify(outcome)}\n`),
    })
    const finished = outcomes.filter(({ state }) => state === 'finished').map(({ ledger }) => ledger)
    if (given.caseDir !== undefined && finished.length > 0) {
      const made = await caseOfLedgers(given.caseDir, manifest.caseId, finished, config.heads ?? undefined)
      process.stdout.write(`${JSON.stringify({ event: 'case', case: manifest.caseId, ...made })}\n`)
    }
    const exitCode = exitCodeOfAll(outcomes)
    const states = Object.fromEntries(
      OUTCOME_STATES.map((state) => [state, outcomes.filter((one) => one.state === state).length]),
    )
    process.stdout.write(
      `${JSON.stringify({ event: 'batch', case: manifest.caseId, exhibits: outcomes.length, states, asBefore, manifestSha256: manifest.sha256, exitCode })}\n`,
    )
    return exitCode
  } finally {
    pausing.dispose()
  }
}
