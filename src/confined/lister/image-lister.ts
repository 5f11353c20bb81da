/**
 * A confined process that only lists an image. It has the passed descriptors of the segments and opens no file. A
 * parser that hostile bytes take over reaches no file, and a crash of a parser costs one volume, never the run.
 */

import { DESCRIPTOR_BYTES_AT_MOST, extentNamesOf } from '../../formats/image/container/vmdk/descriptor.ts'
import { fileMedium } from '../../formats/image/content/file-medium.ts'
import { openHandedImage, rangesOf } from '../../formats/image/handed-image.ts'
import { verifyImage } from '../../formats/image/verify-image.ts'
import { ImageVolumes } from '../../formats/locked/image-volumes.ts'
import { unlockVolumes } from '../../formats/locked/index.ts'
import { hashOpened } from '../../formats/locked/opened-volumes.ts'
import { receive, send } from '../../process/blocking-channel.ts'
import { dropRoot } from '../../process/drop-root.ts'
import { HANDED_FD, PROGRESS } from '../../process/heartbeat.ts'
import { watchParent } from '../../process/watch.ts'
import { HeaderHashIndex } from '../../wire/header-hash-index.ts'
import { ImageRefused } from '../../wire/image-refused.ts'
import { LIST_FRAME, type ListSetUp, SET_UP_LIMITS } from '../../wire/list-protocol.ts'
import { type EntryTuple, tupleOf } from '../../wire/walk-protocol.ts'
import { withBackups } from './backup-keys.ts'
import { describeRanges, listImage } from './list-image.ts'

const BATCH_ENTRIES = 512
const BATCH_MS = 200
/** A badly fragmented content has a million runs, 40 bytes each: only a few such contents fit into one message. */
const BATCH_PIECES = 100_000

/** Serves one task after the other, until the main process closes the socket. */
async function serve(): Promise<void> {
  let moved: (() => void) | null = null
  for (let frame = receive(SET_UP_LIMITS); frame !== null; frame = receive(SET_UP_LIMITS)) {
    const setUp = frame.header as ListSetUp
    moved ??= await begun(setUp)
    try {
      if (setUp.task === 'extents') say(LIST_FRAME.extents, { names: extentsOf(setUp) })
      else list(setUp, frame.payload, moved)
      say(LIST_FRAME.end)
    } catch (error) {
      if (!(error instanceof ImageRefused)) throw error
      say(LIST_FRAME.refused, { code: error.code, message: error.message })
    }
  }
}

/** @returns a function to call after each step of progress */
async function begun({ parentPid, becomeId }: ListSetUp): Promise<() => void> {
  const progress = new Int32Array(new SharedArrayBuffer(16))
  await watchParent(parentPid, progress, becomeId !== null)
  dropRoot(becomeId)
  return () => void Atomics.add(progress, PROGRESS.moved, 1)
}

function list(setUp: ListSetUp, packed: Buffer, moved: () => void): void {
  const { facts, image } = openHandedImage(setUp.segments, HANDED_FD)
  const ranges = rangesOf(image)
  const { locks, unlocked: volumes } =
    setUp.task === 'describe' && image.logical === null
      ? unlockVolumes(image.medium, ranges, setUp.secrets, moved)
      : { locks: [], unlocked: setUp.unlocked }
  const unlocked =
    setUp.task === 'describe' ? withBackups(image, ranges, volumes, setUp.secrets, moved) : volumes
  const bytes = new ImageVolumes(image.medium, unlocked)
  const described = describeRanges(image, ranges, setUp.volumes, bytes)
  say(LIST_FRAME.image, { image: facts, ranges: described, locks })
  if (setUp.task === 'describe') say(LIST_FRAME.unlocked, unlocked)
  if (setUp.task === 'verify') {
    const verified = verifyImage(image, setUp.algorithms, (hashed) => {
      moved()
      say(LIST_FRAME.hashed, hashed)
    })
    say(LIST_FRAME.verified, { ...verified, opened: hashOpened(ranges, bytes, moved) })
  }
  if (setUp.task !== 'list') return
  const batches = new Batches()
  const known = new HeaderHashIndex(packed)
  const at = (volume: number) => say(LIST_FRAME.at, volume)
  for (const listed of listImage(image, ranges, { ...setUp, unlocked, known, at, passed: moved })) {
    moved()
    if (listed.kind === 'entry') batches.add(listed.volume, tupleOf(listed.walked))
    else {
      batches.flush()
      say(LIST_FRAME.range, listed.listing)
    }
  }
  batches.flush()
}

function extentsOf({ segments: [descriptor] }: ListSetUp): readonly string[] | null {
  const { sizeBytes } = descriptor!
  const bytes = Buffer.alloc(Math.min(sizeBytes, DESCRIPTOR_BYTES_AT_MOST))
  fileMedium(HANDED_FD, sizeBytes).readInto(bytes, 0)
  return extentNamesOf(bytes)
}

/** Buffer for entries of one volume, sent when it is full or the last batch is old. */
class Batches {
  #volume = 0
  #entries: EntryTuple[] = []
  #pieces = 0
  #sentMs = performance.now()

  add(volume: number, entry: EntryTuple): void {
    if (volume !== this.#volume) this.flush()
    this.#volume = volume
    this.#entries.push(entry)
    this.#pieces += piecesOf(entry)
    const isLarge = this.#entries.length >= BATCH_ENTRIES || this.#pieces >= BATCH_PIECES
    if (isLarge || performance.now() - this.#sentMs > BATCH_MS) this.flush()
  }

  flush(): void {
    if (this.#entries.length > 0) say(LIST_FRAME.entries, { volume: this.#volume, entries: this.#entries })
    this.#entries = []
    this.#pieces = 0
    this.#sentMs = performance.now()
  }
}

function piecesOf(entry: EntryTuple): number {
  const place = entry[16]?.[5]
  return place !== undefined && 'runs' in place ? place.runs.length : 1
}

function say(type: number, what?: unknown): void {
  send({ type, job: 0 }, what)
}

await serve()
// The watcher thread would keep the process.
process.exit(0)
