/** `seized lab priority|hold|cancel|retry|drain`: what persons order, each with a reason in the audit. */
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { PRIORITIES, type Priority } from '../../lab/manifest/manifest.ts'
import { drain as drainHost, type Order, order } from '../../lab/queue/control.ts'
import type { Given } from '../arguments/option.ts'
import type { LAB_DRAIN, LAB_HOLD, LAB_ORDER } from '../arguments/options-table.ts'
import { withDatabase } from './lab.ts'

type Ordered = Given<typeof LAB_ORDER>

export async function priority([which, word]: readonly string[], given: Ordered): Promise<number> {
  if (!Object.hasOwn(PRIORITIES, word!))
    throw new UsageError(`A priority is one of ${Object.keys(PRIORITIES).join(', ')}; "${word}" is none.`)
  return ordered(which!, { kind: 'priority', priority: word as Priority }, given)
}

export function hold([which]: readonly string[], given: Given<typeof LAB_HOLD>): Promise<number> {
  return ordered(which!, { kind: given.release ? 'release' : 'hold' }, given)
}

export function cancel([which]: readonly string[], given: Ordered): Promise<number> {
  return ordered(which!, { kind: 'cancel' }, given)
}

export function retry([which]: readonly string[], given: Ordered): Promise<number> {
  return ordered(which!, { kind: 'retry' }, given)
}

function ordered(which: string, what: Order, { reason, config }: Ordered): Promise<number> {
  return withDatabase(config, async (database) => {
    const id = await order(database, which, what, reason)
    process.stdout.write(`${id}  ${which}: ${what.kind}\n`)
    return EXIT.complete
  })
}

export function drain([host]: readonly string[], given: Given<typeof LAB_DRAIN>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    await drainHost(database, host!, !given.end, given.until ?? null)
    process.stdout.write(`${host}: ${given.end ? 'takes work again' : 'takes no more work'}\n`)
    return EXIT.complete
  })
}
