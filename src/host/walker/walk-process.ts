/** One process that walks a mount, seen from the main process: its checked messages, and how it ended. */
import { closeSync, openSync } from 'node:fs'
import type { ByteString } from '../../base/byte-string.ts'
import { lastWords } from '../../base/last-words.ts'
import { printable } from '../../base/printable.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { MOUNT_INFO } from '../../mounts/mounts.ts'
import { Beats } from '../../process/beats.ts'
import { BrokenFrame, type Frame, type FrameHead, type FrameLimits, frameParts } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { type Place, WALK_FRAME, type WalkSetUp, walkedOf } from '../../wire/walk-protocol.ts'
import { checkedEntries, checkedPlace, checkedRefusal } from '../../wire/walker.ts'
import { type SourceChild, spawnMountChild } from '../confine/spawn-child.ts'

export type WalkEnding =
  | { readonly kind: 'end' }
  | { readonly kind: 'refused'; readonly message: string }
  /**
   * In this and the next ending, `at` is known after a careful walk. `implausible`: the process sent a message
   * that cannot be true.
   */
  | {
      readonly kind: 'crashed'
      readonly how: string
      readonly at: Place | null
      readonly implausible: boolean
    }
  | { readonly kind: 'stalled'; readonly at: Place | null }

/** A walk hangs when this many checks in a row saw no progress. A late check of a busy program counts as one. */
const LOOKS = 20
/** More, until the first heartbeat came: the process may have moved before it sends any. */
const QUIET_LOOKS = 4

export class WalkProcess {
  readonly #child: SourceChild
  readonly #beats = new Beats()
  #timer: NodeJS.Timeout | undefined
  #batches: (readonly WalkedEntry[])[] = []
  #about: Place | null = null
  /** Path of the last entry that came. */
  #last: string | null = null
  #any = false
  #careful = false
  #moved = false
  #waiting = false
  #stillLooks = 0
  #quietLooks = QUIET_LOOKS
  #how = ''
  #errorOutput = ''
  listing = 0
  ending: WalkEnding = { kind: 'crashed', how: 'without a word', at: null, implausible: false }

  constructor(root: ByteString) {
    const mounts = openSync(MOUNT_INFO, 'r')
    try {
      this.#child = spawnMountChild('walk-child', root, [mounts])
    } finally {
      closeSync(mounts)
    }
    this.#child.process.on('error', (error) => (this.#how = error.message))
    this.#child.process.on('exit', (code, signal) => (this.#how ||= signal ?? `exit code ${code}`))
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errorOutput = (this.#errorOutput + text.toString('latin1')).slice(-2000)
    })
    this.#child.heartbeats.on('data', (beats: Buffer) => {
      this.#moved = true
      this.#quietLooks = 0
      this.listing = this.#beats.take(beats)?.within ?? this.listing
    })
  }

  async *batches(
    asked: Omit<WalkSetUp, 'parentPid' | 'quietMs'>,
    stallMs: number,
  ): AsyncGenerator<readonly WalkedEntry[], void, undefined> {
    const quietMs = this.#child.quietMs(stallMs)
    const setUp: WalkSetUp = { ...asked, parentPid: process.pid, quietMs }
    for (const part of frameParts({ type: WALK_FRAME.setUp, job: 0 }, setUp)) this.#child.channel.write(part)
    this.#last = asked.after
    this.#careful = asked.careful
    this.#timer = setInterval(() => this.#look(), Math.max(10, stallMs / LOOKS))
    const frames = new FrameDecoder({ limitsOf, onFrame: (frame) => this.#onFrame(frame) })
    this.#waiting = true
    let implausible = false
    try {
      // The next chunk is read only after the last one was used: a walk is faster than the steps that follow.
      for await (const chunk of this.#child.channel) {
        this.#moved = true
        this.#waiting = false
        frames.push(chunk as Buffer)
        for (const batch of this.#batches.splice(0)) yield batch
        this.#waiting = true
      }
    } catch (error) {
      implausible = error instanceof BrokenFrame || error instanceof ImplausibleReply
      // What came before it in the same chunk: where a chunk ends must not decide what is recorded.
      for (const batch of this.#batches.splice(0)) yield batch
      // The socket was taken from a hanging walk, or broke with the process; `ending` has the reason.
      if (implausible) this.#how = (error as Error).message
      else if (this.ending.kind !== 'stalled') this.#how ||= String(error)
    }
    if (this.ending.kind === 'crashed' || implausible)
      this.ending = {
        kind: 'crashed',
        how: implausible
          ? printable(this.#how, 300)
          : lastWords(this.#how || 'without a word', this.#errorOutput),
        at: this.#about,
        implausible,
      }
  }

  end(): void {
    clearInterval(this.#timer)
    this.#child.leave()
  }

  #look(): void {
    this.#stillLooks = this.#moved || !this.#waiting ? 0 : this.#stillLooks + 1
    this.#moved = false
    if (this.#stillLooks < LOOKS + this.#quietLooks || this.#child.inspected) return
    this.ending = { kind: 'stalled', at: this.#about }
    this.end()
  }

  /** @throws BrokenFrame, ImplausibleReply */
  #onFrame({ type, job, header }: Frame): void {
    if (job !== 0 || this.ending.kind === 'end' || this.ending.kind === 'refused')
      throw new BrokenFrame('a frame out of turn')
    if (type === WALK_FRAME.entries) {
      const entries = checkedEntries(header, this.#last)
      this.#last = entries.at(-1)![0]
      this.#any = true
      this.#batches.push(entries.map(walkedOf))
    } else if (type === WALK_FRAME.about) {
      if (!this.#careful) throw new ImplausibleReply('what nobody asked for')
      this.#about = checkedPlace(header)
    } else if (type === WALK_FRAME.refused) {
      if (this.#any) throw new ImplausibleReply('a refusal of what it walked')
      this.ending = { kind: 'refused', message: printable(checkedRefusal(header), 1000) }
    } else this.ending = { kind: 'end' }
  }
}

const MIB = 1 << 20
/** Of a header. A path of a thousand levels has 256 kB, and as JSON up to six times as much. */
const HEADER_BYTES: Readonly<Record<number, number>> = {
  [WALK_FRAME.entries]: 64 * MIB,
  [WALK_FRAME.about]: 4 * MIB,
  [WALK_FRAME.refused]: MIB,
  [WALK_FRAME.end]: 0,
}

function limitsOf({ type }: FrameHead): FrameLimits {
  const headerBytes = HEADER_BYTES[type]
  if (headerBytes === undefined) throw new BrokenFrame('a frame of an unknown kind')
  return { headerBytes, payloadBytes: 0 }
}
