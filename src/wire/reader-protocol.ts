/**
 * Messages between a reader pool and its reader processes, over one inherited socket per process.
 *
 * Frames are those of process/frame.ts; the job is the number of the batch. Contents travel raw; other messages are
 * JSON with paths as byte strings. A second socket carries only heartbeats, written by the child's watcher thread.
 */

import type { ByteString } from '../base/byte-string.ts'
import type { Digests } from '../contracts/content.ts'
import type { SegmentFile } from '../contracts/image-exhibit.ts'
import type { PendingRead } from '../contracts/ledger.ts'
import type { UnlockedVolume } from '../contracts/lock.ts'
import type { Identified } from '../media-types/sample.ts'
import type { FrameLimits } from '../process/frame.ts'
import type { DigestedTuple } from './reader.ts'

export const FRAME = {
  /** pool → child, first: {@link SetUp}. */
  setUp: 1,
  /** pool → child: {@link BatchRequest}, answered by one `digested`. */
  digest: 2,
  /** pool → child: {@link BatchRequest} of one job, answered by `chunk`s and one `sent`. */
  send: 3,
  /**
   * pool → child: {@link BatchRequest} of one job, whose content goes through the child's pipe; answered by one
   * `handed`.
   */
  hand: 4,
  /** child → pool, first: the child is ready to read. */
  ready: 16,
  digested: 17,
  chunk: 18,
  sent: 19,
  handed: 20,
} as const

/** Limits of messages to a process of ours: 64 paths of a thousand levels. */
export const SOURCE_LIMITS: FrameLimits = { headerBytes: 256 << 20, payloadBytes: 1 << 20 }

export interface SetUp {
  readonly root: ByteString
  /** Segments of an image, whose descriptors the process inherited; absent for a mount. */
  readonly segments?: readonly SegmentFile[]
  /** Volumes that a key opened. */
  readonly unlocked?: readonly UnlockedVolume[]
  readonly becomeId?: number | null
  readonly ed2k: boolean
  /** The process passes contents on and makes no digests: it loads no code that parses contents. */
  readonly passesOn?: boolean
  readonly parentPid: number
  /** Milliseconds until the first heartbeat. */
  readonly quietMs: number
}

/**
 * Path, size, modification time (ns, decimal), inode (decimal), and for an image the content's place. Times and inodes
 * do not fit a double.
 */
export type JobTuple = readonly [ByteString, number, string | null, string | null, PendingRead['onImage']?]

export interface BatchRequest {
  readonly jobs: readonly JobTuple[]
}

export function jobTuple(job: PendingRead): JobTuple {
  const tuple = [
    job.path.bytes.toString('latin1'),
    Number(job.sizeBytes),
    job.modifiedNs === null ? null : String(job.modifiedNs),
    job.inode === null ? null : String(job.inode),
  ] as const
  return job.onImage ? [...tuple, { volume: job.onImage.volume, place: job.onImage.place }] : tuple
}

export function answerOf(digests: Digests, sizeBytes: number, identified: Identified): DigestedTuple {
  const { md5, sha1, sha256, blake3, ed2kRed, ed2kBlue } = digests
  const { mediaType, hasAppended = false } = identified
  const four = ['done', sizeBytes, mediaType, hasAppended, md5, sha1, sha256, blake3] as const
  return ed2kRed === undefined || ed2kBlue === undefined ? four : [...four, ed2kRed, ed2kBlue]
}
