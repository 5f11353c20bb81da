/** A process that walks an exhibit and nothing else: a directory that hangs in a stuck mount stops this process only. */

import { bytesOf } from '../../base/byte-string.ts'
import { UsageError } from '../../base/errors.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { encodeFrame, jsonFrame, PROGRESS } from '../../process/channel.ts'
import { nextFrame, send, watch } from '../../process/child-channel.ts'
import { type Trace, walk } from './walk.ts'
import { tupleOf, WALK_FRAME, type WalkSetUp } from './walk-protocol.ts'

const BATCH_ENTRIES = 512
/** On a slow mount the entries come in smaller batches rather than late. */
const BATCH_MS = 200

function serve(): void {
  const first = nextFrame()
  if (first === null) return
  const setUp = JSON.parse(first.payload.toString()) as WalkSetUp
  const progress = new Int32Array(new SharedArrayBuffer(16))
  watch(progress, setUp.parentPid)
  const moved = () => void Atomics.add(progress, PROGRESS.moved, 1)
  const trace: Trace = {
    moved,
    at(place) {
      moved()
      if (setUp.careful) send(jsonFrame(WALK_FRAME.about, place))
    },
  }
  try {
    sendAll(walk(bytesOf(setUp.root), { ...setUp, trace }), setUp.careful)
    send(encodeFrame(WALK_FRAME.end, Buffer.alloc(0)))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    send(jsonFrame(WALK_FRAME.refused, error.message))
  }
}

function sendAll(entries: Iterable<WalkedEntry>, oneByOne: boolean): void {
  let batch: WalkedEntry[] = []
  let sentMs = performance.now()
  const flush = () => {
    if (batch.length > 0) send(jsonFrame(WALK_FRAME.entries, batch.map(tupleOf)))
    batch = []
    sentMs = performance.now()
  }
  for (const walked of entries) {
    batch.push(walked)
    if (oneByOne || batch.length >= BATCH_ENTRIES || performance.now() - sentMs > BATCH_MS) flush()
  }
  flush()
}

serve()
// The watcher thread would keep the process.
process.exit(0)
