/** Joins a database with its companion files, as one message to a child. */
import type { Content } from '../../contracts/content.ts'
import type { CompanionFiles, CompanionSizes } from '../../wire/companion-files.ts'
import { givenOf, type Handed, isHanded } from './feeder.ts'
import type { Job } from './job.ts'

export interface Joined {
  readonly sizes: CompanionSizes
  /** Of all together. */
  readonly sizeBytes: number
  /** Of the job. */
  readonly given: Pick<Job, 'bytes' | 'handed' | 'sha256'>
}

export function withCompanionFiles(
  content: Content,
  source: Buffer | Handed,
  { log, journal, companion = null }: CompanionFiles,
): Joined {
  const beside = [log, journal, companion].filter((one) => one !== null)
  const sizes = {
    logBytes: log?.length ?? 0,
    journalBytes: journal?.length ?? 0,
    companionBytes: companion?.length ?? 0,
  }
  const sizeBytes = beside.reduce((sum, one) => sum + one.length, Number(content.sizeBytes))
  if (beside.length === 0)
    return { sizes, sizeBytes, given: { ...givenOf(source), sha256: content.digests.sha256 } }
  if (isHanded(source)) throw new TypeError('what has a log beside it comes as bytes')
  // Several joined contents have no digest in the ledger; each was checked when it was read.
  return { sizes, sizeBytes, given: { bytes: Buffer.concat([source, ...beside]), sha256: null } }
}

/** True where the content must be sent as bytes, to be joined with its companion files. */
export function hasLogs({ log, journal, companion = null }: CompanionFiles): boolean {
  return log !== null || journal !== null || companion !== null
}
