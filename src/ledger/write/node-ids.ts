/**
 * Finds the node above a path that is about to be recorded. The nodes of the last path are remembered: in a walk the
 * next path nearly always has the same folder, its parent or its child. Other nodes are looked up name by name from
 * the deepest common folder.
 */
import type { Statement } from 'better-sqlite3'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Db } from '../format/database.ts'
import { EXHIBIT_NODE, lastNode, type NodeRow, nodesOf, type PathNode } from '../format/evidence-tree.ts'
import type { Put } from './appender.ts'

/**
 * A remembered node, without its name. The name is a view of a whole path: a hundred thousand nested folders would
 * keep ten gigabytes.
 */
type Remembered = Omit<PathNode, 'name'> & { readonly id: number }

export class NodeIds {
  readonly #entry: Statement<[number, string, Buffer], number>
  readonly #folder: Statement<[number, string, Buffer], number>
  readonly #nextId: () => number
  #hasFolders: boolean
  /** Path whose nodes are remembered. */
  #path: Buffer = Buffer.alloc(0)
  #nodes: Remembered[] = []

  /** @param nextId takes an id from the numbers that entries and folders share */
  constructor(db: Db, nextId: () => number) {
    const find = (table: string) =>
      db
        .prepare<[number, string, Buffer], number>(
          `SELECT id FROM ${table} WHERE above = ? AND step = ? AND name = ?`,
        )
        .pluck()
    this.#entry = find('entry')
    this.#folder = find('folder')
    this.#nextId = nextId
    this.#hasFolders = db.prepare('SELECT 1 FROM folder').get() !== undefined
  }

  /** Call this after a transaction was rolled back. */
  forget(): void {
    this.#path = Buffer.alloc(0)
    this.#nodes = []
  }

  /** Records the folders above the path that are not recorded yet. */
  place(put: Put, path: EvidencePath): NodeRow & { readonly above: number } {
    const { step, name, aboveLength } = lastNode(path)
    return { above: this.#above(path, aboveLength, put)!, step, name }
  }

  /** Id of the entry at a path; undefined when there is none. */
  entryAt(path: EvidencePath): number | undefined {
    const { step, name, aboveLength } = lastNode(path)
    const above = this.#above(path, aboveLength, null)
    return above === null ? undefined : this.#entry.get(above, step, name)
  }

  /** @param put null: the function records nothing, and returns null where a node is missing */
  #above(path: EvidencePath, length: number, put: Put | null): number | null {
    if (length === 0) return EXHIBIT_NODE
    const last = this.#nodes.at(-1)
    if (last?.end === length && path.bytes.compare(this.#path, 0, length, 0, length) === 0) return last.id
    this.#cutTo(commonLength(this.#path, path.bytes, length), path.bytes)
    const known = this.#nodes.at(-1)?.end ?? 0
    if (known === length) return this.#nodes.at(-1)!.id
    this.#path = path.bytes.subarray(0, length)
    for (const { step, name, end } of nodesOf(path, known)) {
      if (end > length) break
      const above = this.#nodes.at(-1)?.id ?? EXHIBIT_NODE
      const id = this.#find(above, step, name) ?? (put && this.#folderOf(put, above, step, name))
      if (id === null) return null
      this.#nodes.push({ step, end, id })
    }
    return this.#nodes.at(-1)!.id
  }

  /** Drops remembered nodes that `bytes` does not lie below. */
  #cutTo(common: number, bytes: Buffer): void {
    for (let last = this.#nodes.at(-1); last; last = this.#nodes.at(-1)) {
      const next = bytes[last.end]
      const isAbove = next === undefined || next === 0 || (next === SLASH && last.step === 'file')
      if (last.end <= common && isAbove) return
      this.#nodes.pop()
    }
  }

  // A folder that was named before its entry was recorded keeps the nodes below it.
  #find(above: number, step: string, name: Buffer): number | null {
    return (
      (this.#hasFolders ? this.#folder.get(above, step, name) : undefined) ??
      this.#entry.get(above, step, name) ??
      null
    )
  }

  #folderOf(put: Put, above: number, step: string, name: Buffer): number {
    const id = this.#nextId()
    put('folder', [id, above, step, name])
    this.#hasFolders = true
    return id
  }
}

const SLASH = 0x2f

/** The number of equal bytes at the start of both, at most `most`. */
function commonLength(a: Buffer, b: Buffer, most: number): number {
  let low = 0
  let high = Math.min(a.length, b.length, most)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (b.compare(a, low, middle, low, middle) === 0) low = middle
    else high = middle - 1
  }
  return low
}
