/**
 * Facts about mounts that are not in mountinfo but on their device or in other processes. A process confined to the
 * mount cannot read them, so the main process sends them.
 */
import type { ByteString } from '../base/byte-string.ts'
import type { MountFacts } from '../wire/walk-protocol.ts'
import { kindOnDevice } from './fuse-kind.ts'
import { isWritable, type Mount, mountOf, mountsBelow, readMounts } from './mounts.ts'

/** @returns facts of the mount that an absolute path is on, and of the mounts below it */
export function mountFacts(root: ByteString, mounts: readonly Mount[] = readMounts()): readonly MountFacts[] {
  const own = mountOf(root, mounts)
  return [...(own === null ? [] : [own]), ...mountsBelow(root, mounts)].map((mount) => ({
    device: mount.device,
    point: mount.point,
    kind: mount.fileSystem === 'fuseblk' ? kindOnDevice(mount.source) : mount.fileSystem,
    writable: isWritable(mount),
  }))
}
