/** Compact list of entry numbers, four bytes each: the entries that a process answered for, possibly millions. */
const PAGE_IDS = 256

export class EntryIds {
  readonly #pages: Uint32Array[] = []
  #last = PAGE_IDS

  add(id: number): void {
    if (this.#last === PAGE_IDS) {
      this.#pages.push(new Uint32Array(PAGE_IDS))
      this.#last = 0
    }
    this.#pages.at(-1)![this.#last++] = id
  }

  pages(): number[][] {
    return this.#pages.map((page, i) => [
      ...page.subarray(0, i === this.#pages.length - 1 ? this.#last : PAGE_IDS),
    ])
  }
}
