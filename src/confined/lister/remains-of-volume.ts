/**
 * Unallocated and slack analysis of a volume. It searches header hashes of listed contents in unallocated space and in
 * slack of live files, and carves files by structure in unallocated space. It does both in unlisted ranges (a gap, a
 * volume without a reader). With a legal basis for text it gives runs of text there and in slack. It also draws random blocks of unallocated space.
 *
 * A matching header hash is an attribute of an entry, never a hit. The ordinary read determines whether the whole
 * content is there.
 */
import { attribute } from '../../contracts/attribute.ts'
import type { ByteRange, FileSystem, Medium, VolumeEntry, VolumeProblem } from '../../contracts/image.ts'
import type { BlockSample } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { type CarvedFile, carve } from '../../formats/image/remains/carve.ts'
import { FreeClusters } from '../../formats/image/remains/free-clusters.ts'
import { CARVERS } from '../../formats/image/remains/index.ts'
import { beginningsIn, type HeaderHashFound } from '../../formats/image/remains/known-header-hashes.ts'
import { sampled } from '../../formats/image/remains/sample.ts'
import { slackOf } from '../../formats/image/remains/slack.ts'
import type { HeaderHashIndex } from '../../wire/header-hash-index.ts'
import type { RemainsAsked } from '../../wire/list-protocol.ts'
import { MOST_FILE_BYTES, namelessEntry } from './carved-entry.ts'
import { TextsOfVolume } from './texts-of-volume.ts'

/**
 * The same bytes. Calls `passed` when a read goes further than all earlier reads, so a loop does not count as progress.
 */
function onTheWay(bytes: Medium, passed: () => void): Medium {
  let furthest = 0
  return {
    sizeBytes: bytes.sizeBytes,
    damageIn: (offset, length) => bytes.damageIn(offset, length),
    readInto(target, offset) {
      if (offset + target.length > furthest) {
        furthest = offset + target.length
        passed()
      }
      return bytes.readInto(target, offset)
    },
  }
}

/** Contents start at sectors, also contents of an earlier file system. */
const SECTOR_BYTES = 512

export class RemainsOfVolume {
  readonly #volume: number
  readonly #bytes: Medium
  readonly #asked: RemainsAsked
  readonly #passed: () => void
  readonly #known: HeaderHashIndex
  /** Offsets of matches. Contents that share clusters share slack, and a match is not carved again. */
  readonly #found = new Set<number>()
  readonly #texts: TextsOfVolume

  /** @param passed called when a search makes progress: on a terabyte it may find nothing for an hour */
  constructor(
    volume: number,
    bytes: Medium,
    asked: RemainsAsked,
    known: HeaderHashIndex,
    passed: () => void = () => {},
  ) {
    this.#passed = passed
    this.#volume = volume
    this.#bytes = bytes
    this.#asked = asked
    this.#known = known
    this.#texts = new TextsOfVolume(volume, onTheWay(bytes, passed), this.#found)
  }

  *behind(entry: VolumeEntry, fileSystem: FileSystem): Generator<WalkedEntry, void, undefined> {
    yield* this.#beginningsBehind(entry, fileSystem)
    if (this.#asked.remains !== 'carve-text') return
    yield* this.#texts.in('slack', slackOf(entry, fileSystem), fileSystem, entry.record)
  }

  *#beginningsBehind(entry: VolumeEntry, fileSystem: FileSystem): Generator<WalkedEntry, void, undefined> {
    if (this.#asked.remains === 'none' || this.#known.length === 0) return
    const ranges = slackOf(entry, fileSystem).flatMap(({ offset, length }) => {
      const from = Math.ceil(offset / SECTOR_BYTES) * SECTOR_BYTES
      return from < offset + length ? [{ offset: from, length: offset + length - from }] : []
    })
    for (const found of this.#beginnings(ranges)) yield this.#listed('slack', found)
  }

  /** A content that has a name and was put together: its beginning is not carved again. */
  passOver({ place }: VolumeEntry): void {
    const first = 'runs' in place ? place.runs[0]?.offset : null
    if (typeof first === 'number') this.#found.add(first)
  }

  inFreeSpace(fileSystem: FileSystem): Generator<WalkedEntry, void, undefined> {
    const grid = Math.max(fileSystem.clusterBytes, SECTOR_BYTES)
    return this.#sought('unallocated', () => fileSystem.unallocated(), grid, fileSystem)
  }

  /** Searches unlisted ranges. @param where `unallocated` if the ranges are known to be free */
  within(
    where: 'unallocated' | 'unread',
    ranges: readonly ByteRange[],
  ): Generator<WalkedEntry, void, undefined> {
    return this.#sought(where, () => ranges, SECTOR_BYTES)
  }

  *#sought(
    where: 'unallocated' | 'unread',
    ranges: () => Iterable<ByteRange>,
    grid: number,
    fileSystem: FileSystem | null = null,
  ): Generator<WalkedEntry, void, undefined> {
    const { remains } = this.#asked
    if (remains === 'none') return
    for (const found of this.#beginnings(ranges())) yield this.#listed(where, found)
    if (remains !== 'carve' && remains !== 'carve-text') return
    const limits = { fileBytes: MOST_FILE_BYTES }
    const bytes = onTheWay(this.#bytes, this.#passed)
    const free = new FreeClusters(ranges(), grid)
    for (const file of carve(bytes, ranges(), grid, CARVERS, limits, undefined, free))
      if (!this.#found.has(file.offset)) {
        this.#texts.passOver(file)
        yield this.#carved(where, file)
      }
    if (remains === 'carve-text') yield* this.#texts.in(where, ranges(), fileSystem)
  }

  /** What the search left out. */
  problems(): VolumeProblem[] {
    return this.#texts.problems()
  }

  /** One row per list with header hashes; a single row without a list if there is no such list. */
  samples(fileSystem: FileSystem): BlockSample[] {
    const { sample, lists } = this.#asked
    if (sample === null) return []
    // Contents of this file system start at clusters.
    const blockBytes = Math.max(fileSystem.clusterBytes, SECTOR_BYTES)
    const matched = new Map<number, number>()
    const { seed } = sample
    const drawn = sampled(
      this.#bytes,
      () => fileSystem.unallocated(),
      { seed, blockBytes, draws: sample.draws },
      ({ offset }) => {
        const list = this.#beginsAsListed(offset)
        if (list !== null) matched.set(list, (matched.get(list) ?? 0) + 1)
        return list !== null
      },
    )
    const row = (list: number | null): BlockSample => ({
      volume: this.#volume,
      seed,
      blockBytes,
      blocks: drawn.blocks,
      drawn: drawn.drawn,
      read: drawn.drawn - drawn.damaged,
      empty: drawn.constant,
      matched: (list === null ? undefined : matched.get(list)) ?? 0,
      hashSetSha256: list === null ? null : (lists[list]?.sha256 ?? null),
    })
    return lists.length === 0 ? [row(null)] : lists.map((_, list) => row(list))
  }

  /** Index of the list; null: no list matches. */
  #beginsAsListed(offset: number): number | null {
    const length = Math.min(MOST_FILE_BYTES, this.#bytes.sizeBytes - offset)
    // The step is as long as the range, so only its start is checked.
    const [found] = beginningsIn(this.#bytes, [{ offset, length }], length, this.#known, {
      fileBytes: MOST_FILE_BYTES,
    })
    return found ? (found.record.list ?? 0) : null
  }

  *#beginnings(ranges: Iterable<ByteRange>): Generator<HeaderHashFound> {
    const limits = { fileBytes: MOST_FILE_BYTES }
    const bytes = onTheWay(this.#bytes, this.#passed)
    for (const found of beginningsIn(bytes, ranges, SECTOR_BYTES, this.#known, limits)) {
      if (this.#found.has(found.offset)) continue
      this.#found.add(found.offset)
      yield found
    }
  }

  #listed(
    where: 'unallocated' | 'slack' | 'unread',
    { offset, length, record, agreement }: HeaderHashFound,
  ): WalkedEntry {
    const list = this.#asked.lists[record.list ?? 0]
    return namelessEntry(this.#volume, {
      where,
      kind: '',
      basis: 'known-beginning',
      offset,
      length,
      notes: agreement === 'whole' ? [] : ['rest-differs'],
      named: [
        attribute('listed-beginning', {
          list: list?.name ?? '',
          ...(list?.meaning ? { meaning: list.meaning } : {}),
          md5: Buffer.from(record.md5).toString('hex'),
          bytes: record.sizeBytes,
          agreement,
        }),
      ],
    })
  }

  #carved(
    where: 'unallocated' | 'unread',
    { name, offset, length, complete, decodes, runs }: CarvedFile,
  ): WalkedEntry {
    const named = [
      ...(complete ? [] : [attribute('fragment', { ...decodes })]),
      ...(runs ? [attribute('reconstructed', { by: 'checksums', fragments: runs.length })] : []),
    ]
    return namelessEntry(this.#volume, {
      where,
      kind: name,
      basis: runs ? 'reconstructed' : 'signature',
      offset,
      length,
      ...(runs && { runs }),
      notes: complete ? [] : ['structure-breaks-off'],
      named,
    })
  }
}
