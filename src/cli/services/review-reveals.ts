/** The parts that reveals need: the exhibit opened as in a scan, reader processes, and separate confined children. */
import { JobPool } from '../../host/decoder/job-pool.ts'
import { Reveals } from '../../review/reveals.ts'
import { SeenToday } from '../../review/seen-today.ts'
import type { ReviewSession } from '../../review/session.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { secretsFor } from './keys-again.ts'
import { allowedBy, openExhibit, refuseOutputInside } from './open-exhibit.ts'
import { verifiedLedgersWithLogs } from './verified-logs.ts'

export interface OpenReveals {
  readonly reveals: Reveals
  close(): Promise<void>
}

const MINUTE_MS = 60_000

/**
 * Null when no exhibit was named. @throws UsageError where children cannot be confined, or the exhibit cannot be
 * opened
 */
export async function openReveals(
  session: ReviewSession,
  given: Given<typeof REVIEW>,
): Promise<OpenReveals | null> {
  const path = given.image ?? given.exhibit
  if (path === undefined) return null
  const seen = await seenToday(session, given)
  const opened = await openExhibit(
    path,
    allowedBy(given),
    undefined,
    secretsFor(session.ledger.plan, given.keys),
  )
  refuseOutputInside(opened.exhibit, session.ledger.path, 'The ledger')
  const { limits } = session.ledger.plan
  const common = {
    size: 1,
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined: given.allowUnconfined,
  }
  // One job for each child: all its memory is freed when it ends.
  const decoders = new JobPool({ ...common, ops: ['reveal'], jobsPerChild: 1 })
  const openers = new JobPool({ ...common, ops: ['open'], jobsPerChild: 1 })
  try {
    await decoders.confinement()
  } catch (error) {
    await Promise.all([decoders.close(), openers.close()])
    throw error
  }
  const reveals = new Reveals(session, {
    exhibit: { openers, startReaders: () => opened.startReaders(1, limits, false) },
    decoders,
    limits: {
      pictures: given.maxReveals ?? null,
      shownMs: given.maxMinutes === undefined ? null : given.maxMinutes * MINUTE_MS,
    },
    seen,
    mostMs: given.revealSeconds * 1000,
  })
  return {
    reveals,
    close: async () => {
      await Promise.all([decoders.close(), openers.close()])
    },
  }
}

/**
 * Counts over this ledger, which is already verified, and the named ledgers, which are verified now as in `seized
 * exposure`.
 */
async function seenToday(
  { ledger, asked }: ReviewSession,
  { countAlso, heads }: Given<typeof REVIEW>,
): Promise<SeenToday> {
  const also = countAlso.length === 0 ? [] : await verifiedLedgersWithLogs(countAlso, heads)
  const ledgers = [...new Set([ledger.path, ...also])]
  return new SeenToday(ledgers, asked.operator, ledger.case.timezone)
}
