import type { Broken } from '../../base/errors.ts'
import type { Limits } from '../../contracts/case.ts'
import type { HeldImage } from '../held/held-image.ts'

export interface ReaderPoolOptions {
  readonly root: Buffer | string
  /** The exhibit is an image; `root` is then its path and nothing is opened by it. */
  readonly image?: HeldImage
  /** Processes that read at the same time. */
  readonly workers: number
  readonly limits: Pick<Limits, 'readStallMs'>
  readonly ed2k?: boolean
  /** How long processes wait for work after {@link ReaderPool.start}. Default: three seconds. */
  readonly waitMs?: number
  /** Whether processes that read work here at all: asked once, when a file ended two of them. */
  readonly tried?: () => Promise<Broken | null>
}
