/**
 * Decides whether the content of a deleted file is intact.
 *
 * It is where its blocks are free, no file removed later took one of them, and none contains a structure written since.
 * A file that came and went without a trace in any tree leaves no trace here either; this cannot be detected.
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import { BitPages } from '../common/bit-pages.ts'
import { type Blocks, checksumAgrees, headerOf } from './blocks.ts'
import type { Content, Placed } from './content.ts'
import type { Layout } from './layout.ts'
import type { Space } from './space.ts'

/** Upper bits of a type: the storage class of the object. */
const KEPT_SOMEHOW = [0x0000, 0x4000, 0x8000]
const TYPES_END = 0x20

export interface Recovered {
  readonly content: Content
  readonly isOverwritten: boolean
}

export class Recovery {
  readonly #blocks: Blocks
  readonly #space: Space
  /** Blocks of files that were removed later than the present one. */
  readonly #taken = new BitPages()
  #pending: Layout[] = []
  #transaction = Number.POSITIVE_INFINITY

  constructor(blocks: Blocks, space: Space) {
    this.#blocks = blocks
    this.#space = space
  }

  /** Call it from the newest transaction back. */
  contentOf(content: Content, transaction: number): Recovered {
    if (transaction !== this.#transaction) this.#next(transaction)
    let isOverwritten = false
    const part = <P extends Placed>(placed: P): P => {
      const { layout } = placed
      this.#pending.push(layout)
      const lost = this.#lost(layout, transaction)
      if (lost === null) return placed
      isOverwritten ||= lost.kind === 'none' && lost.reason !== 'not-recorded'
      return { ...placed, place: lost }
    }
    const own = part(content)
    const beside = content.beside.map(part)
    const streams = content.streams.map(part)
    // The content of a compressed file is in its fork or attribute.
    const lost = beside.find(({ place }) => place.kind === 'none')
    const isPacked = content.notes.includes('compressed')
    return {
      content: { ...own, beside, streams, place: isPacked && lost ? lost.place : own.place },
      isOverwritten,
    }
  }

  #next(transaction: number): void {
    const { blockBytes, count } = this.#blocks
    for (const { runs } of this.#pending)
      for (const { offset, length } of runs)
        if (offset !== null)
          for (
            let block = offset / blockBytes;
            block < Math.min(count, (offset + length) / blockBytes);
            block++
          )
            this.#taken.add(block)
    this.#pending = []
    this.#transaction = transaction
  }

  #lost(layout: Layout, transaction: number): ContentPlace | null {
    if (layout.problems.length > 0) return none('not-recorded', layout.problems.join(' '))
    const { blockBytes, count } = this.#blocks
    let { gone } = this.#space.held(layout)
    let all = 0
    for (const { offset, length } of layout.runs) {
      if (offset === null) continue
      const from = offset / blockBytes
      all += length / blockBytes
      if (from + length / blockBytes > count) return none('not-recorded', 'behind-the-end')
      for (let block = from; block < from + length / blockBytes; block++) {
        const isTaken = this.#taken.has(block) || this.#isNewStructure(block, transaction)
        if (isTaken && this.#space.isFree(block)) gone += 1
      }
    }
    if (gone === 0) return null
    return none(
      gone === all ? 'overwritten' : 'overwritten-in-part',
      `${gone * blockBytes} ${all * blockBytes}`,
    )
  }

  /** True where a block contains a structure that was written since and freed. */
  #isNewStructure(block: number, transaction: number): boolean {
    const bytes = this.#blocks.read(block)
    if (bytes === null) return false
    const { type, transaction: written } = headerOf(bytes)
    const isType = type > 0 && type < TYPES_END && KEPT_SOMEHOW.includes(bytes.readUInt16LE(26) & 0xc000)
    return isType && written > transaction && checksumAgrees(bytes)
  }
}

const none = (reason: string, detail: string): ContentPlace => ({ kind: 'none', reason, detail })
