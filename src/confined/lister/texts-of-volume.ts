/**
 * Runs of text in slack and unallocated space of a volume, as entries: the text stage reads them like any text, so that
 * `search` finds their words. Files that carving found whole are passed over: their own readers read them.
 */
import { attribute } from '../../contracts/attribute.ts'
import type { ByteRange, FileSystem, Medium, VolumeProblem } from '../../contracts/image.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { CarvedFile } from '../../formats/image/remains/carve.ts'
import { type TextRun, textBuffer, textRuns } from '../../formats/image/remains/text/runs.ts'
import { namelessEntry } from './carved-entry.ts'

/** Of a volume. More are counted and said; an entry is made of each, so a hostile volume could fill the ledger. */
const MOST_RUNS = 200_000

export class TextsOfVolume {
  readonly #volume: number
  readonly #bytes: Medium
  readonly #found: ReadonlySet<number>
  /** Offsets of runs: files that share clusters share slack. */
  readonly #given = new Set<number>()
  readonly #whole: ByteRange[] = []
  #leftOut = 0
  #buffer: Buffer | null = null

  /** @param found offsets at which another search found something */
  constructor(volume: number, bytes: Medium, found: ReadonlySet<number>) {
    this.#volume = volume
    this.#bytes = bytes
    this.#found = found
  }

  /** Files are given in the order of their offsets. */
  passOver({ offset, length, complete, runs }: CarvedFile): void {
    this.#whole.push({ offset, length: complete && runs === undefined ? length : 1 })
  }

  /** @param ofRecord record of the live file behind whose end the ranges lie */
  *in(
    where: 'unallocated' | 'slack' | 'unread',
    ranges: Iterable<ByteRange>,
    fileSystem: FileSystem | null,
    ofRecord?: number,
  ): Generator<WalkedEntry, void, undefined> {
    this.#buffer ??= textBuffer()
    for (const run of textRuns(this.#bytes, ranges, this.#buffer)) {
      if (this.#found.has(run.offset) || this.#given.has(run.offset) || this.#isInWhole(run.offset)) continue
      if (this.#given.size >= MOST_RUNS) {
        this.#leftOut++
        continue
      }
      this.#given.add(run.offset)
      yield this.#entry(where, run, fileSystem, ofRecord)
    }
  }

  problems(): VolumeProblem[] {
    return this.#leftOut === 0
      ? []
      : [{ code: 'text-runs-left-out', record: null, detail: `${this.#leftOut}` }]
  }

  #entry(
    where: 'unallocated' | 'slack' | 'unread',
    { offset, length, encoding }: TextRun,
    fileSystem: FileSystem | null,
    ofRecord?: number,
  ): WalkedEntry {
    const first = fileSystem?.firstCluster
    const cluster =
      first && offset >= first.offset
        ? first.number + Math.floor((offset - first.offset) / fileSystem.clusterBytes)
        : undefined
    return namelessEntry(this.#volume, {
      where,
      kind: 'txt',
      basis: 'signature',
      offset,
      length,
      notes: [],
      named: [
        attribute('text-run', {
          encoding,
          ...(cluster !== undefined && { cluster }),
          ...(ofRecord !== undefined && { ofRecord }),
        }),
      ],
    })
  }

  #isInWhole(offset: number): boolean {
    let [low, high] = [0, this.#whole.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#whole[middle]!.offset <= offset) low = middle + 1
      else high = middle
    }
    const before = this.#whole[low - 1]
    return before !== undefined && offset < before.offset + before.length
  }
}
