/** Paths of folders, from the catalog's record of each folder and its parent. */
import type { Catalog } from './catalog.ts'
import { shownName } from './names.ts'
import { ROOT } from './record.ts'

export interface Folder {
  readonly path: readonly Buffer[]
  /** True where the path does not reach the root: it begins with `$Orphan`. */
  readonly lost: boolean
}

/** First component of entries whose folder is unknown. */
const ORPHAN = Buffer.from('$Orphan')
const MAX_DEPTH = 1_000
/** Folders in each of two cache generations. */
const KEPT = 75_000

/** A folder as a step of a path. */
interface Step {
  readonly name: Buffer
  /** Null for the root (depth 0), and where the parent is unknown. */
  readonly above: Step | null
  readonly depth: number
}

const ROOT_STEP: Step = { name: Buffer.alloc(0), above: null, depth: 0 }

/** Parent and name of a folder. */
export type PlaceOf = (id: number) => { readonly parent: number; readonly name: Buffer } | null

export class Folders {
  readonly #placeOf: PlaceOf
  // Two generations: removing the oldest entries one by one costs more than it saves.
  #known = new Map<number, Step>()
  #older = new Map<number, Step>()
  // Entries of one folder are adjacent.
  #last: { readonly id: number; readonly folder: Folder } | null = null

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf
  }

  static ofCatalog(catalog: Catalog): Folders {
    return new Folders((id) => catalog.placeOf(id))
  }

  of(id: number): Folder {
    if (this.#last?.id === id) return this.#last.folder
    const folder = folderOf(this.#step(id))
    this.#last = { id, folder }
    return folder
  }

  /** Bottom up, then down again: a path has at most `MAX_DEPTH` folders. */
  #step(id: number): Step | null {
    const below: { readonly id: number; readonly name: Buffer }[] = []
    let step: Step | null = null
    for (let at = id; ; ) {
      if (at === ROOT) {
        step = ROOT_STEP
        break
      }
      const held = this.#known.get(at) ?? this.#older.get(at)
      if (held !== undefined) {
        step = held
        break
      }
      const place = below.length < MAX_DEPTH ? this.#placeOf(at) : null
      if (!place || place.name.length === 0) break
      below.push({ id: at, name: shownName(place.name).bytes })
      at = place.parent
    }
    for (const { id: at, name } of below.reverse()) {
      step = { name, above: step, depth: (step?.depth ?? 0) + 1 }
      if (step.depth > MAX_DEPTH) step = { name, above: null, depth: 1 }
      this.#keep(at, step)
    }
    return step
  }

  #keep(id: number, step: Step): void {
    if (this.#known.size >= KEPT) {
      this.#older = this.#known
      this.#known = new Map()
    }
    this.#known.set(id, step)
  }
}

function folderOf(step: Step | null): Folder {
  const names: Buffer[] = []
  let at = step
  for (; at !== null && at !== ROOT_STEP; at = at.above) names.push(at.name)
  names.reverse()
  return at === null ? { path: [ORPHAN, ...names], lost: true } : { path: names, lost: false }
}
