/**
 * Lists an image in a confined process of its own.
 *
 * After a lister that ends, falls silent or sends a message that cannot be true, another lister lists the
 * volume from the beginning and recorded entries are skipped. A second break at one place, or a fifth anywhere
 * on a volume, costs the rest of that volume (`listing-crashed`).
 */
import { ProcessFailed } from '../../base/errors.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { ListedHeaderHashes } from '../../contracts/hash-set.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ImageHash, ImageVerification, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { Secret } from '../../contracts/lock.ts'
import type { ImageFacts, RemainsAsked } from '../../wire/list-protocol.ts'
import type { HeldImage } from '../held/held-image.ts'
import { keepOpened } from '../held/opened-volumes.ts'
import { BrokenListings } from './broken-listings.ts'
import { factsOf } from './checked-ranges.ts'
import { ListProcess, type ListTask } from './list-process.ts'
import { volumeEntry } from './volume-entry.ts'

export interface ListAsideOptions extends Omit<RemainsAsked, 'lists'> {
  readonly beginnings: ListedHeaderHashes | null
  readonly sparseLogicalBytes: number
  /** After so long without a sign of movement, the lister is taken to hang. */
  readonly readStallMs: number
  /** Damage that a verification of the whole image found; empty without a verification. */
  readonly damage: readonly Damage[]
  /** Volumes to list; null: all. */
  readonly volumes: readonly number[] | null
  /**
   * True for an entry that is recorded. Asked for every entry of a second lister, because the first may have
   * left some out.
   * Absent: the second lister is assumed to report the same entries in the same order.
   */
  readonly isListed?: ((path: EvidencePath) => boolean) | undefined
  /** Reason why the last entry is refused; null: it is accepted. */
  readonly refusal?: (() => string | null) | undefined
}

export type ListEvent =
  | { readonly kind: 'facts'; readonly facts: ImageFacts }
  | { readonly kind: 'entries'; readonly entries: readonly WalkedEntry[] }
  | { readonly kind: 'range'; readonly listing: RangeListing }

/** @throws UsageError when the image cannot be opened at all; ProcessFailed when the lister ends before any result */
export async function* listInProcess(
  image: HeldImage,
  options: ListAsideOptions,
): AsyncGenerator<ListEvent, void, undefined> {
  const { beginnings, isListed, refusal, ...asked } = options
  const broken = new BrokenListings()
  let given = 0
  for (let isFirst = true; ; isFirst = false) {
    const lister = listerOf(image)
    let at = { volume: 0, entries: 0 }
    const isNew = ({ entry }: WalkedEntry) =>
      isFirst || (isListed ? !isListed(entry.path) : at.entries >= given)
    try {
      const setUp: ListTask = {
        ...asked,
        lists: beginnings?.lists ?? [],
        task: 'list',
        algorithms: [],
        passOver: broken.passOver,
        given: broken.given,
        secrets: [],
      }
      for await (const said of lister.listen(setUp, options.readStallMs, beginnings?.packed)) {
        if (said.kind === 'facts' && isFirst) yield said
        else if (said.kind === 'at') at = { volume: said.volume, entries: 0 }
        else if (said.kind === 'entries') {
          const entries: WalkedEntry[] = []
          for (const walked of said.entries) {
            if (isNew(walked)) entries.push(walked)
            at.entries++
          }
          if (entries.length > 0) yield { kind: 'entries', entries }
          const refused = refusal?.() ?? null
          if (refused !== null) lister.refuse(refused)
        } else if (said.kind === 'range') {
          broken.given.push(said.index)
          given = 0
          yield* rangeSaid(broken.withReason(said.listing, at.volume))
        }
      }
    } finally {
      lister.end()
    }
    const { ending } = lister
    if (ending.kind === 'end') return
    const facts = factsOf(image)
    if (facts === null || (at.volume === 0 && !ending.implausible))
      throw new ProcessFailed('list', ending.how)
    given = Math.max(given, at.entries)
    const rest = broken.broke(at.volume, at.entries, ending, facts, options.volumes)
    for (const listing of rest) yield* rangeSaid(listing)
    if (broken.given.length === facts.ranges.length) return
  }
}

/** A volume is an entry, too. */
function* rangeSaid(listing: RangeListing): Generator<ListEvent> {
  const { number } = listing.range.range
  if (number !== null) yield { kind: 'entries', entries: [volumeEntry(listing.range, number)] }
  yield { kind: 'range', listing }
}

/**
 * Describes the image and its volumes without listing them; volumes that a secret opens are open from then on. Its
 * process then waits for the next request, and {@link listerOf} finds it: starting another process costs a third of a
 * second.
 * @throws UsageError when the image cannot be opened
 */
export async function describeImage(
  image: HeldImage,
  readStallMs: number,
  secrets: readonly Secret[] = [],
): Promise<ImageFacts> {
  const lister = new ListProcess(image)
  let facts: ImageFacts | null = null
  try {
    const setUp = { ...UNLISTED, task: 'describe' as const, secrets }
    for await (const said of lister.listen(setUp, readStallMs)) {
      if (said.kind === 'facts') facts = said.facts
      else if (said.kind === 'unlocked' && facts)
        keepOpened(image, { locks: facts.locks, unlocked: said.unlocked })
    }
    if (facts === null) throw new ProcessFailed('list', lister.ending.how)
    if (lister.ending.kind === 'end') keep(image, lister)
    return facts
  } finally {
    if (waiting.get(image) === lister) lister.rest()
    else lister.end()
  }
}

const waiting = new WeakMap<HeldImage, ListProcess>()
/** Milliseconds. Hash lists of a million records load meanwhile; a review may go on for hours and list nothing. */
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
 * Hashes every byte of the medium in a confined process.
 * @param algorithms in addition to those that the image stores
 * @throws UsageError when the image cannot be opened
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

/** Settings of a request that lists nothing. */
export const UNLISTED = {
  algorithms: [],
  remains: 'none' as const,
  sample: null,
  lists: [],
  damage: [],
  sparseLogicalBytes: 0,
  volumes: null,
  passOver: [],
  given: [],
  secrets: [],
}
