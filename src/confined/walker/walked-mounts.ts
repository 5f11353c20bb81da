/** The mount that a walk begins on and those below it: where each begins, and which clock it has. */
import type { ByteString } from '../../base/byte-string.ts'
import { type Clock, clockOf } from '../../mounts/file-times.ts'
import { mountFacts } from '../../mounts/mount-facts.ts'
import { type Mount, mountOf, mountsBelow, readMounts } from '../../mounts/mounts.ts'
import type { MountFacts } from '../../wire/walk-protocol.ts'

export class WalkedMounts {
  readonly #root: ByteString
  readonly #points: ReadonlyMap<ByteString, Mount>
  readonly #facts: readonly MountFacts[]
  /** The mount of the root. */
  readonly own: Mount | null

  /** @param told facts from the main process; absent: looked up */
  constructor(root: ByteString, told?: readonly MountFacts[]) {
    const mounts = readMounts()
    this.#root = root
    this.#points = new Map(mountsBelow(root, mounts).map((mount) => [mount.point, mount]))
    this.#facts = told ?? mountFacts(root, mounts)
    this.own = mountOf(root, mounts)
  }

  /** True where the mount of the root is known to refuse writes. */
  get isReadOnly(): boolean {
    return this.own !== null && this.#factsOf(this.own)?.writable === false
  }

  /** The mount that begins at this directory, if one does. A btrfs subvolume changes st_dev and is no mount. */
  at(path: ByteString, deviceChanged: boolean): Mount | null {
    const absolute = this.#root === '/' ? `/${path}` : `${this.#root}/${path}`
    const known = this.#points.get(absolute)
    if (known || !deviceChanged) return known ?? null
    return mountsBelow(this.#root, readMounts()).find((mount) => mount.point === absolute) ?? null
  }

  clockOf(mount: Mount): Clock {
    return clockOf({ ...mount, fileSystem: this.#factsOf(mount)?.kind ?? mount.fileSystem })
  }

  /** Of a mount that appeared during the walk, only its line of mountinfo is known. */
  #factsOf({ device, point }: Mount): MountFacts | undefined {
    return this.#facts.find((facts) => facts.device === device && facts.point === point)
  }
}
