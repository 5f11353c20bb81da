/** Words of the pages of batch and lab, one row each. */
import { formatCount } from '../../report/texts/format.ts'
import type { OutcomeState } from '../scan/outcome.ts'

export const STATE_WORDS: Readonly<Record<OutcomeState | 'waiting' | 'running', string>> = {
  waiting: 'waiting',
  running: 'being examined',
  finished: 'examined',
  paused: 'paused',
  'try-again': 'try again',
  'needs-person': 'needs a person',
  failed: 'failed',
}

const RESULT_WORDS: Readonly<Record<number, string>> = {
  0: 'nothing found, complete',
  3: 'nothing found, coverage incomplete',
  10: 'findings, complete',
  13: 'findings, coverage incomplete',
}

/** Findings, and remarks that a person must know. A finished exhibit has both where its hash was not checked. */
export function resultWords({
  exitCode,
  message,
}: {
  readonly exitCode: number | null
  readonly message: string | null
}): string {
  const found = exitCode === null ? undefined : RESULT_WORDS[exitCode]
  return [found, message].filter((one) => one !== undefined && one !== null && one !== '').join('. ')
}

/** Counts as a table shows them. */
export const COUNT_WORDS = {
  entries: 'entries',
  hits: 'contents with hits',
  near: 'near matches',
  references: 'references',
  leads: 'contents with leads',
} as const

export const PAGE_WORDS = {
  title: 'Batch',
  case: 'case',
  examiner: 'examiner',
  manifest: 'SHA-256 of the manifest',
  written: 'written',
  exhibit: 'exhibit',
  state: 'state',
  result: 'result',
  ledger: 'SHA-256 of the ledger',
  soFar: (hits: number, leads: number) => `so far ${hits} contents with hits, ${leads} with leads`,
  leads: (leads: number, last: number) => `${formatCount(leads)}, and ${formatCount(last)} put last`,
  counted: (done: number, all: number) => `${done} of ${all} examined`,
  caution: 'Counts say how much a person has to look at, never what an exhibit shows.',
} as const
