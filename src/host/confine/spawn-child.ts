/** Starts a process that touches the exhibit: one socket to talk over, one for heartbeats, and nothing of ours besides. */
import type { Socket } from 'node:net'
import { programFile } from '../../base/program-file.ts'
import { codeRangeBytes } from '../../process/code-range.ts'
import { type Spawned, spawnProcess } from '../../process/spawn.ts'
import { startConfined } from './start.ts'
import { tools } from './tools.ts'

export interface SourceChild extends Spawned {
  readonly heartbeats: Socket
  /** Kills without waiting, and lets go of it: a process inside a call that never returns may not even die. */
  leave(): void
}

// Nothing of the parent's environment decides a result, and nothing of it belongs in a process that reads an exhibit.
const ENVIRONMENT = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']

// Megabytes for young objects. What these processes make is short-lived, and by default the room for it grows to 128 MB.
const YOUNG = ['--max-semi-space-size=2']
// A batch of entries is young for longer than two megabytes last: copied from one half to the other, a tenth of a listing's time.
const YOUNG_OF_IMAGE = ['--min-semi-space-size=8', '--max-semi-space-size=8']
// One thread beside the main one: what helps it finds the cores taken by the other processes of the run.
const FEW_THREADS = '--v8-pool-size=1'

/**
 * @param entry of the built code, also from tests: a child is started from JavaScript
 * @param descriptors of ours that it is handed, behind socket and heartbeats
 */
export function spawnChild(
  entry: 'reader-child' | 'walk-child',
  descriptors: readonly number[] = [],
): SourceChild {
  return withHeartbeats(
    spawnProcess({
      command: [process.execPath, ...YOUNG, FEW_THREADS, programFile(entry)],
      env: Object.fromEntries(
        ENVIRONMENT.flatMap((name) => {
          const value = process.env[name]
          return value ? [[name, value]] : []
        }),
      ),
      inherit: ['pipe', ...descriptors],
    }),
  )
}

// Tables of a large volume, and the groups of a reader. More is a parser led astray.
const IMAGE_DATA_BYTES = 1536 * 1024 * 1024

/**
 * A process that parses an image: confined as those that decode are, with the descriptors of the segments and nothing else.
 * @param descriptors of ours that it is handed, behind socket and heartbeats
 */
export function spawnImageChild(
  entry: 'image-lister' | 'image-reader',
  descriptors: readonly number[],
): SourceChild {
  return withHeartbeats(
    startConfined({
      tools: tools(),
      entry: programFile(entry),
      flags: [...YOUNG_OF_IMAGE, FEW_THREADS],
      dataBytes: IMAGE_DATA_BYTES + codeRangeBytes(),
      inherit: ['pipe', ...descriptors],
    }),
  )
}

function withHeartbeats(spawned: Spawned): SourceChild {
  const [heartbeats] = spawned.sockets as readonly [Socket]
  return {
    ...spawned,
    heartbeats,
    leave() {
      spawned.kill()
      for (const stream of [spawned.channel, heartbeats, spawned.stderr]) stream.destroy()
      spawned.process.unref()
    },
  }
}
