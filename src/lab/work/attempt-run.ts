/** One attempt at one exhibit on this host: from the claim to a result, or to what it is given back with. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UsageError } from '../../base/errors.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import { parseManifest } from '../manifest/manifest.ts'
import type { Claimed } from '../queue/claim.ts'
import type { Result } from '../queue/finish.ts'
import { examineExhibit } from '../scan/examine-exhibit.ts'
import { type Order, orderOf, requireLists } from '../scan/order.ts'
import type { Outcome } from '../scan/outcome.ts'
import { collect } from './collect.ts'
import { seenIn } from './seen.ts'

export interface HostKeys {
  readonly signing: KeyObject | null
  /** SPKI, PEM. */
  readonly publicKey: string | null
  readonly links: Buffer | null
}

/** @throws UsageError when a key is none */
export function readKeys({ signingKey, linksKey }: LabConfig): HostKeys {
  try {
    const signing = signingKey === null ? null : createPrivateKey(readFileSync(signingKey))
    const links = linksKey === null ? null : readFileSync(linksKey)
    if (signing !== null && signing.asymmetricKeyType !== 'ed25519')
      throw new Error(`${signingKey} is no Ed25519 key`)
    if (links !== null && links.length < 32) throw new Error(`${linksKey} is shorter than 32 bytes`)
    const publicKey = signing && createPublicKey(signing).export({ type: 'spki', format: 'pem' }).toString()
    return { signing, publicKey, links }
  } catch (cause) {
    throw new UsageError(`A key of the configuration cannot be used: ${(cause as Error).message}.`, { cause })
  }
}

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

/** The same for every attempt of this order on this host, so that the next one goes on with it. */
function ledgerOf(order: Order, { ledgers }: LabConfig): string {
  return join(ledgers, `${order.caseId}_${order.exhibit.id}_${order.digest.slice(0, 12)}.sqlite`)
}

export interface RunWishes {
  readonly order: Order
  readonly config: HostConfig
  readonly workers: number
  readonly signal: AbortSignal
  readonly on: (event: Readonly<Record<string, unknown>>) => void
}

export function runAttempt({ order, config, workers, signal, on }: RunWishes): Promise<Outcome> {
  return examineExhibit({
    order,
    ledger: ledgerOf(order, config.lab!),
    workers,
    heads: config.heads,
    minFreeBytes: config.minFreeBytes,
    stallMs: config.stallMs,
    signal,
    on,
  })
}

/** @throws CollectFailed, or what the file system says */
export function resultOf(
  claimed: Claimed,
  order: Order,
  outcome: Outcome,
  lab: LabConfig,
  keys: HostKeys,
): Result {
  const ledger = ledgerOf(order, lab)
  const folder = join(lab.collection, order.caseId, order.exhibit.id, `attempt-${claimed.n}-${claimed.fence}`)
  const ledgerPath = collect(ledger, outcome.ledgerSha256!, folder)
  const signed = canonicalJson({
    case: order.caseId,
    exhibit: order.exhibit.id,
    order: order.digest,
    fence: claimed.fence,
    host: lab.host,
    exitCode: outcome.exitCode,
    evidence: outcome.evidenceDigest,
    analysis: outcome.analysisDigest,
    ledger: outcome.ledgerSha256,
    counts: outcome.counts,
  })
  return {
    outcome,
    ledgerPath,
    signed,
    signature: keys.signing && sign(null, Buffer.from(signed), keys.signing).toString('base64'),
    seen: keys.links === null ? [] : seenIn(ledgerPath, keys.links, lab.linksBasis !== null),
    linksBasis: keys.links && lab.linksBasis,
  }
}

/** Names a program by its parts, for hosts to be compared. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
