/**
 * Thumbnails that a look found become entries. A child that a picture has taken over can say any digest of them: what a list speaks
 * of, and a share of the others, is handed out by another child and hashed here before anything is written.
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
  /** Digest of the plan: what is made again, no child can foresee. */
  readonly seed: string
  /** The file that the picture lies in, read again. */
  readonly outer: () => Promise<OpenOuter | StageResult>
}

/** Where digests cannot be confirmed, nothing that was said of the picture is believed. */
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
  { path }: PendingContent,
  derived: readonly Found[],
  { children, limits, seed, outer }: Confirming,
): Promise<StageResult | null> {
  const budget = budgetOf(limits, { entries: 0, bytes: 0n })
  const claims = derived.flatMap(({ entry, outcome: { content }, match }) =>
    content !== null && isMadeAgain(seed, entry.path.bytes, match)
      ? [{ within: { path, budget }, path: entry.path, content }]
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
