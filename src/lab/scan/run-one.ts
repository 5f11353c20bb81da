/**
 * Examines one exhibit of a manifest for other schedulers (Slurm, Kubernetes): no daemon, no database, the outcome in a
 * file.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { HostConfig } from '../manifest/host-config.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { examineExhibit } from './examine-exhibit.ts'
import { orderOf } from './order.ts'
import type { Outcome, OutcomeState } from './outcome.ts'

/** A scheduler distinguishes done, retry and failed. outcome.json has the findings. */
const EXITS: Readonly<Record<OutcomeState, number>> = {
  finished: EXIT.complete,
  paused: EXIT.tryAgain,
  'try-again': EXIT.tryAgain,
  'needs-person': EXIT.usage,
  failed: EXIT.bug,
}

export interface RunOne {
  readonly manifest: Manifest
  /** From 0, as array jobs count. */
  readonly index: number
  readonly config: HostConfig
  readonly out: string
  readonly workers: number
  readonly signal: AbortSignal
}

/** @throws UsageError when the manifest has no such exhibit */
export async function runOne({
  manifest,
  index,
  config,
  out,
  workers,
  signal,
}: RunOne): Promise<{ outcome: Outcome; exitCode: number }> {
  const exhibit = manifest.exhibits[index]
  if (!exhibit)
    throw new UsageError(`--index ${index}: the manifest has exhibits 0 to ${manifest.exhibits.length - 1}.`)
  const folder = join(out, exhibit.id)
  mkdirSync(folder, { recursive: true })
  const ledger = join(folder, `${exhibit.id}.sqlite`)
  const outcome = await examineExhibit({
    order: orderOf(manifest, exhibit, config),
    ledger,
    workers,
    heads: config.heads,
    minFreeBytes: config.minFreeBytes,
    stallMs: config.stallMs,
    signal,
  })
  const file = join(folder, 'outcome.json')
  const record = {
    case: manifest.caseId,
    exhibit: exhibit.id,
    ledger,
    utc: new Date().toISOString(),
    ...outcome,
  }
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(record)}\n`)
  renameSync(`${file}.${process.pid}`, file)
  return { outcome, exitCode: EXITS[outcome.state] }
}
