/** The lock of a volume as a remark of a ledger: public facts, never a secret. */
import type { Lock } from '../../contracts/lock.ts'

export const LOCK_REMARK = 'lock'

/** Parameters of the remark; its volume stands in a column. */
export function lockParams({ volume: _volume, ...lock }: Lock): Omit<Lock, 'volume'> {
  return lock
}
