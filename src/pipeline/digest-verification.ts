/** Digest verification: selects digests reported by a child for a second computation before the ledger is written. */
import { createHash } from 'node:crypto'
import type { Content } from '../contracts/content.ts'
import type { MatchResult } from '../contracts/ledger.ts'
import type { StageResult } from '../contracts/stage.ts'
import type { Claim } from '../host/decoder/digest-verification.ts'
import type { Opened, Target } from '../host/decoder/open-answers.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import type { Unfolder } from './parts.ts'

/** Of members that no list contains, one in `SHARE` is verified. */
const SHARE = 100

export interface Matched {
  readonly opened: Opened
  /** In the order of its members. */
  readonly matches: readonly (MatchResult | null)[]
}

export interface Asked {
  readonly match: (content: Content) => MatchResult
  /** Determines which digests are verified. */
  readonly seed: string
  /** Receives the number of members so far. */
  readonly gained?: (members: number) => void
}

/**
 * Opens containers and verifies digests. If a digest is not confirmed, the whole answer about that container is
 * discarded.
 */
export async function openAndCheck(
  children: Unfolder,
  outer: Outer,
  targets: readonly Target[],
  { match, seed, gained }: Asked,
): Promise<Matched[]> {
  const answers = (await children.openAll(outer, targets, gained)).map((opened): Matched => {
    const matches = opened.members.map(({ outcome }) => outcome.content && match(outcome.content))
    return { opened, matches }
  })
  const claims = claimsOf(answers, seed)
  if (claims.length === 0) return answers
  const refuted = new Map<Target, StageResult>()
  for (const [{ within }, result] of await children.verifyDigests(outer, claims)) refuted.set(within, result)
  return answers.map((answer) => {
    const { target } = answer.opened
    const result = refuted.get(target)
    return result ? { opened: { target, members: [], result }, matches: [] } : answer
  })
}

/**
 * Selects every member with a hit or conflict, and a share of the others. A child cannot predict the selection: the
 * seed is the digest of the plan, which names the lists. A resumed run selects the same members.
 */
function claimsOf(answers: readonly Matched[], seed: string): Claim[] {
  return answers.flatMap(({ opened, matches }) =>
    opened.members.flatMap(({ entry, outcome }, i): Claim[] => {
      const { content } = outcome
      if (content === null || content.sizeBytes === 0n) return []
      if (!isMadeAgain(seed, entry.path.bytes, matches[i] ?? null)) return []
      return [{ within: opened.target, path: entry.path, content }]
    }),
  )
}

/** @param match hits and conflicts of the digests that a child reported */
export function isMadeAgain(seed: string, path: Buffer, match: MatchResult | null): boolean {
  const listed = match !== null && match.hits.length + match.conflicts.length > 0
  return listed || isDrawn(seed, path)
}

function isDrawn(seed: string, path: Buffer): boolean {
  return (
    createHash('sha256').update(`made again\0${seed}\0`).update(path).digest().readUInt32BE(0) % SHARE === 0
  )
}
