/**
 * An image that is held open: the descriptors of its segments, in order. Its readers inherit only these.
 *
 * A descriptor keeps the file that was opened: a file that replaces it under the same name is not read, and a
 * change in place is noticed at the end.
 */

import { type BigIntStats, closeSync, constants, fstatSync, openSync, realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { errnoOf } from '../../base/errno.ts'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { SegmentFile } from '../../contracts/image-exhibit.ts'
import { ImageRefused } from '../../wire/image-refused.ts'
import { type BlockDevice, blockDevice, refuseWritableDevice } from './block-device.ts'
import { segmentsOf } from './segments-of.ts'

export interface HeldImage {
  /** Absolute path of the first segment. */
  readonly path: string
  readonly segments: readonly SegmentFile[]
  readonly descriptors: readonly number[]
  /** Segments whose size or modification time changed since the image was opened; a device that was written to. */
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
  const then: State[] = []
  try {
    for (const path of paths) {
      const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY)
      descriptors.push(fd)
      const state = stateOf(fd, path)
      if (state.device) refuseWritableDevice(state.device, printText(path))
      then.push(state)
    }
  } catch (error) {
    close()
    if (error instanceof UsageError) throw error
    const path = paths[then.length] ?? image
    throw new UsageError(`${printText(path)} could not be opened (${errnoOf(error)}).`, { cause: error })
  }
  const segments = paths.map((path, i) => ({ name: basename(path), sizeBytes: then[i]!.sizeBytes }))
  return {
    path: realpathSync(paths[0] ?? image),
    segments,
    descriptors,
    changed: () =>
      descriptors.flatMap((fd, i) =>
        stateOf(fd, paths[i]!).mark === then[i]!.mark ? [] : [segments[i]?.name ?? ''],
      ),
    close,
  }
}

interface State {
  readonly sizeBytes: number
  /** Another one when the content may have changed. */
  readonly mark: string
  readonly device: BlockDevice | null
}

function stateOf(fd: number, path: string): State {
  const stats: BigIntStats = fstatSync(fd, { bigint: true })
  const device = blockDevice(stats, printText(path))
  const sizeBytes = device?.sizeBytes ?? Number(stats.size)
  return { sizeBytes, mark: `${sizeBytes} ${device?.changedSectors ?? stats.mtimeNs}`, device }
}

function pathsOf(image: string, extents: readonly string[] | null): readonly string[] {
  try {
    // What lies beside a device in /dev are other devices.
    return statSync(image).isBlockDevice() ? [image] : segmentsOf(image, extents)
  } catch (error) {
    if (error instanceof ImageRefused)
      throw new UsageError(`${printText(image)}: ${error.message}`, { cause: error })
    throw new UsageError(`The image ${printText(image)} could not be opened (${errnoOf(error)}).`, {
      cause: error,
    })
  }
}
