/** The top-level file that contains a content: read again, passed by a reader, or held open. */

import { depthOf, listedPath, parseEvidencePath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { StageResult } from '../contracts/stage.ts'
import type { Handed } from '../host/decoder/feeder.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import { besideOf, companionsInside } from './beside.ts'
import type { ContentReader } from './parts.ts'
import type { Run } from './run.ts'

export interface OpenOuter extends Outer {
  /** Call when the file is no longer needed. @returns null if the file is unchanged, else the result for the change */
  release(): Promise<StageResult | null>
}

/** A file of the exhibit that a reader passes to another process. @param most maximum size in bytes */
export function handedOf(readers: Pick<ContentReader, 'bytes'>, job: PendingContent, most: number): Handed {
  return { job, bytes: () => readers.bytes(job, most) }
}

/**
 * The top-level file that contains a content, read again: the content itself, unless it is derived. A file that is too
 * large for memory is held open instead. Its size, times and inode are compared; its digest is not computed again.
 */
export async function outerOf(
  run: Run,
  readers: ContentReader,
  inner: PendingContent,
): Promise<OpenOuter | StageResult> {
  const { session } = run
  const outer = depthOf(inner.path) === 1 ? inner : session.outerContent(listedPath(inner.path))
  const { path, content, band } = outer
  const { lookBytes } = session.plan.limits
  const typeAt = (bytes: Buffer) => session.named.at(parseEvidencePath(bytes))?.content.mediaType ?? null
  const beside = await besideOf(run, readers, outer)
  const companionsAt = (at: EvidencePath) => companionsInside(run, at)
  if (content.sizeBytes > BigInt(lookBytes)) {
    const held = await readers.hold(outer)
    if ('result' in held) return held
    return {
      path,
      content,
      band,
      typeAt,
      source: held.lent,
      beside,
      companionsAt,
      release: () => held.release(),
    }
  }
  const same = { path, content, band, typeAt, beside, companionsAt, release: async () => null }
  if (beside.length === 0) return { ...same, source: handedOf(readers, outer, lookBytes) }
  const read = await readers.bytes(outer, lookBytes)
  return 'result' in read ? read : { ...same, source: read.bytes }
}
