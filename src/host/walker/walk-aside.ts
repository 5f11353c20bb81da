/**
 * The walk in a process of its own. What hangs there (a directory of a stuck FUSE or network mount, asked for its names
 * or its metadata) becomes an entry `read-stalled`, and the walk goes on behind it.
 *
 * A walk that hangs is killed, or left to itself where even that does not work. A careful one, which says of each call
 * where it goes before it makes it, goes on behind the last entry that came, and hangs at the same place: this one is
 * then passed over. So a place that hangs costs twice the time limit, and the usual walk pays nothing for it. A place at
 * which the process ends again and again (out of memory, a broken file system driver) is passed over as `walk-crashed`.
 */

import { type ByteString, byteString } from '../../base/byte-string.ts'
import { ProcessFailed, UsageError } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { type Frame, frameParts } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { BEAT_BYTES, PROGRESS } from '../../process/heartbeat.ts'
import { SOURCE_LIMITS } from '../../wire/reader-protocol.ts'
import type { Place } from '../../wire/walk-protocol.ts'
import { type EntryTuple, WALK_FRAME, type WalkSetUp, walkedOf } from '../../wire/walk-protocol.ts'
import { type SourceChild, spawnChild } from '../confine/spawn-child.ts'

export interface WalkAsideOptions {
  readonly sparseLogicalBytes: number
  /** After so long without a sign of movement, a call counts as one that never returns. */
  readonly readStallMs: number
  /** Told of each place at which the process ended, before it is passed over; what it throws ends the walk. */
  readonly crashed?: ((how: string) => void | Promise<void>) | undefined
}

/** A process that is ready to walk before it is known what. Whoever asks for one ends it. */
export function startWalker(): Walker {
  return new WalkProcess()
}

export interface Walker {
  /** Names so far of the folder that is being listed; 0 between two. */
  readonly listing: number
  end(): void
}

/**
 * Entries in evidence-path order, in batches.
 * @param walker walks first, when there is one
 * @throws UsageError when the root cannot be walked; ProcessFailed when the walking process ends without having come anywhere
 */
export async function* walkAside(
  root: Buffer | string,
  { sparseLogicalBytes, readStallMs, crashed }: WalkAsideOptions,
  walker?: Walker,
): AsyncGenerator<readonly WalkedEntry[], void, undefined> {
  let after: ByteString | null = null
  let careful = false
  let lastCrash: ByteString | null | undefined
  const stuck: Place[] = []
  for (let ready = walker as WalkProcess | undefined; ; ready = undefined) {
    const walking: WalkProcess = ready ?? new WalkProcess()
    const setUp: WalkSetUp = {
      root: byteString(root),
      parentPid: process.pid,
      sparseLogicalBytes,
      after,
      stuck,
      careful,
    }
    try {
      for await (const batch of walking.batches(setUp, readStallMs)) {
        yield batch
        after = batch.at(-1)!.entry.path.bytes.toString('latin1')
      }
    } finally {
      walking.end()
    }
    const { ending } = walking
    if (ending.kind === 'end') return
    if (ending.kind === 'refused') throw new UsageError(ending.message)
    if (ending.at && ending.kind === 'crashed') await crashed?.(ending.how)
    if (ending.at) pass(stuck, { ...ending.at, crashed: ending.kind === 'crashed' })
    else if (careful && ending.kind === 'crashed') throw new ProcessFailed('walk', ending.how)
    // Once may be chance. After two at one place the careful walk finds out where.
    careful = ending.at === null && (ending.kind === 'stalled' || lastCrash === after)
    if (ending.kind === 'crashed') lastCrash = after
  }
}

function pass(stuck: Place[], place: Place): void {
  if (stuck.some(({ path, call }) => path === place.path && call === place.call))
    throw new UsageError('The file system of the exhibit does not answer. Check the mount, then resume.')
  stuck.push(place)
}

type Ending =
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly message: string }
  /** Here and below, `at` is known in a careful walk. */
  | { readonly kind: 'crashed'; readonly how: string; readonly at: Place | null }
  | { readonly kind: 'stalled'; readonly at: Place | null }

/** A walk hangs when so many looks in a row saw nothing move: one late look of a busy program is one look. */
const LOOKS = 20

class WalkProcess implements Walker {
  readonly #child: SourceChild
  #timer: NodeJS.Timeout | undefined
  #batches: (readonly WalkedEntry[])[] = []
  #about: Place | null = null
  #moved = false
  #waiting = false
  #stillLooks = 0
  #how = ''
  #errorOutput = ''
  listing = 0
  ending: Ending = { kind: 'crashed', how: 'without a word', at: null }

  constructor() {
    this.#child = spawnChild('walk-child')
    this.#child.process.on('error', (error) => (this.#how = error.message))
    this.#child.process.on('exit', (code, signal) => (this.#how ||= signal ?? `exit code ${code}`))
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errorOutput = (this.#errorOutput + text.toString('latin1')).slice(-2000)
    })
    this.#child.heartbeats.on('data', (beats: Buffer) => {
      this.#moved = true
      this.listing = beats.readInt32LE(beats.length - BEAT_BYTES + 4 * PROGRESS.within)
    })
  }

  async *batches(setUp: WalkSetUp, stallMs: number): AsyncGenerator<readonly WalkedEntry[], void, undefined> {
    for (const part of frameParts({ type: WALK_FRAME.setUp, job: 0 }, setUp)) this.#child.channel.write(part)
    this.#timer = setInterval(() => this.#look(), Math.max(10, stallMs / LOOKS))
    const frames = new FrameDecoder({
      limitsOf: () => SOURCE_LIMITS,
      onFrame: (frame) => this.#onFrame(frame),
    })
    this.#waiting = true
    try {
      // Asking for the next chunk only when the last was used: a walk is faster than what follows it.
      for await (const chunk of this.#child.channel) {
        this.#moved = true
        this.#waiting = false
        frames.push(chunk as Buffer)
        for (const batch of this.#batches.splice(0)) yield batch
        this.#waiting = true
      }
    } catch (error) {
      // The socket was taken away from a walk that hangs, or broke with the process: `ending` says which.
      if (this.ending.kind !== 'stalled') this.#how ||= String(error)
    }
    if (this.ending.kind === 'crashed')
      this.ending = {
        kind: 'crashed',
        how: lastWords(this.#how || 'without a word', this.#errorOutput),
        at: this.#about,
      }
  }

  end(): void {
    clearInterval(this.#timer)
    this.#child.leave()
  }

  #look(): void {
    this.#stillLooks = this.#moved || !this.#waiting ? 0 : this.#stillLooks + 1
    this.#moved = false
    if (this.#stillLooks < LOOKS) return
    this.ending = { kind: 'stalled', at: this.#about }
    this.end()
  }

  #onFrame({ type, header }: Frame): void {
    if (type === WALK_FRAME.end) this.ending = { kind: 'end' }
    else if (type === WALK_FRAME.refused) this.ending = { kind: 'refused', message: header as string }
    else if (type === WALK_FRAME.about) this.#about = header as Place
    else this.#batches.push((header as EntryTuple[]).map(walkedOf))
  }
}
