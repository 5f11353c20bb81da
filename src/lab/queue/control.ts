/** What persons order: first, later, not at all, again; each with a reason, in the audit under the name of the login. */
import { UsageError } from '../../base/errors.ts'
import { PRIORITIES, type Priority } from '../manifest/manifest.ts'
import type { Asker, Database } from './database.ts'
import { note } from './note.ts'

export type Order =
  | { readonly kind: 'priority'; readonly priority: Priority }
  | { readonly kind: 'hold' | 'release' | 'cancel' | 'retry' }

/** @param which `CASE/EXHIBIT`, or its number. @throws UsageError when there is none, or the order does not fit its state */
export function order(database: Database, which: string, what: Order, reason: string): Promise<string> {
  return database.transaction(async (asker) => {
    const { id, state, held } = await found(asker, which)
    const refuse = (why: string): never => {
      throw new UsageError(`${which} is ${held ? 'held' : state}: ${why}.`)
    }
    switch (what.kind) {
      case 'priority':
        if (state !== 'waiting' && state !== 'claimed') refuse('it does not wait any more')
        await asker.rows('UPDATE lab.exhibit SET priority = $2, asked = now() WHERE id = $1', [
          id,
          PRIORITIES[what.priority],
        ])
        break
      case 'hold':
        if (state !== 'waiting' && state !== 'claimed') refuse('there is nothing to hold')
        await asker.rows('UPDATE lab.exhibit SET held = true WHERE id = $1', [id])
        await wanted(asker, id, 'pause')
        break
      case 'release':
        if (!held) refuse('it is not held')
        await asker.rows('UPDATE lab.exhibit SET held = false WHERE id = $1', [id])
        break
      case 'cancel':
        if (state === 'finished' || state === 'cancelled') refuse('there is nothing to cancel')
        await asker.rows("UPDATE lab.exhibit SET state = 'cancelled' WHERE id = $1", [id])
        await wanted(asker, id, 'cancel')
        break
      case 'retry':
        if (state === 'waiting' || state === 'claimed' || state === 'finished')
          refuse('only what failed, needs a person or was cancelled is tried again')
        await asker.rows(
          "UPDATE lab.exhibit SET state = 'waiting', tries = 0, not_before = now(), asked = now() WHERE id = $1",
          [id],
        )
    }
    await note(asker, what.kind, {
      id,
      ...(what.kind === 'priority' ? { priority: what.priority } : {}),
      reason,
    })
    return id
  })
}

async function found(asker: Asker, which: string) {
  const [caseId, exhibit] = which.split('/')
  const rows = await asker.rows<{ id: string; state: string; held: boolean }>(
    exhibit === undefined
      ? 'SELECT id, state, held FROM lab.exhibit WHERE id::text = $1 FOR UPDATE'
      : "SELECT id, state, held FROM lab.exhibit WHERE case_id = $1 AND name = $2 ORDER BY state = 'cancelled', id DESC LIMIT 1 FOR UPDATE",
    exhibit === undefined ? [which] : [caseId, exhibit],
  )
  if (rows[0] === undefined)
    throw new UsageError(`There is no exhibit ${which}: name it as CASE/EXHIBIT, or by its number.`)
  return rows[0]
}

/** Whoever is at work on it is asked to end. */
async function wanted(asker: Asker, id: string, what: 'pause' | 'cancel'): Promise<void> {
  await asker.rows('UPDATE lab.attempt SET wanted = $2 WHERE exhibit = $1 AND ended IS NULL', [id, what])
}

/** A host that is drained ends what it has and takes nothing more. @param until ISO-8601; null: until that is undone */
export function drain(
  database: Database,
  host: string,
  drained: boolean,
  until: string | null,
): Promise<void> {
  return database.transaction(async (asker) => {
    const rows = await asker.rows(
      'UPDATE lab.host SET drained = $2, drained_until = $3 WHERE name = $1 RETURNING name',
      [host, drained, until],
    )
    if (rows.length === 0) throw new UsageError(`There is no host ${host}: seized lab status names them.`)
    await note(asker, drained ? 'drained' : 'undrained', { host, ...(until === null ? {} : { until }) })
  })
}
