/** Transcripts are the same on one class of processor: the plan names it, and a ledger goes on only where its class is. */
import { UsageError } from '../../base/errors.ts'
import { machineClass } from '../../classify/machine-class.ts'
import type { ModelUse, PlanOptions } from '../../contracts/case.ts'
import { transcribesSpeech } from '../../contracts/speech.ts'

type Stated = Pick<PlanOptions, 'transcribedOn'>

/** Of a new plan. */
export function transcriptClass(models: readonly ModelUse[]): Stated {
  return transcribesSpeech({ models }) ? { transcribedOn: machineClass() } : {}
}

/** @throws UsageError where a ledger was begun on another class of processor */
export function requireSameMachine({ transcribedOn: before }: Stated, models: readonly ModelUse[]): void {
  const { transcribedOn: now } = transcriptClass(models)
  if (before === undefined || before === now) return
  throw new UsageError(
    `The ledger was begun on a processor of the class ${before}, and this one is ${now}: transcripts of two classes never stand in one ledger. Go on where it began, or scan into a new ledger.`,
    { code: 'plan-differs' },
  )
}
