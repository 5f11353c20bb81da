/** One attempt at one exhibit on this host: from the claim to a result, or to the reason for giving it back. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import { parseManifest } from '../manifest/manifest.ts'
import type { Claimed } from '../queue/claim.ts'
import { type Result, signedText } from '../queue/finish.ts'
import { examineExhibit } from '../scan/examine-exhibit.ts'
import { type Order, orderOf, requireLists } from '../scan/order.ts'
import type { Outcome } from '../scan/outcome.ts'
import { ownFacts } from '../scan/own-facts.ts'
import { collect } from './collect.ts'
import { type HostKeys, signedBy } from './host-keys.ts'
import { seenIn } from './seen.ts'

/** @throws UsageError saying why this host cannot take it */
export function orderFor(claimed: Claimed, config: HostConfig): Order {
  const manifest = parseManifest(claimed.manifest, `manifest of case ${claimed.caseId}`)
  const exhibit = manifest.exhibits.find(({ id }) => id === claimed.exhibit)
  if (!exhibit) throw new UsageError(`The manifest names no exhibit ${claimed.exhibit}.`)
  const order = orderOf(manifest, exhibit, config)
  if (order.digest !== claimed.orderDigest)
    throw new UsageError('Lists or profile of this host are not those that were submitted.')
  requireLists(order)
  return order
}

/** Equal for every attempt of this order on this host, so that the next one resumes it. */
function ledgerOf(order: Order, { ledgers }: LabConfig): string {
  return join(ledgers, `${order.caseId}_${order.exhibit.id}_${order.digest.slice(0, 12)}.sqlite`)
}

export interface RunWishes {
  readonly order: Order
  readonly config: HostConfig
  readonly workers: number
  /** Folder of its shards; null: none. */
  readonly lookShards: string | null
  readonly signal: AbortSignal
  readonly on: (event: Readonly<Record<string, unknown>>) => void
}

export function runAttempt({ order, config, workers, lookShards, signal, on }: RunWishes): Promise<Outcome> {
  return examineExhibit({
    order,
    ledger: ledgerOf(order, config.lab!),
    workers,
    lookShards,
    lookShardsChecked: config.lab!.lookShardsChecked,
    heads: config.heads,
    minFreeBytes: config.minFreeBytes,
    stallMs: config.stallMs,
    signal,
    on,
  })
}

/** @throws CollectFailed, LedgerDamaged, or the error of the file system */
export function resultOf(
  claimed: Claimed,
  order: Order,
  outcome: Outcome,
  lab: LabConfig,
  keys: HostKeys,
): Result {
  const ledger = ledgerOf(order, lab)
  // The number alone may occur twice: a restored database continues from its dump.
  const name = `attempt-${claimed.n}-${claimed.attempt.slice(0, 8)}`
  const ledgerPath = collect(ledger, outcome.ledgerSha256!, lab.collection, [
    order.caseId,
    order.exhibit.id,
    name,
  ])
  const signed = signedText({
    statement: 2,
    lab: claimed.lab,
    case: order.caseId,
    exhibit: order.exhibit.id,
    order: order.digest,
    attempt: claimed.attempt,
    fence: claimed.fence,
    host: lab.host,
    exitCode: outcome.exitCode,
    evidence: outcome.evidenceDigest,
    analysis: outcome.analysisDigest,
    head: outcome.chainHead,
    ledger: outcome.ledgerSha256,
    counts: outcome.counts,
    image: outcome.image,
    incomplete: outcome.incomplete,
    message: outcome.message,
    own: ownFacts(ledgerPath),
  })
  return {
    signed,
    ...signedBy(keys, signed),
    ledgerPath,
    seen: keys.links === null ? [] : seenIn(ledgerPath, keys.links, lab.linksBasis !== null),
    linksBasis: keys.links && lab.linksBasis,
  }
}

/** Names a program by its parts, for hosts to be compared. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
