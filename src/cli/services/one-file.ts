/** Analyses single files outside a run, for `classify`, `hash` and `model evaluate`. */
import { readFileSync } from 'node:fs'
import { filePath } from '../../base/evidence-path.ts'
import { MODELS_DIR } from '../../base/version.ts'
import { modelUses } from '../../classify/index.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { Examination } from '../../contracts/finding.ts'
import type { PendingContent } from '../../contracts/ledger.ts'
import { identifyContent } from '../../formats/signatures/index.ts'
import { digestsOf } from '../../hash/digest.ts'
import { ChildPool } from '../../host/decoder/pool.ts'
import type { TextRead } from '../../host/decoder/text-request.ts'
import { DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../plan.ts'
import { NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { NO_HEADS, type ScanHeads } from './own-heads.ts'

/**
 * Child processes for single files. With empty `models` they only decode and hash. There is no prefilter: each score
 * is the model's own.
 */
export function startChildren(
  workers: number,
  allowUnconfined: boolean,
  models: readonly ModelUse[] = modelUses(MODELS_DIR, { exact: true }),
  own: ScanHeads = NO_HEADS,
): Promise<ChildPool> {
  const plan = makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models: [...models, ...own.models],
    options: DEFAULT_OPTIONS,
  })
  return ChildPool.start({ workers, plan, allowUnconfined, heads: own.heads })
}

export type FileRead =
  | { readonly read: true; readonly bytes: Buffer; readonly content: Content }
  | { readonly read: false; readonly errno: string }

export async function readOne(file: string): Promise<FileRead> {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    return { read: false, errno: (error as NodeJS.ErrnoException).code ?? 'unknown error' }
  }
  const { mediaType } = await identifyContent(bytes)
  return {
    read: true,
    bytes,
    content: { digests: digestsOf(bytes), sizeBytes: BigInt(bytes.length), mediaType },
  }
}

type Read = Extract<FileRead, { read: true }>

export function lookAtOne(children: ChildPool, file: string, read: Read): Promise<Examination> {
  return children.look(pendingOf(file, read), read.bytes)
}

export function readTextOfOne(children: ChildPool, file: string, read: Read): Promise<TextRead> {
  return children.readText(pendingOf(file, read), read.bytes, NO_COMPANION_FILES)
}

function pendingOf(file: string, { content }: Read): PendingContent {
  return {
    entryId: 0,
    contentId: 0,
    band: 0,
    path: filePath(Buffer.from(file)),
    content,
    meanings: [],
    sizeBytes: content.sizeBytes,
    modifiedNs: null,
    device: null,
    inode: null,
    allocatedBytes: null,
  }
}
