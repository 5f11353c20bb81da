/** The accelerator that a run was given: that this host has it, that a confined process reaches it, and that a ledger goes on with its own. */
import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../base/errors.ts'
import { printable } from '../../base/printable.ts'
import type { Accelerator, AcceleratorName } from '../../contracts/accelerator.ts'
import type { Plan } from '../../contracts/case.ts'
import { ChildStartFailed } from '../../host/decoder/child-starter.ts'
import { ownAccelerator } from '../../host/decoder/own-accelerator.ts'
import { ChildPool } from '../../host/decoder/pool.ts'

/** @throws UsageError where this host has none of that name */
export function acceleratorOf(name: AcceleratorName | undefined): Accelerator | null {
  return name === undefined ? null : ownAccelerator(name)
}

/**
 * Starts one process that decodes, with models and decoders of the plan, before anything of the exhibit is read.
 * @throws UsageError with its last words where it does not start: nothing falls back to the main processor
 */
export async function tryAccelerator(plan: Plan, allowUnconfined: boolean): Promise<void> {
  const { accelerator } = plan.options
  if (!accelerator) return
  try {
    const pool = await ChildPool.start({ workers: 1, plan, allowUnconfined })
    await pool.close()
  } catch (error) {
    if (!(error instanceof ChildStartFailed)) throw error
    throw new UsageError(
      `A process that decodes cannot use ${accelerator.name} on this host: ${printable(error.said, 400)}. Nothing was examined. Leave the accelerator out, or make it reachable.`,
      { cause: error },
    )
  }
}

/** @throws UsageError where a ledger was begun on another class of processor */
export function requireSameAccelerator(before: Accelerator | null, now: Accelerator | null): void {
  if (isDeepStrictEqual(before, now)) return
  throw new UsageError(
    `The ledger was begun ${inWords(before)}, and this run is ${inWords(now)}: results of two classes of processor never stand in one ledger. Go on where it began, or scan into a new ledger.`,
    { code: 'plan-differs' },
  )
}

function inWords(accelerator: Accelerator | null): string {
  return accelerator === null ? 'without an accelerator' : `with ${accelerator.name} (${accelerator.device})`
}
