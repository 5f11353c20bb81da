/** Options and callbacks of a walk: positions where it may hang, and file systems mounted below. */
import { type ByteString, bytesOf } from '../base/byte-string.ts'
import { printName } from '../base/evidence-path.ts'
import type { Exhibit } from '../contracts/case.ts'
import type { MountFacts, Place } from '../wire/walk-protocol.ts'
import { isWritable, type Mount, mountOptions } from './mounts.ts'

export type Submount = Exhibit['submounts'][number]

export interface WalkOptions {
  /** A file larger than this with less than a tenth of it allocated is not read (plan.limits). */
  readonly sparseLogicalBytes: number
  readonly onSubmount?: (submount: Submount) => void
  /** Entries up to this path are already listed: the walk continues after it. */
  readonly after?: ByteString | null
  /** Paths where an earlier walk hung or ended: they become entries, and are not accessed. */
  readonly stuck?: readonly Place[]
  /** Facts of the mount of the root and of those below it; absent: looked up, which a confined process cannot. */
  readonly mounts?: readonly MountFacts[]
  /** Called before everything that can hang, and while something long goes on. */
  readonly trace?: Trace
}

export interface Trace {
  at(place: Place): void
  moved(names?: number): void
}

export function submountOf(path: ByteString, mount: Mount): Submount {
  return {
    path: printName(bytesOf(path)),
    fileSystem: mount.fileSystem,
    options: mountOptions(mount),
    writable: isWritable(mount),
  }
}
