/**
 * Reads Finder's data about a folder (`.DS_Store`): names of files in it, including deleted files, and for files in
 * the trash their original path. A buddy allocator assigns blocks; the records form a tree by name. Records in
 * abandoned blocks are reported as deleted.
 *
 * @see Wim Lewis, "DS_Store Format" (Mac::Finder::DSStore); al45tair/ds_store
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { type ArtefactReader, NotAnArtefact, type RecordCollector } from '../../records/artefact.ts'

/** Addresses count from the end of the first four bytes. */
const BASE = 4
const MOST_BLOCKS = 100_000
const MOST_DEPTH = 32
const MOST_NAME = 1024
/** Size of a value by its type. Types with a length field are handled separately. */
const SIZES: Readonly<Record<string, number>> = { bool: 1, long: 4, shor: 4, type: 4, comp: 8, dutc: 8 }
const KINDS: readonly string[] = [...Object.keys(SIZES), 'blob', 'ustr']

export const dsStore: ArtefactReader = {
  id: 'ds-store',
  mediaTypes: ['application/x-apple-ds-store'],
  read(bytes, sink) {
    const store = new Store(bytes, sink)
    store.readTree()
    const live = new Set(store.live.map(({ name }) => name))
    addNames(store.live, 'live', sink)
    // A name that is also in the tree was moved, not removed. When the tree is damaged, it is unknown which other
    // names it had.
    const others = store.leftOver().filter(({ name }) => !live.has(name))
    addNames(others, sink.damaged === 0 ? 'deleted' : 'live', sink)
    return []
  },
}

interface Row {
  readonly at: number
  readonly end: number
  readonly name: string
  readonly code: string
  /** Only for a text value. */
  readonly text: string | undefined
}

/** One record for each name: `file-trashed` when a part of the original path is present, else `folder-item`. */
function addNames(rows: readonly Row[], status: 'live' | 'deleted', sink: RecordCollector): void {
  const names = new Map<string, Map<string, string | undefined>>()
  for (const { name, code, text } of rows) {
    const of = names.get(name) ?? new Map<string, string | undefined>()
    names.set(name, of.set(code, text))
  }
  for (const [name, of] of names) {
    // The folder itself.
    if (name === '.') continue
    const [folder, first] = [of.get('ptbL'), of.get('ptbN')]
    if (folder === undefined && first === undefined)
      sink.add({ what: { code: 'folder-item', params: { name } }, status })
    else {
      const path = `${folder ?? ''}${folder?.endsWith('/') === false ? '/' : ''}${first ?? name}`
      sink.add({ what: { code: 'file-trashed', params: definedOnly({ path, name }) }, status })
    }
  }
}

class Store {
  readonly #bytes: Buffer
  readonly #sink: RecordCollector
  readonly #addresses: readonly number[]
  /** Ranges of the blocks that form the tree. */
  readonly #read: (readonly [from: number, to: number])[] = []
  readonly live: Row[] = []
  readonly #root: number

  constructor(bytes: Buffer, sink: RecordCollector) {
    this.#bytes = bytes
    this.#sink = sink
    if (bytes.length < 36 || bytes.toString('latin1', 4, 8) !== 'Bud1') throw new NotAnArtefact()
    const at = BASE + bytes.readUInt32BE(8)
    const count = this.#u32(at)
    if (count === null || count > MOST_BLOCKS) throw new NotAnArtefact()
    this.#addresses = Array.from({ length: count }, (_, i) => this.#u32(at + 8 + 4 * i) ?? 0)
    // The address table grows in steps of 256 entries.
    this.#root = this.#blockOfTree(at + 8 + 4 * 256 * Math.ceil(count / 256))
  }

  /** The block with the name `DSDB`. */
  #blockOfTree(at: number): number {
    const entries = this.#u32(at) ?? 0
    let from = at + 4
    for (let i = 0; i < Math.min(entries, 16); i++) {
      const length = this.#bytes[from] ?? 0
      const name = this.#bytes.toString('latin1', from + 1, from + 1 + length)
      const block = this.#u32(from + 1 + length)
      if (name === 'DSDB' && block !== null) return block
      from += 5 + length
    }
    throw new NotAnArtefact()
  }

  readTree(): void {
    const head = this.#block(this.#root)
    const root = head === null ? null : this.#u32(head[0])
    if (head === null || root === null) throw new NotAnArtefact()
    this.#read.push(head)
    this.#node(root, 0, new Set())
  }

  #node(number: number, depth: number, seen: Set<number>): void {
    const block = this.#block(number)
    if (block === null || depth > MOST_DEPTH || seen.has(number)) {
      this.#sink.spoiled(block?.[0] ?? 0)
      return
    }
    seen.add(number)
    this.#read.push(block)
    const [from, to] = block
    const last = this.#u32(from)
    const count = this.#u32(from + 4)
    let at = from + 8
    for (let i = 0; last !== null && count !== null && i < count; i++) {
      if (last !== 0) {
        const child = this.#u32(at)
        if (child !== null) this.#node(child, depth + 1, seen)
        at += 4
      }
      const row = this.#row(at, to)
      if (row === null) {
        this.#sink.spoiled(at, Math.min(count - i, MOST_BLOCKS))
        break
      }
      this.live.push(row)
      at = row.end
    }
    if (last !== null && last !== 0) this.#node(last, depth + 1, seen)
  }

  #block(number: number): readonly [from: number, to: number] | null {
    const address = this.#addresses[number]
    if (address === undefined) return null
    const from = BASE + address - (address & 31)
    return from + 8 > this.#bytes.length
      ? null
      : [from, Math.min(this.#bytes.length, from + 2 ** (address & 31))]
  }

  #row(at: number, to: number): Row | null {
    const length = this.#u32(at)
    const kindAt = at + 8 + 2 * (length ?? 0)
    if (length === null || length === 0 || length > MOST_NAME || kindAt + 4 > to) return null
    const kind = this.#bytes.toString('latin1', kindAt, kindAt + 4)
    const valueAt = kindAt + 4
    const stated = kind === 'blob' || kind === 'ustr' ? this.#u32(valueAt) : 0
    const size = SIZES[kind] ?? (stated === null ? null : 4 + stated * (kind === 'ustr' ? 2 : 1))
    if (!KINDS.includes(kind) || size === null || valueAt + size > to) return null
    return {
      at,
      end: valueAt + size,
      name: this.#wide(at + 4, length),
      code: this.#bytes.toString('latin1', kindAt - 4, kindAt),
      text: kind === 'ustr' ? this.#wide(valueAt + 4, stated!) : undefined,
    }
  }

  /** Records in blocks outside the tree, found by the type of the value and the length of the name. */
  leftOver(): readonly Row[] {
    const rows: Row[] = []
    for (const kind of KINDS)
      for (let at = this.#bytes.indexOf(kind); at >= 0; at = this.#bytes.indexOf(kind, at + 4)) {
        if (this.#read.some(([from, to]) => at >= from && at < to)) continue
        const row = this.#rowBefore(at)
        if (row !== null) rows.push(row)
      }
    return rows.sort((one, other) => one.at - other.at)
  }

  #rowBefore(kindAt: number): Row | null {
    if (!/^[A-Za-z0-9]{4}$/.test(this.#bytes.toString('latin1', kindAt - 4, kindAt))) return null
    for (let length = 1; length <= 255; length++) {
      const at = kindAt - 8 - 2 * length
      if (at < 0) return null
      if (this.#u32(at) !== length) continue
      const row = this.#row(at, this.#bytes.length)
      return row !== null && !/[\0-\x1f\ufffd/]/.test(row.name) ? row : null
    }
    return null
  }

  #wide(at: number, characters: number): string {
    return Buffer.from(this.#bytes.subarray(at, at + 2 * characters))
      .swap16()
      .toString('utf16le')
  }

  #u32(at: number): number | null {
    return at >= 0 && at + 4 <= this.#bytes.length ? this.#bytes.readUInt32BE(at) : null
  }
}
