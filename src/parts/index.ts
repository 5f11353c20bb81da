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
 * Digest of all parts: from the cache while no file changed, because starting a thread costs more.
 * Otherwise a thread computes it beside the caller. Rejects when a part cannot be read, and with PartsDamaged when one
 * differs from its package.
 */
export function digestPartsAside(): Promise<PartsDigest> {
  const digest = undamaged()
  // Awaited when the ledger is created; an earlier failure is not "unhandled".
  digest.catch(() => {})
  return digest
}

async function undamaged(): Promise<PartsDigest> {
  const digest = rememberedParts(cacheFile('parts')) ?? (await digestInThread())
  trace('parts', () => `${digest.files} files, ${digest.bytes} bytes: ${digest.sha256}`)
  if (digest.damaged.length > 0) throw new PartsDamaged(digest.damaged)
  return digest
}

async function digestInThread(): Promise<PartsDigest> {
  const thread = new Worker(programFile('parts-thread'), {
    workerData: { cache: cacheFile('parts') },
    resourceLimits: SMALL_CODE_RANGE,
  })
  const [digest] = (await once(thread, 'message')) as [PartsDigest]
  return digest
}
