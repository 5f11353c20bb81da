/**
 * What a listing costs whose process breaks: it is started again, gives the volume up at which it breaks twice at one place or five times
 * anywhere, and what it does not even say of such a volume is said here.
 */

import type { RangeListing } from '../../contracts/image-exhibit.ts'
import { notDone, outOfScope, type StageResult } from '../../contracts/stage.ts'
import type { ImageFacts } from '../../wire/list-protocol.ts'
import type { ListEnding } from './list-process.ts'

/** It breaks at another place each time: one that hostile bytes have taken over may do so for ever. */
const MOST_BREAKS = 5

export class BrokenListings {
  /** Volumes that are not listed any more; one more than there are stands for what lies outside of them. */
  readonly passOver: number[] = []
  /** Ranges of which all was said, by their places. */
  readonly given: number[] = []
  readonly #breaks = new Map<number, number>()
  readonly #why = new Map<number, StageResult>()
  #brokeAt = ''

  /** @returns what is said of the ranges of a volume that was given up already */
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

  /** With the reason, where its lister had said something that cannot be. */
  withReason(listing: RangeListing, volume: number): RangeListing {
    const { listed } = listing.range
    const why = this.#why.get(volume)
    if (why === undefined || listed.result === 'done' || listed.reason !== 'listing-crashed') return listing
    return { ...listing, range: { ...listing.range, listed: why } }
  }

  /** Volume 0: it breaks before it comes to any, and nothing more is to be had of the image. */
  #rest(volume: number, { ranges }: ImageFacts, volumes: readonly number[] | null): RangeListing[] {
    const outside = ranges.filter(({ range }) => range.number !== null).length + 1
    const listed = this.#why.get(volume) ?? notDone('listing-crashed')
    return ranges.flatMap(({ range }, index) => {
      if (this.given.includes(index) || (volume !== 0 && (range.number ?? outside) !== volume)) return []
      this.given.push(index)
      const isAsked = range.number === null || volumes === null || volumes.includes(range.number)
      const result = isAsked ? listed : outOfScope('scope-volume')
      const none = { fileSystem: null, classes: null, problems: [] }
      // Of a table all is said by where it lies.
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
