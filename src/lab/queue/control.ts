/** Orders of persons: first, later, not at all, again. Each has a reason, in the audit under the name of the login. */
import { PRIORITIES, type Priority } from '../manifest/manifest.ts'
import type { Asker } from './database.ts'

export type Order =
  | { readonly kind: 'priority'; readonly priority: Priority }
  | { readonly kind: 'hold' | 'release' | 'cancel' | 'retry' }

/**
 * @param which `CASE/EXHIBIT`, or its number. @throws the database's error where there is no such exhibit, or the order
 *   does not fit its state
 */
export async function order(asker: Asker, which: string, what: Order, reason: string): Promise<string> {
  const priority = what.kind === 'priority' ? what.priority : null
  const [row] = await asker.rows<{ id: string }>('SELECT lab.order_exhibit($1, $2, $3, $4, $5)::text AS id', [
    ...[which, what.kind, priority, priority === null ? null : PRIORITIES[priority], reason],
  ])
  return row!.id
}

/** Invalidates a wrong booked result. It is kept, and the exhibit waits for a person. @returns number of the exhibit */
export async function takeBack(asker: Asker, which: string, reason: string): Promise<string> {
  const [row] = await asker.rows<{ id: string }>('SELECT lab.take_back($1, $2)::text AS id', [which, reason])
  return row!.id
}

/** Settles a result that fits no attempt: it is no longer shown as ALARM. */
export async function settle(asker: Asker, aside: string, reason: string): Promise<void> {
  await asker.rows('SELECT lab.settle($1, $2)', [aside, reason])
}

/**
 * Takes exhibits that ended before that moment out of the daily status. @param before ISO-8601. @returns number of
 * exhibits
 */
export async function archive(asker: Asker, before: string, reason: string): Promise<number> {
  const [row] = await asker.rows<{ n: string }>('SELECT lab.archive($1, $2)::text AS n', [before, reason])
  return Number(row!.n)
}

/** A drained host finishes its exhibits and takes no further ones. @param until ISO-8601; null: until it is undone */
export async function drain(
  asker: Asker,
  host: string,
  drained: boolean,
  until: string | null,
): Promise<void> {
  await asker.rows('SELECT lab.drain($1, $2, $3)', [host, drained, until])
}

/** The host's key was lost or stolen: no result that comes from now on is booked under it. */
export async function withdrawKey(asker: Asker, host: string, reason: string): Promise<void> {
  await asker.rows('SELECT lab.withdraw_key($1, $2)', [host, reason])
}

/** Another machine takes over the name of a host. */
export async function newMachine(asker: Asker, host: string, reason: string): Promise<void> {
  await asker.rows('SELECT lab.new_machine($1, $2)', [host, reason])
}
