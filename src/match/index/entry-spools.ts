/**
 * Entries of digests that are not the first of their record: spooled by algorithm while rows are written, then sorted.
 */
import { ALGORITHMS } from '../records/algorithms.ts'
import type { Bloom } from './bloom.ts'
import { DirectoryWriter } from './directory-writer.ts'
import { bucketOf, type DirectorySection, directoryBits, ENTRY_WORDS, type Section } from './index-layout.ts'
import type { IndexWriter } from './index-writer.ts'
import { leaves, sortRows } from './sort-rows.ts'
import type { Spool } from './spool.ts'
import type { SpoolFiles } from './spool-files.ts'
import { ENTRIES } from './spooled-row.ts'

export class EntrySpools {
  readonly #files: SpoolFiles
  readonly #spools: (Spool | null)[] = ALGORITHMS.map(() => null)
  readonly #members = ALGORITHMS.map(() => 0)

  constructor(files: SpoolFiles) {
    this.#files = files
  }

  /** How many algorithms have entries. */
  get count(): number {
    return this.#spools.filter((spool) => spool !== null).length
  }

  /** @param a index of the algorithm; `members` duplicates included */
  open(a: number, members: number): void {
    this.#members[a] = members
    this.#spools[a] = this.#files.create(ALGORITHMS[a]!.name, members * ENTRY_WORDS * 4)
  }

  add(a: number, first: number, second: number, record: number): void {
    const spool = this.#spools[a]
    if (spool == null) return
    const at = spool.reserve(bucketOf(first, spool.bits), ENTRY_WORDS)
    spool.pool[at] = first
    spool.pool[at + 1] = second
    spool.pool[at + 2] = record
  }

  async write(
    a: number,
    writer: IndexWriter,
    bloom: Bloom,
    step: () => Promise<void>,
  ): Promise<{ entries: Section | null; entryDirectory: DirectorySection | null }> {
    const spool = this.#spools[a]
    if (spool == null) return { entries: null, entryDirectory: null }
    const directory = new DirectoryWriter(directoryBits(this.#members[a]!))
    for (let partition = 0; partition < spool.partitions; partition++) {
      for (const { words, skip } of leaves(spool, partition, ENTRIES, this.#files.part)) {
        const order = sortRows(words, skip, ENTRIES)
        const out = new Uint32Array(words.length)
        for (let i = 0, to = 0; i < order.length; i++) {
          const at = order[i]!
          directory.add(words[at]!)
          bloom.add(words[at]!, words[at + 1]!)
          out[to++] = words[at]!
          out[to++] = words[at + 1]!
          out[to++] = words[at + 2]!
        }
        writer.writeWords(out)
      }
      await step()
    }
    spool.remove()
    this.#spools[a] = null
    const entries = writer.endSection()
    return { entries, entryDirectory: directory.write(writer) }
  }

  close(): void {
    for (const spool of this.#spools) spool?.remove()
  }
}
