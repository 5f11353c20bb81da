/** Paths of folders, through what the catalog says of each to the folder above. */
import type { Catalog } from './catalog.ts'
import { shownName } from './names.ts'
import { ROOT } from './record.ts'

export interface Folder {
  readonly path: readonly Buffer[]
  /** True where nothing leads to the root: the path begins with `$Orphan`. */
  readonly lost: boolean
}

/** First component of what lies in a folder that is no longer known. */
const ORPHAN = Buffer.from('$Orphan')
const MAX_DEPTH = 1_000
/** Folders that are kept, in each of two generations. */
const KEPT = 75_000

/** A folder as a step of a path. */
interface Step {
  readonly name: Buffer
  /** Null for the root (depth 0), and where the folder above is not known. */
  readonly above: Step | null
  readonly depth: number
}

const ROOT_STEP: Step = { name: Buffer.alloc(0), above: null, depth: 0 }

/** Where a folder says that it is. */
export type PlaceOf = (id: number) => { readonly parent: number; readonly name: Buffer } | null

export class Folders {
  readonly #placeOf: PlaceOf
  // Two generations: taking the oldest out of one map one by one costs more than what it saves.
  #known = new Map<number, Step>()
  #older = new Map<number, Step>()
  // Entries of one folder lie together.
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

  /** Bottom up, then down again: a path has no more folders than `MAX_DEPTH`, whatever they say. */
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
