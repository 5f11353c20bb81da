/** Chooses the exhibit that a host takes next, and the one for which it makes room. */
import type { Asker } from './database.ts'

export interface Claimed {
  /** The laboratory's id, which a restore changes. */
  readonly lab: string
  /** Random id of this attempt. */
  readonly attempt: string
  readonly fence: string
  readonly id: string
  readonly n: number
  readonly caseId: string
  readonly exhibit: string
  readonly priority: number
  readonly orderDigest: string
  readonly manifest: string
}

export interface Claimer {
  readonly memoryGB: number
  readonly leaseMs: number
  readonly graceMs: number
}

/** The most urgent exhibit that this host may take; null when there is none, or the host is drained. */
export async function claim(asker: Asker, { memoryGB, leaseMs, graceMs }: Claimer): Promise<Claimed | null> {
  const [row] = await asker.rows<{ claimed: Claimed | null }>('SELECT lab.claim($1, $2, $3) AS claimed', [
    memoryGB,
    leaseMs,
    graceMs,
  ])
  return row?.claimed ?? null
}

/** True where an exhibit waits for room that is more urgent than any that runs here. It is reserved for this host. */
export async function callUrgent(asker: Asker, { memoryGB }: Claimer, above: number): Promise<boolean> {
  const [row] = await asker.rows<{ called: boolean }>('SELECT lab.call_urgent($1, $2) AS called', [
    memoryGB,
    above,
  ])
  return row?.called ?? false
}
