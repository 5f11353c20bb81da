/**
 * Makes entries from thumbnails that the media analysis found. A compromised child can report any digest. So another
 * child extracts every thumbnail with a hit, and a share of the others, and the main process hashes them before
 * anything is written.
 */
import { bareEntry } from '../base/bare-entry.ts'
import { childPath } from '../base/evidence-path.ts'
import type { Limits } from '../contracts/case.ts'
import type { DerivedRecord, PendingContent } from '../contracts/ledger.ts'
import type { StageResult } from '../contracts/stage.ts'
import type { Looked } from '../host/decoder/look-request.ts'
import { budgetOf } from '../host/decoder/open-request.ts'
import { isMadeAgain } from './digest-verification.ts'
import type { Examined } from './each-content.ts'
import type { LookLists, Unfolder } from './parts.ts'
import type { OpenOuter } from './top-level.ts'

export interface Confirming {
  readonly match: LookLists['match']
  readonly children: Pick<Unfolder, 'verifyDigests'>
  readonly limits: Limits
  /** Digest of the plan: a child cannot predict which digests are verified. */
  readonly seed: string
  /** The top-level file that contains the picture, read again. */
  readonly outer: () => Promise<OpenOuter | StageResult>
}

/** Adds thumbnails as derived entries. If a digest is not confirmed, the whole analysis of the picture is discarded. */
export async function withThumbnails(
  parent: PendingContent,
  looked: Looked,
  confirming: Confirming,
): Promise<Examined> {
  const { thumbnails, ...examination } = looked
  if (thumbnails.length === 0) return examination
  const derived = thumbnails.map(({ name, content }) => derivedOf(parent, name, content, confirming))
  const refuted = await refutedBy(parent, derived, confirming)
  return refuted
    ? { stage: looked.stage, result: refuted, findings: [], preview: null }
    : { ...examination, derived }
}

type Found = DerivedRecord & { readonly match: NonNullable<DerivedRecord['match']> }

function derivedOf(
  { path, band }: PendingContent,
  name: Buffer,
  content: Looked['thumbnails'][number]['content'],
  { match }: Confirming,
): Found {
  const { sizeBytes } = content
  const entry = bareEntry({ path: childPath(path, 'thumbnail', name), kind: 'file', sizeBytes, band })
  return {
    entry,
    outcome: { result: { result: 'done' }, content, bytesRead: sizeBytes },
    match: match(content),
  }
}

async function refutedBy(
  { path, content: container }: PendingContent,
  derived: readonly Found[],
  { children, limits, seed, outer }: Confirming,
): Promise<StageResult | null> {
  const budget = budgetOf(limits, { entries: 0, bytes: 0n })
  const claims = derived.flatMap(({ entry, outcome: { content }, match }) =>
    content !== null && isMadeAgain(seed, entry.path.bytes, match)
      ? [{ within: { path, budget, packedBytes: Number(container.sizeBytes) }, path: entry.path, content }]
      : [],
  )
  if (claims.length === 0) return null
  const opened = await outer()
  if ('result' in opened) return opened
  const again = children.verifyDigests(opened, claims)
  const changed = await again.then(opened.release, opened.release)
  const [refuted] = (await again).values()
  return changed ?? refuted ?? null
}
