/** Whether the secrets of a resumed run open the locked files that its first secrets opened: a member of each is read again. */
import { UsageError } from '../../base/errors.ts'
import { listedName, printText } from '../../base/evidence-path.ts'
import type { Plan } from '../../contracts/case.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Secret } from '../../contracts/lock.ts'
import { keepSecrets } from '../../host/decoder/file-keys.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { ContentLookup } from '../../ledger/read/content-lookup.ts'
import { openedFiles } from '../../ledger/read/opened-files.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import { readAgain } from '../../review/exhibit-contents.ts'
import type { OpenExhibit } from './open-exhibit.ts'

export interface Again {
  readonly ledger: string
  readonly plan: Plan
  readonly opened: OpenExhibit
  readonly secrets: readonly Secret[]
  readonly allowUnconfined: boolean
}

/**
 * For each format and secret of the run one locked file is opened, the smallest. Another secret that opens it is as good.
 * @throws UsageError that names a file which no secret opens now
 */
export async function requireSameFilesOpened({ ledger, plan, secrets, ...of }: Again): Promise<void> {
  const files = openedFiles(ledger)
  if (files.length === 0) return
  const { limits } = plan
  const readers = of.opened.startReaders(1, limits, false)
  const openers = new JobPool({
    size: 1,
    dataBytes: limits.childDataBytes,
    cpuMs: limits.decodeCpuMs,
    allowUnconfined: of.allowUnconfined,
    ops: ['open'],
  })
  keepSecrets(openers, secrets)
  const [lookup, facts] = [new ContentLookup(ledger), new SearchFacts(ledger, plan)]
  const listedAt = (path: EvidencePath) => {
    const entry = lookup.entryAt(path)
    return entry === null ? null : facts.view(entry)
  }
  try {
    for (const { secret, member } of files) {
      const view = facts.view(member)
      const read = await readAgain({ readers, openers, limits, listedAt }, [view])
      if ('refused' in read)
        throw new UsageError(
          `No secret of the keys file opens the locked file ${printText(listedName(view.entry.path).toString('utf8'))} (or one inside it), which secret ${secret} opened when the run began. Give the keys that it began with, or scan into a new ledger. Nothing was examined.`,
          { code: 'keys-missing' },
        )
      read.bytes.fill(0)
    }
  } finally {
    await Promise.all([readers.close(), openers.close()])
    lookup.close()
    facts.close()
  }
}
