/**
 * An image that is held open: the descriptors of its segments, in order. Its readers inherit only these.
 *
 * A descriptor keeps the file that was opened: a file that replaces it under the same name is not read, and a
 * change in place is noticed at the end.
 */

import { closeSync, constants, fstatSync, openSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { errnoOf } from '../../base/errno.ts'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { SegmentFile } from '../../contracts/image-exhibit.ts'
import { ImageRefused } from '../../wire/image-refused.ts'
import { segmentsOf } from './segments-of.ts'

export interface HeldImage {
  /** Absolute path of the first segment. */
  readonly path: string
  readonly segments: readonly SegmentFile[]
  readonly descriptors: readonly number[]
  /** Segments whose size or modification time changed since the image was opened. */
  changed(): readonly string[]
  close(): void
}

/**
 * @param extents as for {@link segmentsOf}
 * @throws UsageError when a segment is missing or cannot be opened
 */
export function holdImage(image: string, extents: readonly string[] | null = null): HeldImage {
  return holdFiles(image, pathsOf(image, extents))
}

/** @param paths of the segments, in order, `image` first */
export function holdFiles(image: string, paths: readonly string[]): HeldImage {
  const descriptors: number[] = []
  const close = () => {
    for (const fd of descriptors.splice(0)) closeSync(fd)
  }
  try {
    for (const path of paths) descriptors.push(openSync(path, constants.O_RDONLY | constants.O_NOCTTY))
  } catch (error) {
    const path = paths[descriptors.length] ?? image
    close()
    throw new UsageError(`${printText(path)} could not be opened (${errnoOf(error)}).`, { cause: error })
  }
  const stats = descriptors.map((fd) => fstatSync(fd, { bigint: true }))
  const segments = paths.map((path, i) => ({ name: basename(path), sizeBytes: Number(stats[i]?.size ?? 0n) }))
  return {
    path: realpathSync(paths[0] ?? image),
    segments,
    descriptors,
    changed: () =>
      descriptors.flatMap((fd, i) => {
        const [now, then] = [fstatSync(fd, { bigint: true }), stats[i]]
        return now.size === then?.size && now.mtimeNs === then.mtimeNs ? [] : [segments[i]?.name ?? '']
      }),
    close,
  }
}

function pathsOf(image: string, extents: readonly string[] | null): readonly string[] {
  try {
    return segmentsOf(image, extents)
  } catch (error) {
    if (error instanceof ImageRefused)
      throw new UsageError(`${printText(image)}: ${error.message}`, { cause: error })
    throw new UsageError(`The image ${printText(image)} could not be opened (${errnoOf(error)}).`, {
      cause: error,
    })
  }
}
