/**
 * What an output leaves out of what a ledger says of a content, by kind of finding, each with the reason in a sentence for whoever relies
 * on that output. A suite holds every exporter to it: what is not named here stands in what it writes (docs/reference/exchange.md has the table).
 */
import type { Finding } from '../../contracts/finding.ts'
import { FINDINGS } from '../../findings/index.ts'

/** `record`: what records of the device say of the content. */
export type Told = Finding['kind'] | 'record'

export const TOLD: readonly Told[] = [...FINDINGS.map(({ kind }) => kind), 'record']

export type LeavesOut = Readonly<Partial<Record<Told, string>>>

/** Of an output that is about something else. */
export function leavesOutAll(reason: string): LeavesOut {
  return Object.fromEntries(TOLD.map((kind) => [kind, reason]))
}

export const HASHES_ARE_FOR_MATCHING =
  'Perceptual hashes are kept for matching: the near matches that they lead to stand here.'
