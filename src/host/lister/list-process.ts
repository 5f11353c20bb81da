/** One confined lister as the run sees it: what it says, and how it ended. It may be asked several times, one after the other. */
import type { Socket } from 'node:net'
import { UsageError } from '../../base/errors.ts'
import { printText, volumePath } from '../../base/evidence-path.ts'
import { lastWords } from '../../base/last-words.ts'
import type { ImageVerification, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import { BrokenFrame, type Frame, frameParts, NOTHING } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { mainThreadCpuMsOf } from '../../process/proc.ts'
import {
  type ImageFacts,
  LIST_FRAME,
  LIST_LIMITS,
  type ListedBatch,
  type ListSetUp,
  MEDIUM,
  type Refusal,
} from '../../wire/list-protocol.ts'
import { walkedOf } from '../../wire/walk-protocol.ts'
import { type SourceChild, spawnImageChild } from '../confine/spawn-child.ts'
import type { HeldImage } from '../held/held-image.ts'
import { Silence } from './silence.ts'

export type ListSaid =
  | { readonly kind: 'facts'; readonly facts: ImageFacts }
  | { readonly kind: 'at'; readonly volume: number }
  | { readonly kind: 'entries'; readonly entries: readonly WalkedEntry[] }
  | { readonly kind: 'range'; readonly listing: RangeListing }
  | { readonly kind: 'hashed'; readonly bytes: number }
  | { readonly kind: 'verified'; readonly verified: ImageVerification }

export interface ListEnding {
  readonly kind: 'end' | 'broken'
  readonly how: string
}

/** It hangs when so many looks in a row saw nothing move: one late look of a busy program is one look. */
const LOOKS = 20
/** Structures of a large volume are read for longer than a file before the first name comes. */
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
  #refused: Refusal | null = null
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
    setUp: Omit<ListSetUp, 'parentPid' | 'becomeId' | 'segments'>,
    stallMs: number,
    packed: Buffer = NOTHING,
  ): AsyncGenerator<ListSaid, void, undefined> {
    this.ending = { kind: 'broken', how: 'without a word' }
    const whole: ListSetUp = {
      ...setUp,
      parentPid: process.pid,
      becomeId: whoToBecome(),
      segments: this.#image.segments,
    }
    for (const part of frameParts({ type: LIST_FRAME.setUp, job: 0 }, whole, packed))
      this.#child.channel.write(part)
    const lookMs = Math.max(10, (stallMs * STALL_FACTOR) / LOOKS)
    const silence = new Silence(lookMs, lookMs * LOOKS)
    this.#timer = setInterval(() => this.#look(silence), lookMs)
    const frames = new FrameDecoder({ limitsOf: () => LIST_LIMITS, onFrame: (frame) => this.#onFrame(frame) })
    this.#waiting = true
    try {
      // Asking for the next chunk only when the last was used: a listing is faster than what follows it.
      for await (const chunk of this.#child.channel.iterator({ destroyOnReturn: false })) {
        this.#moved = true
        this.#waiting = false
        frames.push(chunk as Buffer)
        for (const said of this.#said.splice(0)) yield said
        if (this.ending.kind === 'end' || this.#refused) break
        this.#waiting = true
      }
    } catch (error) {
      if (!(error instanceof BrokenFrame) && !(error instanceof RangeError) && !this.#isSocketError(error))
        throw error
      this.#how ||= error instanceof Error ? error.message : String(error)
    } finally {
      clearInterval(this.#timer)
    }
    if (this.#refused)
      throw new UsageError(`${printText(this.#image.path)}: ${this.#refused.message}`, {
        code: 'image-refused',
      })
    if (this.ending.kind !== 'end')
      this.ending = { kind: 'broken', how: lastWords(this.#how || 'without a word', this.#errorOutput) }
  }

  end(): void {
    clearInterval(this.#timer)
    this.#child.leave()
  }

  /** While nobody asks it anything, the program may end; it ends with the program. */
  rest(): void {
    for (const one of this.#handles()) one.unref()
  }

  /** @returns whether it is there to be asked again */
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
    if (!hangs) return
    this.#how = 'it fell silent'
    this.end()
  }

  #onFrame({ type, header }: Frame): void {
    switch (type) {
      case LIST_FRAME.image:
        return void this.#said.push({ kind: 'facts', facts: header as ImageFacts })
      case LIST_FRAME.at:
        return void this.#said.push({ kind: 'at', volume: Number(header) })
      case LIST_FRAME.entries:
        return void this.#said.push({ kind: 'entries', entries: entriesOf(header as ListedBatch) })
      case LIST_FRAME.range:
        return void this.#said.push({ kind: 'range', listing: header as RangeListing })
      case LIST_FRAME.hashed:
        return void this.#said.push({ kind: 'hashed', bytes: Number(header) })
      case LIST_FRAME.verified:
        return void this.#said.push({ kind: 'verified', verified: header as ImageVerification })
      case LIST_FRAME.end:
        this.ending = { kind: 'end', how: '' }
        return
      case LIST_FRAME.refused:
        this.#refused = header as Refusal
        return
      default:
        throw new BrokenFrame(`a frame of type ${type}`)
    }
  }
}

const ZERO = Buffer.from([0])
/** Outside of every volume nothing has a name. */
const UNREAD = Buffer.from('\0unread:')

/** @throws RangeError when the lister names what does not lie on the volume that it works at */
function entriesOf({ volume, entries }: ListedBatch): WalkedEntry[] {
  const above = volume === MEDIUM ? UNREAD : Buffer.concat([volumePath(volume, Buffer.alloc(0)).bytes, ZERO])
  return entries.map((tuple) => {
    const walked = walkedOf(tuple)
    const { bytes } = walked.entry.path
    if (!bytes.subarray(0, above.length).equals(above) || walked.entry.onImage?.volume !== volume)
      throw new RangeError('an entry of another volume')
    return walked
  })
}
