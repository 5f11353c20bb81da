/**
 * Evidence paths as nodes of a tree. A node stores the node above it, the step and the raw name. A path of a million
 * bytes that a hundred thousand folders share is stored once.
 *
 * A `file` below a `file` is joined by `/`; every other step begins with a zero byte, its kind and a colon
 * (base/evidence-path.ts). Node 0 is the exhibit. A node is an entry or a folder: a folder is a name above entries
 * that is not itself an entry.
 */
import type { Statement } from 'better-sqlite3'
import { escapeName, stepHead } from '../../base/evidence-path.ts'
import type { EvidencePath, StepKind } from '../../contracts/entry.ts'
import { WHOLE_PATH } from './as-newest.ts'
import type { Db } from './database.ts'

export const EXHIBIT_NODE = 0

export interface NodeRow {
  /**
   * Id of the node above; {@link EXHIBIT_NODE} under the exhibit. A big integer when the row was read with big
   * integers.
   */
  readonly above: number | bigint
  readonly step: string
  readonly name: Buffer
}

/**
 * The last node of a path. @returns aboveLength: how many of the path's bytes belong to the node above, 0 under the
 * exhibit
 */
export function lastNode({ bytes, steps }: EvidencePath): {
  readonly step: StepKind
  readonly name: Buffer
  readonly aboveLength: number
} {
  const { kind: step, name } = steps.at(-1)!
  const slash = step === 'file' ? name.lastIndexOf('/') : -1
  return slash === -1
    ? { step, name, aboveLength: Math.max(0, bytes.lastIndexOf(0)) }
    : { step, name: name.subarray(slash + 1), aboveLength: bytes.lastIndexOf('/') }
}

export interface PathNode {
  readonly step: StepKind
  readonly name: Buffer
  /** Length of the path that ends in this node. */
  readonly end: number
}

/**
 * Nodes of a path from the top. @param known length of a part that ends in a node: that node and the nodes above it
 * are left out
 */
export function* nodesOf({ steps }: EvidencePath, known = 0): IterableIterator<PathNode> {
  let end = 0
  for (const [i, { kind, name }] of steps.entries()) {
    // An image is the empty path: it has no node above its volumes.
    if (i === 0 && name.length === 0 && steps.length > 1) continue
    const start = i === 0 ? 0 : end + stepHead(kind).length
    const written = i === 0 ? name : escapeName(name)
    end = start + written.length
    if (end <= known && known > 0) continue
    if (kind !== 'file') yield { step: kind, name, end }
    else yield* namesOf(name, written, start, known)
  }
}

function* namesOf(name: Buffer, written: Buffer, start: number, known: number): IterableIterator<PathNode> {
  // Below the known part the path is not split again where the raw name and the written name have equal lengths.
  let at = written.length === name.length && known > start ? known - start + 1 : 0
  let end = at === 0 ? start - 1 : known
  for (;;) {
    const slash = name.indexOf('/', at)
    const one = name.subarray(at, slash === -1 ? name.length : slash)
    end += 1 + (written.length === name.length ? one : escapeName(one)).length
    if (end > known || known === 0) yield { step: 'file', name: one, end }
    if (slash === -1) return
    at = slash + 1
  }
}

/** Builds a path that grows and shrinks by nodes. One buffer serves all paths, however deep. */
export class PathBuilder {
  #bytes = Buffer.allocUnsafe(4096)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Starts again with a whole path. */
  begin(path: Buffer): void {
    this.#length = 0
    this.#add(path)
  }

  /** Cuts the path back to a length that it had before. */
  cut(length: number): void {
    this.#length = length
  }

  /** @param aboveStep step of the node above; null under the exhibit */
  push(aboveStep: string | null, step: string, name: Buffer): void {
    if (step === 'file' && aboveStep === 'file') this.#add(SLASH)
    else if (step !== WHOLE_PATH && (step !== 'file' || aboveStep !== null))
      this.#add(stepHead(step as StepKind))
    // Names in a first step of kind `file` are written unescaped: no zero byte precedes them.
    const raw =
      step === WHOLE_PATH || (step === 'file' && this.#bytes.subarray(0, this.#length).indexOf(0) === -1)
    this.#add(raw ? name : escapeName(name))
  }

  /** Valid until the next change. */
  get view(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A copy of the path. */
  path(): Buffer {
    return Buffer.from(this.view)
  }

  #add(bytes: Buffer): void {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, this.#bytes.length * 2))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    bytes.copy(this.#bytes, this.#length)
    this.#length = length
  }
}

const SLASH = Buffer.from('/')

export type NodeStatement = Statement<[number, number], { above: number; step: string; name: Buffer }>

/** Reads one node by its id (bound twice), whether it is an entry or a folder. */
export function nodeStatement(db: Db): NodeStatement {
  return db.prepare(
    `SELECT above, step, name FROM entry WHERE id = ?
     UNION ALL SELECT above, step, name FROM folder WHERE id = ?`,
  )
}
