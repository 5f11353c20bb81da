/**
 * The listing of an image in a confined process of its own, as the run sees it.
 *
 * A lister that ends or falls silent is started again and counts up to where it was; one that breaks a second time at the same
 * place costs what is left of that volume, which is then `listing-crashed`, and the next volume is listed.
 */
import { ProcessFailed } from '../../base/errors.ts'
import type { ListedBeginnings } from '../../contracts/hash-set.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ImageHash, ImageVerification, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { ImageFacts, RemainsAsked } from '../../wire/list-protocol.ts'
import type { HeldImage } from '../held/held-image.ts'
import { type ListEnding, ListProcess } from './list-process.ts'
import { volumeEntry } from './volume-entry.ts'

export interface ListAsideOptions extends Omit<RemainsAsked, 'lists'> {
  readonly beginnings: ListedBeginnings | null
  readonly sparseLogicalBytes: number
  /** After so long without a sign of movement, the lister is taken to hang. */
  readonly readStallMs: number
  /** Met by a verification of the whole image; none where there was no such. */
  readonly damage: readonly Damage[]
  /** Volumes to list; null: all. */
  readonly volumes: readonly number[] | null
}

export type ListEvent =
  | { readonly kind: 'facts'; readonly facts: ImageFacts }
  | { readonly kind: 'entries'; readonly entries: readonly WalkedEntry[] }
  | { readonly kind: 'range'; readonly listing: RangeListing }

/** @throws UsageError when the image cannot be opened at all; ProcessFailed when the lister ends without having come anywhere */
export async function* listAside(
  image: HeldImage,
  options: ListAsideOptions,
): AsyncGenerator<ListEvent, void, undefined> {
  const passOver: number[] = []
  let at = { volume: 0, entries: 0 }
  let brokeAt: string | null = null
  const given = new Set<number>()
  let factsGiven = false
  for (;;) {
    const lister = listerOf(image)
    let ending: ListEnding
    try {
      const { beginnings, ...asked } = options
      const setUp = {
        ...asked,
        lists: beginnings?.lists ?? [],
        task: 'list' as const,
        algorithms: [],
        passOver,
        after: at.volume === 0 ? null : at,
      }
      for await (const said of lister.listen(setUp, options.readStallMs, beginnings?.packed)) {
        if (said.kind === 'facts' && !factsGiven) {
          factsGiven = true
          yield said
        } else if (said.kind === 'at')
          at = said.volume === at.volume ? at : { volume: said.volume, entries: 0 }
        else if (said.kind === 'entries') {
          yield { kind: 'entries', entries: said.entries }
          at = { volume: at.volume, entries: at.entries + said.entries.length }
        } else if (said.kind === 'range' && !given.has(said.listing.range.range.offset)) {
          given.add(said.listing.range.range.offset)
          const { range } = said.listing
          const { number } = range.range
          if (number !== null) yield { kind: 'entries', entries: [volumeEntry(range, number)] }
          yield said
        }
      }
    } finally {
      lister.end()
      ending = lister.ending
    }
    if (ending.kind === 'end') return
    if (at.volume === 0) throw new ProcessFailed('list', ending.how)
    const here = `${at.volume} ${at.entries}`
    if (brokeAt === here) passOver.push(at.volume)
    brokeAt = here
  }
}

/**
 * What the image and its volumes are, without listing them. Its process waits for what is asked next, to be found by
 * {@link listerOf}: starting another costs a third of a second.
 * @throws UsageError when it cannot be opened
 */
export async function describeImage(image: HeldImage, readStallMs: number): Promise<ImageFacts> {
  const lister = new ListProcess(image)
  let facts: ImageFacts | null = null
  try {
    const setUp = { ...UNLISTED, task: 'describe' as const }
    for await (const said of lister.listen(setUp, readStallMs)) if (said.kind === 'facts') facts = said.facts
    if (facts === null) throw new ProcessFailed('list', lister.ending.how)
    if (lister.ending.kind === 'end') keep(image, lister)
    return facts
  } finally {
    if (waiting.get(image) === lister) lister.rest()
    else lister.end()
  }
}

const waiting = new WeakMap<HeldImage, ListProcess>()
/** Hash lists of a million records load meanwhile; a review may go on for hours and list nothing. */
const WAITS_MS = 60_000

function keep(image: HeldImage, lister: ListProcess): void {
  waiting.set(image, lister)
  setTimeout(() => {
    if (waiting.get(image) !== lister) return
    waiting.delete(image)
    lister.end()
  }, WAITS_MS).unref()
}

/** The one that waits, or a new one. */
function listerOf(image: HeldImage): ListProcess {
  const kept = waiting.get(image)
  waiting.delete(image)
  if (kept?.wake()) return kept
  kept?.end()
  return new ListProcess(image)
}

/**
 * Every byte of the medium, hashed by a confined process.
 * @param algorithms besides those that the image stores
 * @throws UsageError when it cannot be opened
 */
export async function verifyAside(
  image: HeldImage,
  algorithms: readonly ImageHash['algorithm'][],
  readStallMs: number,
  hashed: (bytes: number, facts: ImageFacts) => void = () => {},
): Promise<{ readonly facts: ImageFacts; readonly verified: ImageVerification }> {
  const lister = listerOf(image)
  let facts: ImageFacts | null = null
  try {
    const setUp = { ...UNLISTED, task: 'verify' as const, algorithms }
    for await (const said of lister.listen(setUp, readStallMs)) {
      if (said.kind === 'facts') facts = said.facts
      else if (said.kind === 'hashed' && facts) hashed(said.bytes, facts)
      else if (said.kind === 'verified' && facts) return { facts, verified: said.verified }
    }
    throw new ProcessFailed('list', lister.ending.how)
  } finally {
    lister.end()
  }
}

const UNLISTED = {
  algorithms: [],
  remains: 'none' as const,
  sample: null,
  lists: [],
  damage: [],
  sparseLogicalBytes: 0,
  volumes: null,
  passOver: [],
  after: null,
}
