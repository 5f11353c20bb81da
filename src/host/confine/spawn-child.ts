/**
 * Starts a process that touches the exhibit. It inherits one socket for messages, one for heartbeats, and no
 * other descriptor of ours.
 */
import type { Socket } from 'node:net'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { programFile } from '../../base/program-file.ts'
import { trace } from '../../base/trace.ts'
import { codeRangeBytes } from '../../process/code-range.ts'
import type { Spawned } from '../../process/spawn.ts'
import { serveAttributeCopies } from './attribute-copies.ts'
import { endsWithParent, startConfined } from './start.ts'
import { tools } from './tools.ts'

export interface SourceChild extends Spawned {
  readonly heartbeats: Socket
  /** Milliseconds of its life until it sends heartbeats, where a read may take `stallMs`; 0: it sends them at once. */
  quietMs(stallMs: number): number
  /**
   * Kills the process without waiting for it, and drops it: a process inside a call that never returns cannot
   * even die.
   */
  leave(): void
}

/**
 * Options of the engine. One worker thread of V8: the other processes of the run occupy the cores. Megabytes for the young
 * generation: objects of these processes are short-lived; by default V8 lets the generation grow to 128 MB. In a lister a batch of
 * entries outlives a young generation of 2 MB, and V8 copies it between the halves: a tenth of a listing's time.
 */
export const SOURCE_ENGINE = {
  mount: ['--max-semi-space-size=2', '--v8-pool-size=1'],
  image: ['--min-semi-space-size=8', '--max-semi-space-size=8', '--v8-pool-size=1'],
} as const

// A folder of millions of names is listed in memory.
export const MOUNT_DATA_BYTES = 4 * 1024 * 1024 * 1024

/**
 * Starts a process that walks or reads a mount. It is confined like the processes that parse an image; the mount is its only folder.
 * @param entry name of the built program, also in tests: a child is started from JavaScript
 * @param root absolute path of the mount
 * @param descriptors descriptors of ours that the child inherits, behind socket, heartbeats and copies of attributes
 */
export function spawnMountChild(
  entry: 'reader-child' | 'walk-child' | 'wall-probe',
  root: ByteString,
  descriptors: readonly number[] = [],
): SourceChild {
  trace('process', () => entry)
  const mount = bytesOf(root).toString()
  const spawned = startConfined({
    tools: tools(),
    entry: programFile(entry),
    mount,
    flags: SOURCE_ENGINE.mount,
    dataBytes: MOUNT_DATA_BYTES + codeRangeBytes(),
    inherit: ['pipe', 'pipe', ...descriptors],
  })
  serveAttributeCopies(spawned.sockets[1]!, { pid: spawned.process.pid, root })
  return withHeartbeats(spawned, endsWithParent(tools(), mount) && !spawned.inspected)
}

// Tables of a large volume, and the groups of a reader. More is a parser led astray.
export const IMAGE_DATA_BYTES = 1536 * 1024 * 1024

/**
 * Starts a process that parses an image. It is confined like a decoder and inherits only the descriptors of the
 * segments.
 * @param descriptors descriptors of ours that the child inherits, behind socket and heartbeats
 */
export function spawnImageChild(
  entry: 'image-lister' | 'image-reader' | 'wall-probe',
  descriptors: readonly number[],
): SourceChild {
  trace('process', () => entry)
  return withHeartbeats(
    startConfined({
      tools: tools(),
      entry: programFile(entry),
      flags: SOURCE_ENGINE.image,
      dataBytes: IMAGE_DATA_BYTES + codeRangeBytes(),
      inherit: ['pipe', ...descriptors],
    }),
    false,
  )
}

/** Most exhibits of some ten thousand files are read before. */
const QUIET_MS = 5000
/** Of the time that a read may take. */
const QUIET_SHARE = 6

function withHeartbeats(spawned: Spawned, mayBeQuiet: boolean): SourceChild {
  const [heartbeats] = spawned.sockets as readonly [Socket, ...Socket[]]
  return {
    ...spawned,
    heartbeats,
    quietMs: (stallMs) => (mayBeQuiet ? Math.min(QUIET_MS, Math.floor(stallMs / QUIET_SHARE)) : 0),
    leave() {
      spawned.kill()
      for (const stream of [spawned.channel, ...spawned.sockets, spawned.stderr]) stream.destroy()
      spawned.process.unref()
    },
  }
}
