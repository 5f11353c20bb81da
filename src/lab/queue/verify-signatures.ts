/**
 * Verifies that each outcome was signed by its host's key of that time, and that each key was handed over by the
 * previous one.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Asker } from './database.ts'
import { fingerprintOfKey } from './finish.ts'

export interface HostKeyRow {
  readonly host: string
  readonly fingerprint: string
  readonly publicKey: string
  /** Time of the database's clock; null: still in use, or older than the history. */
  readonly since: Date | null
  readonly until: Date | null
  readonly withdrawn: boolean
  readonly handover: string | null
  readonly handoverSignature: string | null
}

export interface OutcomeRow {
  readonly case: string
  readonly exhibit: string
  readonly exhibitId: string
  readonly orderDigest: string
  readonly fence: string
  readonly attempt: string
  readonly attemptExhibit: string
  readonly host: string
  readonly started: Date
  readonly utc: Date
  readonly exitCode: number
  readonly ledgerPath: string
  readonly ledger: string
  readonly evidence: string
  readonly analysis: string
  readonly chainHead: string
  readonly superseded: boolean
  readonly takenBack: boolean
  readonly signed: string | null
  readonly signature: string | null
  readonly key: string | null
}

export function readKeys(asker: Asker): Promise<readonly HostKeyRow[]> {
  return asker.rows<{ [K in keyof HostKeyRow]: HostKeyRow[K] }>(
    `SELECT host, fingerprint, public_key AS "publicKey", CASE WHEN isfinite(since) THEN since END AS since, until, withdrawn, handover,
       handover_signature AS "handoverSignature" FROM lab.host_key k ORDER BY host, k.since`,
  )
}

/** Each later key of a host is signed by the previous one, or was enrolled after that was withdrawn. */
export function handoverProblems(keys: readonly HostKeyRow[]): string[] {
  return keys.flatMap((one, i) => {
    const before = keys[i - 1]?.host === one.host ? keys[i - 1]! : null
    const about = `key ${one.fingerprint.slice(0, 16)} of ${one.host}`
    const key = keyOf(one.publicKey)
    if (key === null) return [`${about} is no key`]
    if (fingerprintOfKey(key) !== one.fingerprint) return [`${about} has another fingerprint`]
    if (before === null || (before.withdrawn && one.handover === null)) return []
    if (one.handover === null || one.handoverSignature === null)
      return [`${about} was not handed over by the key before it`]
    const { host, from, to } = JSON.parse(one.handover) as Record<string, unknown>
    return host === one.host &&
      from === before.fingerprint &&
      to === one.fingerprint &&
      holds(one.handover, one.handoverSignature, before.publicKey)
      ? []
      : [`${about}: the signature of the key before it does not hold`]
  })
}

/** Null: signed as it should be, or not signed by a host that had no key. */
export function signatureProblem(one: OutcomeRow, keys: readonly HostKeyRow[]): string | null {
  const ofHost = keys.filter(({ host }) => host === one.host)
  if (one.signed !== null && !statementAgrees(one)) return 'the outcome is not the one that its host stated'
  if (one.signature === null || one.signed === null)
    return ofHost.some(({ since }) => since !== null && since < one.started)
      ? 'its outcome is not signed, and its host signs'
      : null
  const candidates = one.key === null ? ofHost : ofHost.filter(({ fingerprint }) => fingerprint === one.key)
  if (candidates.length === 0) return 'its outcome is signed, and the host has no such public key'
  const key = candidates.find(({ publicKey }) => holds(one.signed!, one.signature!, publicKey))
  if (key === undefined) return 'the signature of its outcome does not hold'
  if ((key.since !== null && key.since > one.utc) || (key.until !== null && key.until < one.started))
    return 'its outcome is signed by a key that its host did not have then'
  if (key.withdrawn && key.until !== null && key.until < one.utc)
    return 'its outcome came after the key that signed it was withdrawn'
  return null
}

/** Statements before version 2 name no attempt, and have fewer fields. */
function statementAgrees(one: OutcomeRow): boolean {
  const told = JSON.parse(one.signed!) as Record<string, unknown>
  return (
    told.ledger === one.ledger &&
    told.evidence === one.evidence &&
    told.analysis === one.analysis &&
    told.exitCode === one.exitCode &&
    told.fence === one.fence &&
    told.host === one.host &&
    told.case === one.case &&
    told.exhibit === one.exhibit &&
    told.order === one.orderDigest &&
    (told.statement !== 2 || (told.attempt === one.attempt && told.head === one.chainHead))
  )
}

function holds(text: string, signature: string, publicKey: string): boolean {
  const key = keyOf(publicKey)
  return key !== null && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}

/** @returns null: the database's value is no key */
function keyOf(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
