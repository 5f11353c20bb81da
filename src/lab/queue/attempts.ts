/** One attempt of one host at one exhibit, while it lasts and when it ends without a result. */
import type { Outcome } from '../scan/outcome.ts'
import type { Claimed } from './claim.ts'
import type { Asker } from './database.ts'

type Attempt = Pick<Claimed, 'attempt'>

export interface Renewed {
  /** False: another attempt began, or the laboratory no longer waits for this one. */
  readonly isOurs: boolean
  readonly wanted: 'pause' | 'cancel' | null
}

export async function renew(asker: Asker, { attempt }: Attempt, progress: object | null): Promise<Renewed> {
  const [row] = await asker.rows<{ renewed: { wanted: Renewed['wanted'] } | null }>(
    'SELECT lab.renew($1, $2) AS renewed',
    [attempt, progress === null ? null : JSON.stringify(progress)],
  )
  const renewed = row?.renewed ?? null
  return { isOurs: renewed !== null, wanted: renewed?.wanted ?? null }
}

export async function setState(
  asker: Asker,
  { attempt }: Attempt,
  state: 'scanning' | 'collecting',
): Promise<void> {
  await asker.rows('SELECT lab.set_state($1, $2)', [attempt, state])
}

/**
 * Ends attempts of any host whose lease is over. Their exhibits wait for that host until its grace ends, then for any
 * host.
 */
export async function reap(asker: Asker): Promise<void> {
  await asker.rows('SELECT lab.reap()')
}

/** Ends an attempt that has no result. */
export async function giveBack(
  asker: Asker,
  { attempt }: Attempt,
  { state, code, message }: Pick<Outcome, 'state' | 'code' | 'message'>,
): Promise<void> {
  await asker.rows('SELECT lab.give_back($1, $2, $3, $4)', [attempt, state, code, message])
}

/** An exhibit that this host cannot take waits for others. */
export async function refuse(asker: Asker, { attempt }: Attempt, why: string): Promise<void> {
  await asker.rows('SELECT lab.refuse($1, $2)', [attempt, why])
}
