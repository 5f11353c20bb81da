/** Parts of the program that take part in a run, and their digest. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { PartsDamaged } from '../base/errors.ts'
import { programFile } from '../base/program-file.ts'
import { trace } from '../base/trace.ts'
import { SMALL_CODE_RANGE } from '../process/code-range.ts'
import { type PartsDigest, rememberedParts } from './digest-parts.ts'
import { cacheFile } from './parts-cache.ts'

/**
 * From what is remembered of an earlier run, as long as nothing changed: to start a thread costs more than to ask. Otherwise it
 * begins at once, beside the caller; rejects when a part cannot be read, and as PartsDamaged when one is not what its package holds.
 */
export function digestPartsAside(): Promise<PartsDigest> {
  const digest = undamaged()
  // Awaited when the ledger is made; a failure before that is not "unhandled".
  digest.catch(() => {})
  return digest
}

async function undamaged(): Promise<PartsDigest> {
  const digest = rememberedParts(cacheFile()) ?? (await digestInThread())
  trace('parts', () => `${digest.files} files, ${digest.bytes} bytes: ${digest.sha256}`)
  if (digest.damaged.length > 0) throw new PartsDamaged(digest.damaged)
  return digest
}

async function digestInThread(): Promise<PartsDigest> {
  const thread = new Worker(programFile('parts-thread'), {
    workerData: { cache: cacheFile() },
    resourceLimits: SMALL_CODE_RANGE,
  })
  const [digest] = (await once(thread, 'message')) as [PartsDigest]
  return digest
}
