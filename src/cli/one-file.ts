/** Looks at single files outside a run: what `classify`, `hash` and `model evaluate` share. */
import { readFileSync } from 'node:fs'
import { modelUses } from '../classify/index.ts'
import type { Content, Examination, ModelUse, PendingContent } from '../contracts.ts'
import { filePath } from '../evidence-path.ts'
import { digestsOf } from '../hash/digest.ts'
import { identifyContent } from '../identify/index.ts'
import { ChildPool } from '../isolate/pool.ts'
import { DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../plan.ts'
import { MODELS_DIR } from '../version.ts'

/** Children for single files; `models` empty: decode and hash only. */
export function startChildren(
  workers: number,
  models: readonly ModelUse[] = modelUses(MODELS_DIR),
): Promise<ChildPool> {
  const plan = makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models,
    options: DEFAULT_OPTIONS,
  })
  return ChildPool.start({ workers, plan })
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

export function lookAtOne(
  children: ChildPool,
  file: string,
  { bytes, content }: Extract<FileRead, { read: true }>,
): Promise<Examination> {
  const pending: PendingContent = {
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
  return children.look(pending, bytes)
}
