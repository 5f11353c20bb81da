/** Collects the output that a child prints during one job: bounded for each stream, and escaped. */
import type { Readable } from 'node:stream'
import { printable } from '../../base/printable.ts'

/** Limit of each stream. */
const MOST_BYTES = 2048
const MOST_LINES = 20
const LINE_CHARACTERS = 300

export class Printed {
  readonly #streams: Kept[]

  constructor(streams: readonly (Readable | null)[]) {
    this.#streams = streams.map((stream) => {
      const kept = new Kept()
      stream?.on('data', (chunk: Buffer) => kept.add(chunk))
      return kept
    })
  }

  clear(): void {
    for (const kept of this.#streams) kept.clear()
  }

  /** Escaped lines. The last line of a stream reports how much output was dropped. */
  lines(): string[] {
    return this.#streams.flatMap((kept) => kept.lines())
  }
}

class Kept {
  #chunks: Buffer[] = []
  #bytes = 0
  #more = false

  add(chunk: Buffer): void {
    const room = MOST_BYTES - this.#bytes
    if (chunk.length > room) this.#more = true
    if (room <= 0) return
    // A copy, because the chunk that it is cut from is large.
    this.#chunks.push(Buffer.from(chunk.subarray(0, room)))
    this.#bytes += Math.min(room, chunk.length)
  }

  clear(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#more = false
  }

  lines(): string[] {
    const all = Buffer.concat(this.#chunks)
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
    const shown = all.slice(0, MOST_LINES).map((line) => printable(line, LINE_CHARACTERS))
    return this.#more || all.length > MOST_LINES ? [...shown, 'more was printed, and is left out'] : shown
  }
}
