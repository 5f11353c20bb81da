/**
 * Yields entries in the order of the bytes of their evidence paths. The tree is walked and read page by page: memory
 * holds only the folders on the current path, and the ledger may be written between two entries.
 *
 * The content of a folder sorts after the folder's name with `/` appended, so other names of the parent folder may
 * come before it: `a`, `a.txt`, `a/x`.
 */
import { WHOLE_PATH } from './as-newest.ts'
import type { Db } from './database.ts'
import { EXHIBIT_NODE, PathBuilder } from './evidence-tree.ts'
import { IdSet } from './id-set.ts'
import { type WideRows, wideRows } from './wide-rows.ts'

export interface OrderedRow {
  readonly id: bigint
  readonly step: string
  readonly name: Buffer
}

export interface Placed<T> {
  /** Valid until the next entry is requested: a hundred thousand nested folders have ten gigabytes of paths. */
  readonly path: Buffer
  readonly row: T
}

/** One name below a node. */
interface Named<T> {
  readonly step: string
  readonly name: Buffer
  /** Null for a folder that is not an entry. */
  readonly row: T | null
  /** Node that the entries below this name belong to: the folder of this name, where there is one. */
  readonly node: number
}

/** The names of some steps below one node. */
interface Level<T> {
  readonly nodeStep: string | null
  /** Length of the path that ends in the node. */
  readonly length: number
  readonly names: Iterator<Named<T>, undefined>
  next: Named<T> | undefined
  /** Folders that were passed and whose content is still to come; the nearest folder is last. */
  readonly waiting: { readonly key: Buffer; readonly folder: Named<T> }[]
}

const PAGE = 500
const SLASH = Buffer.from('/')
const ONLY_FILES: readonly string[] = ['file']
const NOTHING: readonly string[] = []

export class PathOrder<T extends OrderedRow> {
  readonly #first: WideRows<T>
  readonly #after: WideRows<T>
  readonly #folders: WideRows<OrderedRow>
  readonly #hasFolders: boolean
  readonly #steps
  /** Nodes that have nodes below them. */
  readonly #above: IdSet
  /**
   * Nodes that also have folders, or entries of a step other than `file`, below them. These are few; only for these
   * the steps are queried.
   */
  readonly #mixed: IdSet
  readonly #path = new PathBuilder()

  /** @param select columns and joins of a query on `entry e`; the columns include e.id, e.step and e.name */
  constructor(db: Db, select: string) {
    const names = `SELECT ${select} WHERE e.above = +? AND e.step = +?`
    this.#first = wideRows<T>(db, `${names} ORDER BY e.name LIMIT ${PAGE}`)
    this.#after = wideRows<T>(db, `${names} AND e.name > +? ORDER BY e.name LIMIT ${PAGE}`)
    this.#folders = wideRows(
      db,
      'SELECT id, step, name FROM folder WHERE above = +? AND step = +? ORDER BY name',
    )
    this.#hasFolders = db.prepare('SELECT 1 FROM folder').get() !== undefined
    const nextStep = (table: string) =>
      db
        .prepare<[number, string], string>(
          `SELECT step FROM ${table} WHERE above = +? AND step > +? ORDER BY step LIMIT 1`,
        )
        .pluck()
    this.#steps = ['entry', ...(this.#hasFolders ? ['folder'] : [])].map(nextStep)
    this.#above = IdSet.of(db, 'SELECT DISTINCT above FROM entry UNION ALL SELECT DISTINCT above FROM folder')
    this.#mixed = IdSet.of(
      db,
      "SELECT DISTINCT above FROM entry WHERE step <> 'file' UNION ALL SELECT DISTINCT above FROM folder",
    )
  }

  *all(): IterableIterator<Placed<T>> {
    this.#path.cut(0)
    const [root] = this.#first.all(EXHIBIT_NODE, 'file')
    if (root?.name.length === 0) yield this.#emit(null, 0, root)
    const stack = [this.#level(EXHIBIT_NODE, null, 0, this.#rootSteps())]
    for (let level = stack.at(-1); level; level = stack.at(-1)) {
      const { next, waiting } = level
      const nearest = waiting.at(-1)
      if (nearest && (next?.step !== 'file' || Buffer.compare(nearest.key, next.name) < 0)) {
        waiting.pop()
        // The level is dropped, not kept: a hundred thousand nested folders then occupy one level.
        if (!next && waiting.length === 0) stack.pop()
        this.#path.cut(level.length)
        this.#path.push(level.nodeStep, 'file', nearest.folder.name)
        stack.push(this.#level(nearest.folder.node, 'file', this.#path.length, ['file']))
        continue
      }
      if (!next) {
        stack.pop()
        continue
      }
      level.next = level.names.next().value
      const isRoot = level.nodeStep === null && next.step === 'file' && next.name.length === 0
      if (next.row && !isRoot) yield this.#emit(level.nodeStep, level.length, next.row)
      const inside = this.#stepsOf(next.node)
      const inner = next.step === 'file' ? inside.filter((step) => step !== 'file') : inside
      if (inner.length < inside.length) waiting.push({ key: Buffer.concat([next.name, SLASH]), folder: next })
      if (inner.length === 0) continue
      this.#path.cut(level.length)
      this.#path.push(level.nodeStep, next.step, next.name)
      stack.push(this.#level(next.node, next.step, this.#path.length, inner))
    }
  }

  #emit(nodeStep: string | null, length: number, row: T): Placed<T> {
    this.#path.cut(length)
    this.#path.push(nodeStep, row.step, row.name)
    return { path: this.#path.view, row }
  }

  #level(node: number, nodeStep: string | null, length: number, steps: readonly string[]): Level<T> {
    const names = this.#names(node, steps)
    return { nodeStep, length, names, next: names.next().value, waiting: [] }
  }

  /** Steps that begin with a zero byte come before names. */
  #rootSteps(): string[] {
    const steps = this.#stepsOf(EXHIBIT_NODE)
    const isName = (step: string) => step === 'file' || step === WHOLE_PATH
    return [...steps.filter((step) => !isName(step)), ...steps.filter(isName)]
  }

  #stepsOf(node: number): readonly string[] {
    if (!this.#mixed.has(node)) return this.#above.has(node) ? ONLY_FILES : NOTHING
    const steps: string[] = []
    for (let step = ''; ; steps.push(step)) {
      const next = this.#steps
        .map((statement) => statement.get(node, step))
        .filter((one) => one !== undefined)
      if (next.length === 0) return steps
      step = next.sort()[0]!
    }
  }

  *#names(node: number, steps: readonly string[]): Generator<Named<T>, undefined> {
    for (const step of steps) {
      const folders = this.#hasFolders ? this.#folders.all(node, step) : []
      let at = 0
      for (let page = this.#first.all(node, step); page.length > 0; ) {
        for (const row of page) {
          for (; at < folders.length && Buffer.compare(folders[at]!.name, row.name) < 0; at++)
            yield folderNamed(folders[at]!)
          const same = folders[at]?.name.equals(row.name) ? folders[at++]! : row
          yield { ...folderNamed(same), row }
        }
        page = page.length < PAGE ? [] : this.#after.all(node, step, page.at(-1)!.name)
      }
      for (; at < folders.length; at++) yield folderNamed(folders[at]!)
    }
  }
}

function folderNamed({ id, step, name }: OrderedRow): Named<never> {
  return { step, name, row: null, node: Number(id) }
}
