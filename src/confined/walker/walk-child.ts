/** A process that only walks an exhibit: a directory that hangs in a stuck mount stops only this process. */

import { bytesOf } from '../../base/byte-string.ts'
import { UsageError } from '../../base/errors.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { holdMounts } from '../../mounts/mounts.ts'
import { askForCopies } from '../../mounts/text-path.ts'
import type { Trace } from '../../mounts/walk-options.ts'
import { receive, send } from '../../process/blocking-channel.ts'
import { COPIES_FD, MOUNTS_FD, PROGRESS } from '../../process/heartbeat.ts'
import { LateWatch } from '../../process/watch.ts'
import { SOURCE_LIMITS } from '../../wire/reader-protocol.ts'
import { tupleOf, WALK_FRAME, type WalkSetUp } from '../../wire/walk-protocol.ts'
import { walk } from './walk.ts'

const BATCH_ENTRIES = 512
/** Paths of folders at a depth of a thousand are longer than all other data. */
const BATCH_PATH_BYTES = 4 << 20
/** On a slow mount, smaller batches avoid late entries. */
const BATCH_MS = 200

function serve(): void {
  holdMounts(MOUNTS_FD)
  askForCopies(COPIES_FD)
  const first = receive(SOURCE_LIMITS)
  if (first === null) return
  const setUp = first.header as WalkSetUp
  const progress = new Int32Array(new SharedArrayBuffer(16))
  const watch = new LateWatch(setUp.parentPid, progress, setUp.quietMs)
  const moved = (names = 0) => {
    Atomics.store(progress, PROGRESS.within, names)
    Atomics.add(progress, PROGRESS.moved, 1)
    watch.moved()
  }
  const trace: Trace = {
    moved,
    at(place) {
      moved()
      if (setUp.careful) say(WALK_FRAME.about, place)
    },
  }
  try {
    sendAll(walk(bytesOf(setUp.root), { ...setUp, trace }), setUp.careful)
    say(WALK_FRAME.end)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    say(WALK_FRAME.refused, error.message)
  }
}

function sendAll(entries: Iterable<WalkedEntry>, oneByOne: boolean): void {
  let batch: WalkedEntry[] = []
  let pathBytes = 0
  let sentMs = performance.now()
  const flush = () => {
    if (batch.length > 0) say(WALK_FRAME.entries, batch.map(tupleOf))
    batch = []
    pathBytes = 0
    sentMs = performance.now()
  }
  for (const walked of entries) {
    batch.push(walked)
    pathBytes += walked.entry.path.bytes.length
    const isLarge = batch.length >= BATCH_ENTRIES || pathBytes > BATCH_PATH_BYTES
    if (oneByOne || isLarge || performance.now() - sentMs > BATCH_MS) flush()
  }
  flush()
}

function say(type: number, what?: unknown): void {
  send({ type, job: 0 }, what)
}

serve()
// The watcher thread would keep the process.
process.exit(0)
