/**
 * Files of shadow copies whose content differs from today's volume: changed since, or removed. Every piece of them is
 * on the volume itself, so they are read like other files.
 */
import type { ContentPlace, DataRun } from '../../../../../contracts/content-place.ts'
import type { Medium, StatedField, VolumeEntry } from '../../../../../contracts/image.ts'
import { contentOf } from '../../../content/content.ts'
import { BlockMap } from './block-map.ts'
import { createdUtc, shadowCopies } from './catalogue.ts'
import { joined, ShadowVolume } from './shadow-volume.ts'

/** Earlier records, and files in `$Extend`, belong to the file system and change all the time. */
const FIRST_OF_USERS = 24
/** The stores of shadow copies, and their catalogue. */
const STORE = /\{3808876b-c176-4e48-b7ae-04046e6cc752\}$/i
/** Contents in file records move with their record; up to this size they are compared byte by byte. */
const COMPARED_BYTES = 64 * 1024
/** Kept in pieces of 16 KiB: 1.5 GB of alternating pieces. A content in more pieces is reported and not read. */
const MOST_RUNS = 100_000

/** The live files of an NTFS volume, in the order of their records. */
export type LiveFiles = (volume: Medium) => Iterable<VolumeEntry>

export interface EarlierFiles {
  readonly stated: readonly StatedField[]
  /**
   * @param problem called for each omission: `shadow-catalogue-damaged`, `shadow-copy-damaged`, `shadow-copy-elsewhere`
   */
  entries(problem: (code: string, detail: string) => void): Generator<VolumeEntry, void, undefined>
}

export function earlierFiles(volume: Medium, live: LiveFiles): EarlierFiles {
  const { copies, damaged } = shadowCopies(volume)
  const count = copies.length > 0 || damaged ? [{ name: 'shadow-copies', value: `${copies.length}` }] : []
  return {
    stated: [
      ...count,
      ...copies.map((copy, index) => ({
        name: `shadow-copy-${index + 1}`,
        value: `${copy.id} ${createdUtc(copy)}`.trim(),
      })),
    ],
    *entries(problem) {
      if (damaged) problem('shadow-catalogue-damaged', '')
      const maps: BlockMap[] = []
      // From the newest back: each copy needs the later ones.
      for (let index = copies.length - 1; index >= 0; index--) {
        const { store } = copies[index]!
        const known = store && maps.every((map) => !map.damaged) ? new BlockMap(volume, store) : null
        if (known) maps.unshift(known)
        if (store === null) problem('shadow-copy-elsewhere', `${index + 1}`)
        else if (!known || known.damaged) problem('shadow-copy-damaged', `${index + 1}`)
        else yield* filesOf(index + 1, new ShadowVolume(volume, [...maps]), volume, live)
      }
    },
  }
}

function* filesOf(
  number: number,
  shadow: ShadowVolume,
  volume: Medium,
  live: LiveFiles,
): Generator<VolumeEntry, void, undefined> {
  const today = new Records(live(volume))
  const folder = Buffer.from(`$ShadowCopy-${number}`)
  try {
    for (const entry of live(shadow.medium)) {
      if (entry.kind !== 'file' || entry.record < FIRST_OF_USERS || entry.sizeBytes === 0) continue
      if (isOfTheSystem(entry)) continue
      const place = placeOn(entry.place, shadow)
      if (today.of(entry.record).some((one) => isSame(one, { ...entry, place }, volume))) continue
      yield { ...entry, path: [folder, ...entry.path], status: 'deleted', basis: 'shadow-copy', place }
    }
  } finally {
    today.end()
  }
}

const isOfTheSystem = ({ path }: VolumeEntry): boolean =>
  path[0]?.toString('latin1') === '$Extend' || STORE.test(path.at(-1)?.toString('latin1') ?? '')

/** Entries in the order of their records, requested in the same order. */
class Records {
  readonly #entries: Iterator<VolumeEntry>
  #next: IteratorResult<VolumeEntry>
  #group: VolumeEntry[] = []

  constructor(entries: Iterable<VolumeEntry>) {
    this.#entries = entries[Symbol.iterator]()
    this.#next = this.#entries.next()
  }

  of(record: number): readonly VolumeEntry[] {
    if (this.#group[0]?.record === record) return this.#group
    this.#group = []
    while (!this.#next.done && this.#next.value.record <= record) {
      if (this.#next.value.record === record) this.#group.push(this.#next.value)
      this.#next = this.#entries.next()
    }
    return this.#group
  }

  end(): void {
    this.#entries.return?.()
  }
}

function isSame(now: VolumeEntry, then: VolumeEntry, volume: Medium): boolean {
  const { sizeBytes } = now
  if (sizeBytes !== then.sizeBytes || !sameStream(now.stream, then.stream)) return false
  const [one, other] = [now.place, then.place]
  if (one.kind === 'none' || other.kind === 'none') return one.kind === other.kind
  if (sameJson(plain(one), plain(other))) return true
  if (sizeBytes > COMPARED_BYTES) return false
  const bytesOf = (place: typeof one): Buffer => {
    const bytes = Buffer.alloc(sizeBytes)
    contentOf(volume, place, sizeBytes).readInto(bytes, 0)
    return bytes
  }
  return bytesOf(one).equals(bytesOf(other))
}

const sameStream = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b)
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const plain = (place: ContentPlace): ContentPlace =>
  'runs' in place ? { ...place, runs: joined(place.runs) } : place

function placeOn(place: ContentPlace, shadow: ShadowVolume): ContentPlace {
  if (!('runs' in place)) return place
  const runs = shadow.runsOf(place.runs)
  if (runs.length > MOST_RUNS) return NOT_BUILT
  // Holes define how a compressed content is stored; a hole from a block that was not kept would change that.
  if (place.kind === 'coded' && holesIn(runs) !== holesIn(place.runs)) return NOT_RECORDED
  return { ...place, runs }
}

const NOT_BUILT: ContentPlace = { kind: 'none', reason: 'not-built', detail: 'in too many pieces' }
const NOT_RECORDED: ContentPlace = { kind: 'none', reason: 'not-recorded', detail: 'not kept whole' }

const holesIn = (runs: readonly DataRun[]): number =>
  runs.reduce((sum, { offset, length }) => sum + (offset === null ? length : 0), 0)
