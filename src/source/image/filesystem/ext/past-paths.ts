/** Paths of what is not in a directory any more: from the names that are left, upwards to a live directory, or to `$Orphan`. */
import { shownName } from './directory.ts'
import type { PastName, PastNames } from './names.ts'

/** Removed directories inside each other that are followed. */
const DEPTH_MOST = 256

export class PastPaths {
  readonly #names: PastNames

  constructor(names: PastNames) {
    this.#names = names
  }

  /** Where an inode was by its newest name. */
  of(inode: number): readonly Buffer[] {
    return this.#inode(inode, [])
  }

  ofName(name: PastName): readonly Buffer[] {
    return this.#name(name, [])
  }

  #inode(inode: number, below: readonly number[]): readonly Buffer[] {
    let newest: PastName | null = null
    for (const name of this.#names.of(inode)) {
      if (newest === null || (name.order ?? -Infinity) > (newest.order ?? -Infinity)) newest = name
    }
    if (newest === null || below.length >= DEPTH_MOST || below.includes(inode)) return orphan(inode)
    return this.#name(newest, [...below, inode])
  }

  #name(name: PastName, below: readonly number[]): readonly Buffer[] {
    return [...(name.parentPath ?? this.#inode(name.parent, below)), shownName(name.name, false).name]
  }
}

const orphan = (inode: number): readonly Buffer[] => [Buffer.from('$Orphan'), Buffer.from(`inode-${inode}`)]
