/**
 * Checks the messages of a lister against the image and against the request.
 * A message that passes may still be false. But it describes bytes of this image, arrives once and in order,
 * and in the end covers every range of the medium.
 */
import type { ImageVerification, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { requireReading } from '../../wire/entry.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { type ImageFacts, type ListSetUp, MEDIUM } from '../../wire/list-protocol.ts'
import {
  batchMessage,
  countMessage,
  extentsMessage,
  factsMessage,
  type ListedTuple,
  type RefusalMessage,
  rangeMessage,
  refusalMessage,
  verificationMessage,
} from '../../wire/lister.ts'
import { unlockedMessage } from '../../wire/lock.ts'
import { walkedOf } from '../../wire/walk-protocol.ts'
import type { HeldImage } from '../held/held-image.ts'
import { requireLocks, requireUnlocked } from './checked-locks.ts'
import { factsOf, requireCovered, requireSameImage, requireWithin } from './checked-ranges.ts'

/** No content unpacks into more: Deflate makes 1,032 bytes of one at most. */
const MOST_RATIO = 1100

export class ListingCheck {
  readonly #held: HeldImage
  readonly #asked: Omit<ListSetUp, 'parentPid' | 'becomeId' | 'segments'>
  readonly #given = new Set<number>()
  #facts: ImageFacts | null = null
  #indexes: ReadonlyMap<string, number> = new Map()
  #at = 0
  #hashed = 0
  #verified = false
  #unlocked = false
  #extents = false

  constructor(held: HeldImage, asked: Omit<ListSetUp, 'parentPid' | 'becomeId' | 'segments'>) {
    this.#held = held
    this.#asked = asked
    for (const range of asked.given) this.#given.add(range)
  }

  facts(header: unknown): ImageFacts {
    if (this.#facts !== null) throw new ImplausibleReply('facts of the image for a second time')
    if (this.#asked.task === 'extents') throw new ImplausibleReply('what nobody asked for')
    const facts = factsMessage(header)
    requireCovered(facts)
    requireSameImage(this.#held, facts)
    requireLocks(facts, this.#asked.secrets)
    this.#indexes = new Map(facts.ranges.map(({ range }, i) => [JSON.stringify(range), i]))
    this.#facts = facts
    return facts
  }

  unlocked(header: unknown): readonly UnlockedVolume[] {
    const facts = this.#knownFacts()
    this.#requireTask('describe')
    if (this.#unlocked) throw new ImplausibleReply('keys of volumes for a second time')
    this.#unlocked = true
    const unlocked = unlockedMessage(header)
    requireUnlocked(facts, unlocked)
    return unlocked
  }

  at(header: unknown): number {
    const volumes = this.#volumes()
    this.#requireTask('list')
    const at = countMessage(header, volumes + 1)
    if (at <= this.#at) throw new ImplausibleReply('a volume out of turn')
    this.#at = at
    return at
  }

  entries(header: unknown): WalkedEntry[] {
    const volumes = this.#volumes()
    const { volume, entries } = batchMessage(header)
    if (this.#at === 0 || volume !== (this.#at === volumes + 1 ? MEDIUM : this.#at))
      throw new ImplausibleReply('entries of another volume than it is at')
    const length = this.#lengthOf(volume)
    const path = volume === MEDIUM ? ON_MEDIUM : pathsOf(volume)
    return entries.map((tuple) => {
      this.#requireOn(tuple, volume, length, path)
      return walkedOf(tuple)
    })
  }

  /** @returns also its place among the ranges of the facts */
  range(header: unknown): { readonly index: number; readonly listing: RangeListing } {
    this.#knownFacts()
    this.#requireTask('list')
    const listing = rangeMessage(header)
    const index = this.#indexes.get(JSON.stringify(listing.range.range))
    if (index === undefined) throw new ImplausibleReply('a range that the image does not have')
    if (this.#given.has(index)) throw new ImplausibleReply('a range for a second time')
    const { number } = listing.range.range
    if (this.#at !== (number ?? this.#volumes() + 1)) throw new ImplausibleReply('a range out of turn')
    requireWithin(listing, this.#asked)
    this.#given.add(index)
    return { index, listing }
  }

  hashed(header: unknown): number {
    this.#requireTask('verify')
    const bytes = countMessage(header, this.#knownFacts().image.sizeBytes)
    if (bytes <= this.#hashed) throw new ImplausibleReply('bytes that were hashed already')
    this.#hashed = bytes
    return bytes
  }

  verified(header: unknown): ImageVerification {
    const { image } = this.#knownFacts()
    this.#requireTask('verify')
    if (this.#verified) throw new ImplausibleReply('hashes of the medium for a second time')
    this.#verified = true
    const verification = verificationMessage(header)
    const expected = new Set([
      ...image.storedHashes.map(({ algorithm }) => algorithm),
      ...this.#asked.algorithms,
    ])
    if (expected.size === 0) expected.add('sha256')
    const said = verification.hashes.map(({ algorithm }) => algorithm)
    if (said.length !== expected.size || said.some((algorithm) => !expected.delete(algorithm)))
      throw new ImplausibleReply('hashes of other algorithms than were asked for')
    const opened = new Set(this.#asked.unlocked.map(({ volume }) => volume))
    if (verification.opened.some(({ volume }) => !opened.delete(volume)) || opened.size > 0)
      throw new ImplausibleReply('hashes of other volumes than are open')
    let end = 0
    for (const { offset, length } of verification.damage) {
      if (offset < end || length === 0 || offset + length > image.sizeBytes)
        throw new ImplausibleReply('damage that does not lie on the medium')
      end = offset + length
    }
    return verification
  }

  extents(header: unknown): readonly string[] | null {
    this.#requireTask('extents')
    if (this.#extents) throw new ImplausibleReply('names of extents for a second time')
    this.#extents = true
    return extentsMessage(header).names
  }

  /** Of an image that cannot be opened at all: not of one that was. */
  refused(header: unknown): RefusalMessage {
    if (factsOf(this.#held) !== null)
      throw new ImplausibleReply('a refusal of an image that was opened before')
    return refusalMessage(header)
  }

  /** The lister reports that it has finished. */
  end(): void {
    const { task } = this.#asked
    if (task === 'extents' && this.#extents) return
    const { ranges } = this.#knownFacts()
    if (
      (task === 'list' && this.#given.size < ranges.length) ||
      (task === 'verify' && !this.#verified) ||
      (task === 'describe' && !this.#unlocked)
    )
      throw new ImplausibleReply('an end before all was said')
  }

  #requireOn(tuple: ListedTuple, volume: number, length: number, paths: RegExp): void {
    const [path, kind, size, , , , , , , , , , , , read, named, on] = tuple
    const [ofVolume, status, basis, record, , place] = on
    if (ofVolume !== volume || !paths.test(path)) throw new ImplausibleReply('an entry of another volume')
    requireReading(kind, read)
    const sizeBytes = Number(size)
    if (!Number.isSafeInteger(sizeBytes)) throw new ImplausibleReply('a size out of range')
    const { sparseLogicalBytes, lists } = this.#asked
    if (read === null && sizeBytes > Math.max(sparseLogicalBytes, this.#size() * MOST_RATIO))
      throw new ImplausibleReply('a content larger than the image can hold')
    if ((status === 'carved') !== NAMELESS.test(path))
      throw new ImplausibleReply('a name for what was found without one')
    if (status === 'carved') requireCarved(record, sizeBytes, place, length, basis === 'reconstructed')
    if ((basis === 'reconstructed') !== (named ?? []).some(({ code }) => code === 'reconstructed'))
      throw new ImplausibleReply('a content put together without what confirms it')
    for (const { code, params } of named ?? []) {
      if (code !== 'listed-beginning') continue
      const isListed = lists.some(
        ({ name, meaning }) => name === params.list && (meaning ?? undefined) === params.meaning,
      )
      if (!isListed || basis !== 'known-beginning')
        throw new ImplausibleReply('the beginning of a content that no list has')
    }
  }

  #lengthOf(volume: number): number {
    if (volume === MEDIUM) return this.#size()
    return this.#knownFacts().ranges.find(({ range }) => range.number === volume)!.range.length
  }

  #size(): number {
    return this.#knownFacts().image.sizeBytes
  }

  #volumes(): number {
    return this.#knownFacts().ranges.filter(({ range }) => range.number !== null).length
  }

  #knownFacts(): ImageFacts {
    if (this.#facts === null) throw new ImplausibleReply('something before the facts of the image')
    return this.#facts
  }

  #requireTask(task: ListSetUp['task']): void {
    if (this.#asked.task !== task) throw new ImplausibleReply('what nobody asked for')
  }
}

/** A carved content lies inside its volume, in one run unless it was put together, and its name is the offset of the first. */
function requireCarved(
  record: number,
  sizeBytes: number,
  place: ListedTuple[16][5],
  length: number,
  isOfPieces: boolean,
): void {
  const runs = place.kind === 'runs' && (isOfPieces || place.runs.length === 1) ? place.runs : []
  const isOutside = runs.some((run) => run.offset === null || run.offset + run.length > length)
  const bytes = runs.reduce((sum, run) => sum + run.length, 0)
  if (runs[0]?.offset !== record || isOutside || bytes !== sizeBytes)
    throw new ImplausibleReply('a content that does not lie on its volume')
}

/** A name as written in a path (base/evidence-path.ts). */
const NAME = '(?:[^\\0\\x01]|\\x01[\\x01\\x02])'
const FOUND = '\\0(?:unallocated|slack|unread):\\d{1,16}'
const NAMELESS = new RegExp(`${FOUND}$`)
const ON_MEDIUM = /^\0unread:\d{1,16}$/

const kept = new Map<number, RegExp>()
const MOST_KEPT = 256

/** Paths that a lister may report on a volume. The volume itself is no entry of a lister. */
function pathsOf(volume: number): RegExp {
  const known = kept.get(volume)
  if (known) return known
  const named = `(?:\\0file:${NAME}+)?(?:\\0record:[\\d.-]+)?(?:\\0stream:${NAME}*)?`
  const paths = new RegExp(`^\\0volume:${volume}(?!$)(?:${FOUND}|${named})$`)
  if (kept.size < MOST_KEPT) kept.set(volume, paths)
  return paths
}
