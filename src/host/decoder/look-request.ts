/**
 * Requests of the main process for the `look` operation, and the check of the answers. A child has parsed
 * hostile bytes: its answer is bounded and rebuilt here before it can reach a ledger.
 */

import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { Examination, Preview } from '../../contracts/finding.ts'
import { notApplicable, notDone } from '../../contracts/stage.ts'
import { lookOf, lookTimes } from '../../media-types/applies.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { LookHeader, PreviewPolicy } from '../../wire/look.ts'
import { PREVIEW_CELLS } from '../../wire/look.ts'
import { type LookReply, lookReply } from '../../wire/look-reply.ts'
import { isLent, type Lent } from '../../wire/passed-content.ts'
import { givenOf, type Handed } from './feeder.ts'
import type { Job, ReplyLimits } from './job.ts'
import { type JobPool, resultOfEnd } from './job-pool.ts'

export interface Looked extends Examination {
  readonly thumbnails: readonly { readonly name: Buffer; readonly content: Content }[]
}

/**
 * The whole content, the feeder that passes it, or an open descriptor of a content too large for memory
 * (video). The caller closes the descriptor.
 * A content behind a descriptor is hashed again up to limits.lookBytes. Beyond that, the caller guarantees that
 * the file is the one that was hashed.
 */
export type LookSource = Buffer | Handed | Lent

export interface LookRequest {
  readonly content: Content
  readonly source: LookSource
  readonly preview: PreviewPolicy
  readonly gps: boolean
  readonly orientations?: boolean
  /** False for a content that is a thumbnail itself: no camera puts one thumbnail into another. */
  readonly thumbnails?: boolean
  readonly limits: Limits
  /** Agencies' hashers: bytes of a hash, by id. */
  readonly hashers?: ReadonlyMap<string, number>
}

/** True where the analysis of an open file checks its digest. Reading 4 GB takes longer than analysing it. */
export function isHashedAgain({ sizeBytes }: Content, { lookBytes }: Limits): boolean {
  return sizeBytes <= BigInt(lookBytes)
}

/** Analyses one content in a child. Rejects only when children cannot start or the pool was closed. */
export async function lookAt(pool: JobPool, request: LookRequest): Promise<Looked> {
  const { content, limits } = request
  if (lookOf(content.mediaType) === null) {
    return examined(notApplicable('not-a-picture'))
  }
  if (Buffer.isBuffer(request.source) && request.source.length > limits.lookBytes) {
    const params = { bytes: request.source.length, limit: limits.lookBytes }
    return examined(notDone('over-byte-limit', { code: 'over-bytes', params }))
  }
  const outcome = await pool.run(jobOf(request))
  return outcome.done
    ? lookedOf(outcome.header, outcome.bytes, request.hashers)
    : examined(resultOfEnd(outcome))
}

/** What a child answered, unread; null: it gave no answer. Another host checks it and makes the analysis of it. */
export async function answerOf(
  pool: JobPool,
  request: LookRequest,
): Promise<{ readonly header: unknown; readonly cells: Buffer } | null> {
  const outcome = await pool.run(jobOf(request))
  return outcome.done ? { header: outcome.header, cells: outcome.bytes } : null
}

/** The analysis that a child's answer states. @param cells of the preview @throws ImplausibleReply */
export function lookedOf(header: unknown, cells: Buffer, hashers: LookRequest['hashers']): Looked {
  const { result, findings, preview, thumbnails } = checkedReply(header, cells, hashers)
  return {
    stage: 'looked-at',
    result,
    findings,
    preview,
    thumbnails: thumbnails.map(({ name, digests, sizeBytes, mediaType }) => ({
      name: Buffer.from(name),
      content: { digests, sizeBytes: BigInt(sizeBytes), mediaType },
    })),
  }
}

function jobOf(request: LookRequest): Job {
  const { content, source, preview, gps, orientations, thumbnails, limits, hashers } = request
  const header: LookHeader = {
    mediaType: content.mediaType,
    sha256: !isLent(source) || isHashedAgain(content, limits) ? content.digests.sha256 : null,
    preview,
    pixels: limits.pixels,
    frames: limits.frames,
    ...(limits.leastModelSide !== undefined && { leastModelSide: limits.leastModelSide }),
    gps,
    orientations: orientations ?? false,
    thumbnails: thumbnails ?? true,
  }
  const common = {
    op: 'look',
    header,
    sha256: content.digests.sha256,
    cpuMs: limits.decodeCpuMs * lookTimes(content.mediaType),
    reply: REPLY,
    check: (header: unknown, cells: Buffer) => checkedReply(header, cells, hashers),
  }
  return isLent(source)
    ? { ...common, sha256: null, bytes: Buffer.alloc(0), lent: source }
    : { ...common, ...givenOf(source) }
}

function examined(result: Examination['result']): Looked {
  return { stage: 'looked-at', result, findings: [], preview: null, thumbnails: [] }
}

/** Every finding in the reply is short; its only bytes are the cells of a preview. */
const REPLY: ReplyLimits = { headerBytes: 8 << 20, payloadBytes: PREVIEW_CELLS ** 2, totalBytes: 9 << 20 }

type CheckedReply = Omit<LookReply, 'preview'> & { readonly preview: Preview | null }

/** @throws ImplausibleReply */
function checkedReply(header: unknown, cells: Buffer, hashers: LookRequest['hashers']): CheckedReply {
  const reply = lookReply(header, hashers)
  return { ...reply, preview: checkedPreview(reply.preview, cells) }
}

/** The size is checked here too: an analysis returns no more than 16 × 16 grey bytes of any picture. */
function checkedPreview(size: LookReply['preview'], cells: Buffer): Preview | null {
  if (size === null && cells.length === 0) return null
  const { width, height } = size ?? { width: 0, height: 0 }
  if (width === 0 || cells.length !== width * height) throw new ImplausibleReply('a preview of another size')
  return { width, height, cells }
}
