/**
 * One confined lister, seen from the main process: its messages, and how it ended. It takes several requests,
 * one after the other.
 */
import type { Socket } from 'node:net'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { lastWords } from '../../base/last-words.ts'
import { printable } from '../../base/printable.ts'
import type { ImageVerification, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import {
  BrokenFrame,
  type Frame,
  type FrameHead,
  type FrameLimits,
  frameParts,
  NOTHING,
} from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { mainThreadCpuMsOf } from '../../process/proc.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { type ImageFacts, LIST_FRAME, type ListSetUp } from '../../wire/list-protocol.ts'
import type { RefusalMessage } from '../../wire/lister.ts'
import { type SourceChild, spawnImageChild } from '../confine/spawn-child.ts'
import type { HeldImage } from '../held/held-image.ts'
import { openedVolumes } from '../held/opened-volumes.ts'
import { ListingCheck } from './checked-listing.ts'
import { Silence } from './silence.ts'

export type ListSaid =
  | { readonly kind: 'facts'; readonly facts: ImageFacts }
  | { readonly kind: 'at'; readonly volume: number }
  | { readonly kind: 'entries'; readonly entries: readonly WalkedEntry[] }
  | { readonly kind: 'range'; readonly index: number; readonly listing: RangeListing }
  | { readonly kind: 'hashed'; readonly bytes: number }
  | { readonly kind: 'verified'; readonly verified: ImageVerification }
  | { readonly kind: 'unlocked'; readonly unlocked: readonly UnlockedVolume[] }
  | { readonly kind: 'extents'; readonly names: readonly string[] | null }

/** Request to a lister, without the settings of the process itself. */
export type ListTask = Omit<ListSetUp, 'parentPid' | 'becomeId' | 'segments' | 'unlocked'>

export interface ListEnding {
  readonly kind: 'end' | 'broken'
  readonly how: string
  /** The lister sent a message that cannot be true. */
  readonly implausible?: true
}

/** The lister hangs when this many checks in a row saw no progress. A late check of a busy program counts as one. */
const LOOKS = 20
/** Before the first name, the structures of a large volume take longer to read than a file. */
const STALL_FACTOR = 4

export class ListProcess {
  readonly #child: SourceChild
  readonly #image: HeldImage
  #timer: NodeJS.Timeout | undefined
  #said: ListSaid[] = []
  #moved = false
  #waiting = false
  #how = ''
  #errorOutput = ''
  #refused: RefusalMessage | null = null
  #implausible = false
  ending: ListEnding = { kind: 'broken', how: 'without a word' }

  constructor(image: HeldImage) {
    this.#image = image
    this.#child = spawnImageChild('image-lister', image.descriptors)
    this.#child.process.on('error', (error) => (this.#how = error.message))
    this.#child.process.on('exit', (code, signal) => (this.#how ||= signal ?? `exit code ${code}`))
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errorOutput = (this.#errorOutput + text.toString('latin1')).slice(-2000)
    })
    this.#child.heartbeats.on('data', () => (this.#moved = true))
  }

  /** @throws UsageError when the image cannot be opened */
  async *listen(
    setUp: ListTask,
    stallMs: number,
    packed: Buffer = NOTHING,
  ): AsyncGenerator<ListSaid, void, undefined> {
    this.ending = { kind: 'broken', how: 'without a word' }
    const unlocked = setUp.task === 'describe' ? [] : openedVolumes(this.#image)
    const whole: ListSetUp = {
      ...setUp,
      unlocked,
      parentPid: process.pid,
      becomeId: whoToBecome(),
      segments: this.#image.segments,
    }
    for (const part of frameParts({ type: LIST_FRAME.setUp, job: 0 }, whole, packed))
      this.#child.channel.write(part)
    const lookMs = Math.max(10, (stallMs * STALL_FACTOR) / LOOKS)
    const silence = new Silence(lookMs, lookMs * LOOKS)
    this.#timer = setInterval(() => this.#look(silence), lookMs)
    const check = new ListingCheck(this.#image, { ...setUp, unlocked })
    const frames = new FrameDecoder({ limitsOf, onFrame: (frame) => this.#onFrame(frame, check) })
    this.#waiting = true
    try {
      // The next chunk is read only after the last one was used: a listing is faster than the steps that
      // follow.
      for await (const chunk of this.#child.channel.iterator({ destroyOnReturn: false })) {
        this.#moved = true
        this.#waiting = false
        frames.push(chunk as Buffer)
        for (const said of this.#said.splice(0)) yield said
        if (this.ending.kind === 'end' || this.#refused) break
        this.#waiting = true
      }
    } catch (error) {
      const isLie = error instanceof BrokenFrame || error instanceof ImplausibleReply
      if (!isLie && !this.#implausible && !this.#isSocketError(error)) throw error
      // What came before it in the same chunk: where a chunk ends must not decide what is recorded.
      for (const said of this.#said.splice(0)) yield said
      // A lie explains more than the end of the process, which may have ended meanwhile.
      if (isLie) this.#how = error.message
      else this.#how ||= String(error)
      this.#implausible ||= isLie
    } finally {
      clearInterval(this.#timer)
    }
    if (this.#refused)
      throw new UsageError(`${printText(this.#image.path)}: ${printable(this.#refused.message, 1000)}`, {
        code: 'image-refused',
      })
    if (this.ending.kind !== 'end')
      this.ending = {
        kind: 'broken',
        how: this.#implausible
          ? printable(this.#how, 300)
          : lastWords(this.#how || 'without a word', this.#errorOutput),
        ...(this.#implausible && { implausible: true as const }),
      }
  }

  /** Ends the lister after a message that turned out to be impossible. */
  refuse(what: string): void {
    this.#how = new ImplausibleReply(what).message
    this.#implausible = true
    this.end()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#child.leave()
  }

  /** Lets the program end while the lister has no request; the lister then ends with the program. */
  rest(): void {
    for (const one of this.#handles()) one.unref()
  }

  /** @returns true where the lister still runs and takes requests */
  wake(): boolean {
    for (const one of this.#handles()) one.ref()
    return this.#how === '' && !this.#child.channel.destroyed
  }

  #handles(): readonly { ref(): void; unref(): void }[] {
    const { process, channel, heartbeats, stderr } = this.#child
    return [process, channel, heartbeats, stderr as Socket]
  }

  #isSocketError(error: unknown): boolean {
    return error instanceof Error && 'code' in error
  }

  #look(silence: Silence): void {
    const hangs = silence.look(this.#moved || !this.#waiting, mainThreadCpuMsOf(this.#child.process.pid))
    this.#moved = false
    if (!hangs || this.#child.inspected) return
    this.#how = 'it fell silent'
    this.end()
  }

  /** @throws BrokenFrame, ImplausibleReply */
  #onFrame({ type, job, header }: Frame, check: ListingCheck): void {
    if (job !== 0 || this.ending.kind === 'end' || this.#refused) throw new BrokenFrame('a frame out of turn')
    switch (type) {
      case LIST_FRAME.image:
        return void this.#said.push({ kind: 'facts', facts: check.facts(header) })
      case LIST_FRAME.unlocked:
        return void this.#said.push({ kind: 'unlocked', unlocked: check.unlocked(header) })
      case LIST_FRAME.at:
        return void this.#said.push({ kind: 'at', volume: check.at(header) })
      case LIST_FRAME.entries:
        return void this.#said.push({ kind: 'entries', entries: check.entries(header) })
      case LIST_FRAME.range:
        return void this.#said.push({ kind: 'range', ...check.range(header) })
      case LIST_FRAME.hashed:
        return void this.#said.push({ kind: 'hashed', bytes: check.hashed(header) })
      case LIST_FRAME.verified:
        return void this.#said.push({ kind: 'verified', verified: check.verified(header) })
      case LIST_FRAME.extents:
        return void this.#said.push({ kind: 'extents', names: check.extents(header) })
      case LIST_FRAME.refused:
        this.#refused = check.refused(header)
        return
      default:
        check.end()
        this.ending = { kind: 'end', how: '' }
    }
  }
}

const MIB = 1 << 20
/**
 * Largest header of each frame. Entries contain names of 32,767 characters, and runs of contents in a million
 * pieces.
 */
const HEADER_BYTES: Readonly<Record<number, number>> = {
  [LIST_FRAME.image]: 16 * MIB,
  [LIST_FRAME.unlocked]: 16 * MIB,
  [LIST_FRAME.at]: 32,
  [LIST_FRAME.entries]: 64 * MIB,
  [LIST_FRAME.range]: 16 * MIB,
  [LIST_FRAME.hashed]: 32,
  [LIST_FRAME.verified]: 64 * MIB,
  [LIST_FRAME.extents]: MIB,
  [LIST_FRAME.refused]: MIB,
  [LIST_FRAME.end]: 0,
}

function limitsOf({ type }: FrameHead): FrameLimits {
  const headerBytes = HEADER_BYTES[type]
  if (headerBytes === undefined) throw new BrokenFrame('a frame of an unknown kind')
  return { headerBytes, payloadBytes: 0 }
}
