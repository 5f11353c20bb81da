/** Which exhibit a host takes next, and which it makes room for. */
import type { Asker } from './database.ts'

export interface Claimed {
  /** The laboratory's id, which a restore changes. */
  readonly lab: string
  /** Random, of this attempt alone. */
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

/** The most urgent that this host may take; null when there is none, or the host is drained. */
export async function claim(asker: Asker, { memoryGB, leaseMs, graceMs }: Claimer): Promise<Claimed | null> {
  const [row] = await asker.rows<{ claimed: Claimed | null }>('SELECT lab.claim($1, $2, $3) AS claimed', [
    memoryGB,
    leaseMs,
    graceMs,
  ])
  return row?.claimed ?? null
}

/** Of an exhibit that waits for room: more urgent than anything that runs here. It is kept for this host. */
export async function callUrgent(asker: Asker, { memoryGB }: Claimer, above: number): Promise<boolean> {
  const [row] = await asker.rows<{ called: boolean }>('SELECT lab.call_urgent($1, $2) AS called', [
    memoryGB,
    above,
  ])
  return row?.called ?? false
}
