/**
 * Verifies digests of members: another child passes the bytes, and this process hashes them.
 * A container that has taken over a child can make it report any digest, but cannot produce bytes with that
 * digest.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Limits } from '../../contracts/case.ts'
import type { Content, Digests } from '../../contracts/content.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { newDigester } from '../../hash/digest.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { JobPool } from './job-pool.ts'
import type { Target } from './open-answers.ts'
import { derivedBytes, derivedPieces, type Outer, type PieceTaker } from './open-request.ts'

export interface Claim {
  /** The container in which the member was found. */
  readonly within: Target
  readonly path: EvidencePath
  readonly content: Content
}

/** Hashed between two turns of the event loop. */
const SLICE_BYTES = 8 << 20

/**
 * @param pool pool whose children opened none of these containers
 * @returns failures of the claims that could not be confirmed
 */
export async function verifyDigests(
  pool: JobPool,
  outer: Outer,
  claims: readonly Claim[],
  limits: Limits,
): Promise<ReadonlyMap<Claim, StageResult>> {
  const left = new Map(claims.map((claim) => [keyOf(claim.path), claim]))
  const refuted = new Map<Claim, StageResult>()
  const confirm = (path: EvidencePath, digests: Digests, sizeBytes: bigint) => {
    const claim = left.get(keyOf(path))
    if (!claim) return
    left.delete(keyOf(path))
    if (!isSame(claim.content, digests, sizeBytes)) refuted.set(claim, DISAGREE)
  }
  // Members that are not kept in memory are passed in pieces.
  const [handed, large] = [[], []] as [Claim[], Claim[]]
  for (const claim of claims)
    (claim.content.sizeBytes <= BigInt(limits.lookBytes) ? handed : large).push(claim)
  let failed: StageResult | null = null
  if (handed.length > 0) {
    const paths = handed.map(({ path }) => path).toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    const result = await derivedBytes(pool, outer, paths, limits, async (path, bytes) =>
      confirm(path, await digestsInSlices(bytes), BigInt(bytes.length)),
    )
    if (result.result !== 'done') failed = result
  }
  for (const { path, content } of large) {
    let taken = new TakenPieces(content.sizeBytes)
    const taker = () => {
      taken = new TakenPieces(content.sizeBytes)
      return taken
    }
    const result = await derivedPieces(pool, outer, path, Number(content.sizeBytes), limits, taker)
    const digests = taken.digests()
    if (digests !== null) confirm(path, digests, content.sizeBytes)
    else if (result.result !== 'done') failed ??= result
  }
  for (const claim of left.values()) refuted.set(claim, failed ?? DISAGREE)
  return refuted
}

const DISAGREE: StageResult = notDone('children-disagree')

function keyOf({ bytes }: EvidencePath): string {
  return bytes.toString('latin1')
}

function isSame(content: Content, digests: Digests, sizeBytes: bigint): boolean {
  const { md5, sha1, sha256, blake3 } = content.digests
  const same = md5 === digests.md5 && sha1 === digests.sha1 && sha256 === digests.sha256
  return same && blake3 === digests.blake3 && content.sizeBytes === sizeBytes
}

async function digestsInSlices(bytes: Buffer): Promise<Digests> {
  const digester = newDigester()
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    digester.update(bytes.subarray(at, at + SLICE_BYTES))
    if (at + SLICE_BYTES < bytes.length) await turn()
  }
  return digester.finish()
}

/** Hashes the bytes of one member of any size. */
class TakenPieces implements PieceTaker {
  readonly #digester = newDigester()
  #leftBytes: bigint
  #isWhole = false

  constructor(sizeBytes: bigint) {
    this.#leftBytes = sizeBytes
  }

  take(piece: Buffer): void {
    this.#leftBytes -= BigInt(piece.length)
    if (this.#leftBytes < 0n || this.#isWhole) throw new ImplausibleReply('more bytes than the member has')
    this.#digester.update(piece)
  }

  whole(): void {
    if (this.#isWhole) throw new ImplausibleReply('the end of a member for a second time')
    this.#isWhole = true
  }

  /** Can be called once. Null: not all bytes arrived. */
  digests(): Digests | null {
    return this.#isWhole && this.#leftBytes === 0n ? this.#digester.finish() : null
  }
}
