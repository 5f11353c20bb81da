/**
 * `seized lab priority|hold|cancel|retry|take-back|settle|archive|host|drain`: orders of persons, each recorded in the audit
 * with a reason.
 */
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { PRIORITIES, type Priority } from '../../lab/manifest/manifest.ts'
import {
  archive as archiveEnded,
  drain as drainHost,
  newMachine,
  type Order,
  order,
  settle as settleAside,
  takeBack as takeResultBack,
  withdrawKey,
} from '../../lab/queue/control.ts'
import { plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { LAB_ARCHIVE, LAB_DRAIN, LAB_HOLD, LAB_HOST, LAB_ORDER } from '../arguments/options-table.ts'
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

export function takeBack([which]: readonly string[], { reason, config }: Ordered): Promise<number> {
  return withDatabase(config, async (database) => {
    const id = await takeResultBack(database, which!, reason)
    process.stdout.write(
      `${id}  ${which}: its result is kept and counts no longer; it needs a person (lab retry)\n`,
    )
    return EXIT.complete
  })
}

export function settle([which]: readonly string[], { reason, config }: Ordered): Promise<number> {
  if (!/^[1-9]\d{0,17}$/.test(which!))
    throw new UsageError(`A result that waits aside is named by its number; "${which}" is none.`)
  return withDatabase(config, async (database) => {
    await settleAside(database, which!, reason)
    process.stdout.write(`${which}: settled\n`)
    return EXIT.complete
  })
}

export function archive(_: readonly string[], given: Given<typeof LAB_ARCHIVE>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const count = await archiveEnded(database, given.before, given.reason)
    process.stdout.write(`${plural(count, 'exhibit')} archived: lab status --all still names them\n`)
    return EXIT.complete
  })
}

export function host([name]: readonly string[], given: Given<typeof LAB_HOST>): Promise<number> {
  if (given.withdrawKey === given.newMachine)
    throw new UsageError('lab host takes --withdraw-key or --new-machine, one of the two.')
  return withDatabase(given.config, async (database) => {
    await (given.withdrawKey ? withdrawKey : newMachine)(database, name!, given.reason)
    process.stdout.write(
      given.withdrawKey
        ? `${name}: its signing key is withdrawn; the next that it shows is enrolled\n`
        : `${name}: the next machine that has this name is taken for it\n`,
    )
    return EXIT.complete
  })
}
