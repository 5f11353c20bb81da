/**
 * Accounts for the breaks of a listing. A broken lister is started again. It gives up a volume after two breaks
 * at one place, or five anywhere on it, and this module then reports the ranges that the lister left out.
 */

import type { RangeListing } from '../../contracts/image-exhibit.ts'
import { notDone, outOfScope, type StageResult } from '../../contracts/stage.ts'
import type { ImageFacts } from '../../wire/list-protocol.ts'
import type { ListEnding } from './list-process.ts'

/** It breaks at another place each time: one that hostile bytes have taken over may do so for ever. */
const MOST_BREAKS = 5

export class BrokenListings {
  /** Volumes that are no longer listed. The number after the last volume means the bytes outside of all volumes. */
  readonly passOver: number[] = []
  /** Indices of the ranges that were reported completely. */
  readonly given: number[] = []
  readonly #breaks = new Map<number, number>()
  readonly #why = new Map<number, StageResult>()
  #brokeAt = ''

  /** @returns listings for the ranges of a volume that was already given up */
  broke(
    volume: number,
    entries: number,
    ending: ListEnding,
    facts: ImageFacts,
    volumes: readonly number[] | null,
  ): readonly RangeListing[] {
    const breaks = (this.#breaks.get(volume) ?? 0) + 1
    this.#breaks.set(volume, breaks)
    if (ending.implausible) this.#why.set(volume, senseless(ending.how))
    if (this.passOver.includes(volume)) return this.#rest(volume, facts, volumes)
    const here = `${volume} ${entries}`
    if (this.#brokeAt === here || breaks >= MOST_BREAKS) this.passOver.push(volume)
    this.#brokeAt = here
    return []
  }

  /** Adds the reason where the lister sent a message that cannot be true. */
  withReason(listing: RangeListing, volume: number): RangeListing {
    const { listed } = listing.range
    const why = this.#why.get(volume)
    if (why === undefined || listed.result === 'done' || listed.reason !== 'listing-crashed') return listing
    return { ...listing, range: { ...listing.range, listed: why } }
  }

  /** Volume 0: the lister breaks before the first volume, so the image gives no further ranges. */
  #rest(volume: number, { ranges }: ImageFacts, volumes: readonly number[] | null): RangeListing[] {
    const outside = ranges.filter(({ range }) => range.number !== null).length + 1
    const listed = this.#why.get(volume) ?? notDone('listing-crashed')
    return ranges.flatMap(({ range }, index) => {
      if (this.given.includes(index) || (volume !== 0 && (range.number ?? outside) !== volume)) return []
      this.given.push(index)
      const isAsked = range.number === null || volumes === null || volumes.includes(range.number)
      const result = isAsked ? listed : outOfScope('scope-volume')
      const none = { fileSystem: null, classes: null, problems: [] }
      // The range of a table needs no listing: its offset and length are all of it.
      return [
        {
          range: { range, listed: range.kind === 'table' ? DONE : result, ...none },
          damage: [],
          samples: [],
        },
      ]
    })
  }
}

const DONE: StageResult = { result: 'done' }

function senseless(how: string): StageResult {
  return notDone('listing-crashed', { code: 'answer-senseless', params: { text: how } })
}
