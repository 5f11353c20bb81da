/** Outcome of one exhibit on one machine; every run ends in exactly one of these. */
import { EXIT } from '../../base/exit-codes.ts'
import { IMAGE_STATES, type ImageStateKind } from '../../contracts/image-state.ts'
import { INCOMPLETE, type IncompleteCode } from '../../contracts/incomplete.ts'
import type { Ended } from './own-program.ts'

/**
 * `finished`: examined, exit code 0, 3, 10 or 13. `paused`: can be resumed. `try-again`: the order is right, the
 * machine or network is not.
 * `needs-person`: the order cannot succeed as it is. `failed`: the program ended with a bug.
 */
export const OUTCOME_STATES = ['finished', 'paused', 'try-again', 'needs-person', 'failed'] as const
export type OutcomeState = (typeof OUTCOME_STATES)[number]

/** Counts of a summary that a laboratory uses; none names anything on the exhibit. */
const COUNTS = [
  'entries',
  'contents',
  'hits',
  'conflicts',
  'near',
  'references',
  'leads',
  'leadsPutLast',
  'complete',
] as const

export interface Outcome {
  readonly state: OutcomeState
  /** Exit code; null when a signal ended the process, or none was started. */
  readonly exitCode: number | null
  /** Reason of an unfinished one: an error's code, `killed`, `stalled`, `no-room`. */
  readonly code: string | null
  /** A sentence for a person; null for a finished one without remarks. */
  readonly message: string | null
  readonly evidenceDigest: string | null
  readonly analysisDigest: string | null
  readonly chainHead: string | null
  readonly ledgerSha256: string | null
  readonly counts: Readonly<Record<string, number | boolean>>
  /** Result of comparing the image with its acquisition (contracts/image-state.ts); null where it is unknown. */
  readonly image: ImageStateKind | null
  /** Reasons why the examination is not complete. */
  readonly incomplete: readonly IncompleteCode[]
}

const EXAMINED: readonly number[] = [EXIT.complete, EXIT.incomplete, EXIT.findings, EXIT.findingsIncomplete]

export function withoutResult(
  state: OutcomeState,
  code: string,
  message: string,
  exitCode: number | null = null,
): Outcome {
  return {
    state,
    exitCode,
    code,
    message,
    evidenceDigest: null,
    analysisDigest: null,
    chainHead: null,
    ledgerSha256: null,
    counts: {},
    image: null,
    incomplete: [],
  }
}

/** @param of case and exhibit that the ledger must name: the file may belong to another exhibit */
export function outcomeOf(
  { code, signal, events, stderr }: Ended,
  of: { readonly caseId: string; readonly exhibitId: string; readonly acquisitionHash: string | null },
): Outcome {
  const last = events.at(-1) ?? {}
  const said = textOf(last.message) ?? stderr.trim().split('\n').at(-1) ?? ''
  if (signal !== null) return withoutResult('failed', 'killed', `The scan was ended by ${signal}.`)
  if (code !== null && EXAMINED.includes(code) && last.event === 'summary') {
    if (last.case !== of.caseId || last.exhibit !== of.exhibitId)
      return withoutResult(
        'needs-person',
        'exhibit-differs',
        `The ledger that lies there is of case ${last.case}, exhibit ${last.exhibit}: move it away.`,
        code,
      )
    return finished(code, last, of.acquisitionHash)
  }
  if (code === EXIT.interrupted) return withoutResult('paused', 'paused', 'The scan was paused.', code)
  const why = textOf(last.code) ?? 'bug'
  if (code === EXIT.tryAgain) return withoutResult('try-again', why, said, code)
  if (code === EXIT.usage || code === EXIT.ledgerDamaged)
    return withoutResult('needs-person', why, said, code)
  return withoutResult('failed', why, said || 'The scan ended without a word.', code)
}

function finished(
  exitCode: number,
  summary: Readonly<Record<string, unknown>>,
  acquisitionHash: string | null,
): Outcome {
  const image = IMAGE_STATES.find(
    (kind) => kind === (summary.image as { state?: unknown } | undefined)?.state,
  )
  const incomplete = Array.isArray(summary.incomplete) ? summary.incomplete : []
  return {
    state: 'finished',
    exitCode,
    code: null,
    message: hashRemark(acquisitionHash, image ?? null),
    evidenceDigest: textOf(summary.evidenceDigest),
    analysisDigest: textOf(summary.analysisDigest),
    chainHead: textOf(summary.chainHead),
    ledgerSha256: textOf(summary.ledgerSha256),
    counts: Object.fromEntries(
      COUNTS.flatMap((name) => {
        const value = summary[name]
        return typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : []
      }),
    ),
    image: image ?? null,
    incomplete: INCOMPLETE.filter((code) => incomplete.includes(code)),
  }
}

/** A hash in the order was compared; otherwise the outcome states that it was not. */
function hashRemark(acquisitionHash: string | null, image: ImageStateKind | null): string | null {
  if (acquisitionHash === null || image === 'agrees') return null
  return image === 'differs'
    ? 'The acquisition hash of the manifest is not that of the image, which was examined all the same.'
    : 'The acquisition hash of the manifest was not checked: the image was not read as a whole, or it is damaged ("verifyImage" of the profile).'
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Exit code of all outcomes: first those that need a person, then those that may succeed later, then findings. */
export function exitCodeOfAll(outcomes: readonly Pick<Outcome, 'state' | 'exitCode'>[]): number {
  const has = (state: OutcomeState) => outcomes.some((one) => one.state === state)
  if (has('paused')) return EXIT.interrupted
  if (has('failed')) return EXIT.bug
  if (has('needs-person')) return EXIT.usage
  if (has('try-again')) return EXIT.tryAgain
  const codes = outcomes.map(({ exitCode }) => exitCode)
  const found = codes.some((code) => code === EXIT.findings || code === EXIT.findingsIncomplete)
  const incomplete = codes.some((code) => code === EXIT.incomplete || code === EXIT.findingsIncomplete)
  if (found) return incomplete ? EXIT.findingsIncomplete : EXIT.findings
  return incomplete ? EXIT.incomplete : EXIT.complete
}
