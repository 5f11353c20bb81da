import type { Broken } from '../../base/errors.ts'
import type { Limits } from '../../contracts/case.ts'
import type { HeldImage } from '../held/held-image.ts'

export interface ReaderPoolOptions {
  readonly root: Buffer | string
  /** The exhibit is an image; `root` is then its path, and no file is opened by it. */
  readonly image?: HeldImage
  /** Number of processes that read at the same time. */
  readonly workers: number
  readonly limits: Pick<Limits, 'readStallMs'>
  readonly ed2k?: boolean
  /** How long processes wait for work after {@link ReaderPool.start}. Default: three seconds. */
  readonly waitMs?: number
  /** Tests whether reader processes work on this machine at all. It runs once, after a file ended two of them. */
  readonly tried?: () => Promise<Broken | null>
}
