/** Paths of removed entries: from the remaining names, upwards to a live directory, or to `$Orphan`. */
import { shownName } from './directory.ts'
import type { PastName, PastNames } from './names.ts'
import type { Version, Versions } from './versions.ts'

/** Removed directories inside each other that are followed. */
const DEPTH_MOST = 256

export class PastPaths {
  readonly #names: PastNames
  readonly #versions: Versions

  constructor(names: PastNames, versions: Versions) {
    this.#names = names
    this.#versions = versions
  }

  /** Path of an inode by its newest name. @param life required life of the name, where the journal has several */
  of(inode: number, life: Version | null): readonly Buffer[] {
    return this.#inode(inode, life, [])
  }

  ofName(name: PastName): readonly Buffer[] {
    return this.#name(name, [])
  }

  #inode(inode: number, life: Version | null, below: readonly number[]): readonly Buffer[] {
    const several = this.#versions.of(inode).length > 1
    let newest: PastName | null = null
    for (const name of this.#names.of(inode)) {
      if (several && (life === null || name.life !== life)) continue
      if (newest === null || (name.order ?? -Infinity) > (newest.order ?? -Infinity)) newest = name
    }
    if (newest === null || below.length >= DEPTH_MOST || below.includes(inode)) return orphan(inode)
    return this.#name(newest, [...below, inode])
  }

  #name(name: PastName, below: readonly number[]): readonly Buffer[] {
    const life = this.#versions.at(name.parent, name.order)
    const parent = name.parentPath ?? this.#inode(name.parent, life, below)
    return [...parent, shownName(name.name, false).name]
  }
}

const orphan = (inode: number): readonly Buffer[] => [Buffer.from('$Orphan'), Buffer.from(`inode-${inode}`)]
