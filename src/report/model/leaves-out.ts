/**
 * Kinds of finding that an output leaves out, each with the reason in one sentence for people who rely on that output.
 * A test suite checks every exporter: each kind that is not named here must be in its output
 * (docs/reference/exchange.md has the table).
 */
import type { Finding } from '../../contracts/finding.ts'
import { FINDINGS } from '../../findings/index.ts'

/** `record`: device records that concern the content. */
export type Told = Finding['kind'] | 'record'

export const TOLD: readonly Told[] = [...FINDINGS.map(({ kind }) => kind), 'record']

export type LeavesOut = Readonly<Partial<Record<Told, string>>>

/** For an output with another purpose: leaves out all kinds. */
export function leavesOutAll(reason: string): LeavesOut {
  return Object.fromEntries(TOLD.map((kind) => [kind, reason]))
}

export const HASHES_ARE_FOR_MATCHING =
  'Perceptual hashes are kept for matching: the near matches that they lead to stand here.'
