/**
 * Finds contents by SHA-256 or by the path of one of their copies. It uses the ledger's indexes and walks no entries,
 * so a thousand decisions cost a thousand look-ups.
 */
import type { Statement } from 'better-sqlite3'
import { childPath, filePath, parsePrintedName } from '../../base/evidence-path.ts'
import { DERIVED_STEPS, type EvidencePath, LISTED_STEPS, type StepKind } from '../../contracts/entry.ts'
import { WHOLE_PATH } from '../format/as-newest.ts'
import { type Db, reading } from '../format/database.ts'
import { EXHIBIT_NODE, nodesOf } from '../format/evidence-tree.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'

export interface FoundContent {
  readonly id: number
  /** Lower-case hex. */
  readonly sha256: string
}

export class ContentLookup {
  readonly #file: ReadableDatabase
  readonly #path: string
  readonly #bySha256: Statement<[Buffer], number>
  readonly #places: Statement<[number], number>
  readonly #node: Statement<[number, string, Buffer, number, string, Buffer], number>
  readonly #inside: Statement<[string, Buffer, number], number>
  readonly #whole: Statement<[string, Buffer], number>
  readonly #isEntry: Statement<[number], number>
  readonly #ofEntry: Statement<[number], { id: number; sha256: Buffer }>

  constructor(path: string) {
    this.#path = path
    this.#file = openForReading(path)
    const db: Db = this.#file.db
    this.#bySha256 = db.prepare<[Buffer], number>('SELECT id FROM content WHERE sha256 = +?').pluck()
    this.#places = db
      .prepare<[number], number>('SELECT entry FROM reading WHERE content = +? ORDER BY entry')
      .pluck()
    this.#node = db
      .prepare<[number, string, Buffer, number, string, Buffer], number>(
        `SELECT id FROM entry WHERE above = +? AND step = +? AND name = +?
         UNION ALL SELECT id FROM folder WHERE above = +? AND step = +? AND name = +?`,
      )
      .pluck()
    this.#inside = db
      .prepare<[string, Buffer, number], number>(
        `SELECT id FROM entry WHERE step = +? AND name = +? AND parent = (SELECT content FROM reading WHERE entry = +?)`,
      )
      .pluck()
    this.#whole = db
      .prepare<[string, Buffer], number>('SELECT id FROM entry WHERE step = +? AND name = +?')
      .pluck()
    this.#isEntry = db.prepare<[number], number>('SELECT 1 FROM entry WHERE id = +?').pluck()
    this.#ofEntry = db.prepare(
      'SELECT c.id, c.sha256 FROM reading r JOIN content c ON c.id = r.content WHERE r.entry = +?',
    )
  }

  /** @param sha256 hex, upper or lower case */
  bySha256(sha256: string): FoundContent | null {
    if (!/^[0-9a-f]{64}$/i.test(sha256)) return null
    return reading(this.#path, () => {
      const id = this.#bySha256.get(Buffer.from(sha256, 'hex'))
      return id === undefined ? null : { id, sha256: sha256.toLowerCase() }
    })
  }

  /** @param printed a path as reports print it (printPath) */
  byPlace(printed: string): FoundContent | null {
    return reading(this.#path, () => {
      for (const path of pathsPrintedAs(printed)) {
        const whole = this.#whole.get(WHOLE_PATH, path.bytes)
        for (const entry of [...this.#nodesAt(path), ...(whole === undefined ? [] : [whole])]) {
          const found = this.#ofEntry.get(entry)
          if (found) return { id: found.id, sha256: found.sha256.toString('hex') }
        }
      }
      return null
    })
  }

  /** Id of the entry at a path; null when there is none. */
  entryAt(path: EvidencePath): number | null {
    return reading(this.#path, () => {
      const found = [...this.#nodesAt(path), this.#whole.get(WHOLE_PATH, path.bytes)]
      return found.find((id) => id !== undefined && this.#isEntry.get(id) !== undefined) ?? null
    })
  }

  /** Ids of the entries that were read as this content. */
  placesOf(content: number): readonly number[] {
    return reading(this.#path, () => this.#places.all(content))
  }

  close(): void {
    this.#file.close()
  }

  /**
   * Nodes at a path. A folder above entries may have been recorded again as an entry: either node may be the parent.
   * Members of a container are recorded in one copy of it, and are found in every copy.
   */
  #nodesAt(path: EvidencePath): readonly number[] {
    let at: readonly number[] = [EXHIBIT_NODE]
    for (const { step, name } of nodesOf(path))
      at = at.flatMap((above) => {
        const found = this.#node.all(above, step, name, above, step, name)
        return found.length > 0 ? found : this.#inside.all(step, name, above)
      })
    return at
  }
}

const KINDS: readonly StepKind[] = [...LISTED_STEPS, ...DERIVED_STEPS]
/**
 * Limit of candidate paths: each step that can be read in two ways doubles their number. A string that exceeds it is
 * not a path.
 */
const MOST_CANDIDATES = 64

/** All paths that print as this text. A file called "frame 3" and the frame 3 are printed alike. */
function pathsPrintedAs(printed: string): readonly EvidencePath[] {
  let paths: readonly (EvidencePath | null)[] = [null]
  for (const part of printed.split(' » ')) {
    const steps = stepsPrintedAs(part)
    paths = paths.flatMap((path) => steps.flatMap((step) => goneOn(path, step))).slice(0, MOST_CANDIDATES)
  }
  return paths.filter((path) => path !== null)
}

function stepsPrintedAs(part: string): readonly { readonly kind: StepKind; readonly name: Buffer }[] {
  const named = KINDS.filter((kind) => kind !== 'file' && part.startsWith(`${kind} `))
  return [
    { kind: 'file' as const, text: part },
    ...named.map((kind) => ({ kind, text: part.slice(kind.length + 1) })),
  ].flatMap(({ kind, text }) => {
    const name = printedName(text)
    return name === null ? [] : [{ kind, name }]
  })
}

/** A path begins with a file, or, on an image, with the volume below the empty path. */
function goneOn(
  path: EvidencePath | null,
  { kind, name }: { readonly kind: StepKind; readonly name: Buffer },
): readonly EvidencePath[] {
  if (path !== null) return [childPath(path, kind, name)]
  if (kind === 'file') return [filePath(name)]
  return [childPath(filePath(Buffer.alloc(0)), kind, name)]
}

function printedName(text: string): Buffer | null {
  try {
    return parsePrintedName(text)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
