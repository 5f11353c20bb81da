/** Streams of the entry that the walk visited last. They follow directly after it, in the order of evidence paths. */
import { type ByteString, byteString } from '../../base/byte-string.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { priorityClassIn } from '../../media-types/priority-class.ts'
import type { Trace } from '../../mounts/walk-options.ts'
import type { Place } from '../../wire/walk-protocol.ts'
import { ExtendedAttributes, unnamedStream } from './extended-attributes.ts'
import { passedOver } from './walk-entry.ts'
import type { Frame } from './walk-frame.ts'

export class WalkStreams {
  readonly #extended = new ExtendedAttributes()
  readonly #after: ByteString | null
  readonly #stuck: ReadonlyMap<ByteString, Place>
  readonly #trace: Trace
  #waiting: readonly WalkedEntry[] = []

  constructor(after: ByteString | null, stuck: ReadonlyMap<ByteString, Place>, trace: Trace) {
    this.#after = after
    this.#stuck = stuck
    this.#trace = trace
  }

  /** @param at path for access to the entry, without symbolic links on the way */
  beside(walked: WalkedEntry, at: Buffer, { folder }: Frame, name: ByteString): WalkedEntry {
    const { entry } = walked
    const path = byteString(entry.path.bytes)
    const stuck = this.#stuck.get(path)
    if (stuck?.call === 'attributes') {
      this.#waiting = [{ entry: unnamedStream(entry), read: passedOver(stuck) }]
      return walked
    }
    this.#trace.at({ path, call: 'attributes' })
    // Priority class from the stream's name or from its file's name: the more likely one.
    const band = (stream: string, size: bigint) =>
      Math.min(priorityClassIn(folder, byteString(stream), size), priorityClassIn(folder, name, size))
    const { named, streams } = this.#extended.of({ entry, at, device: entry.device!, band })
    this.#waiting = streams
    return named.length === 0 ? walked : { ...walked, named }
  }

  /** Streams of the last entry, without those that an earlier walk listed. */
  given(): readonly WalkedEntry[] {
    const streams = this.#waiting
    if (streams.length === 0) return streams
    this.#waiting = []
    const after = this.#after
    return after === null ? streams : streams.filter(({ entry }) => byteString(entry.path.bytes) > after)
  }
}
