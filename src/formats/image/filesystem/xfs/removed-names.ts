/** Names in unused parts of directories, by the inode that they named; bounded. */
import type { Dirent } from './directory.ts'

export interface RemovedName {
  readonly dirent: Dirent
  readonly path: readonly Buffer[]
  /** Last change of the directory: the name was removed then or before. */
  readonly removedBy: bigint | null
}

const NAMES_MOST = 1_000_000

export class RemovedNames {
  readonly #byInode = new Map<number, RemovedName[]>()
  #count = 0

  get isFull(): boolean {
    return this.#count >= NAMES_MOST
  }

  /** @param parent path of the directory @param removedBy its last change */
  add(dirent: Dirent, parent: readonly Buffer[], removedBy: bigint | null): void {
    if (this.isFull) return
    this.#count++
    const name = { dirent, path: [...parent, dirent.name], removedBy }
    const known = this.#byInode.get(dirent.inode)
    if (known) known.push(name)
    else this.#byInode.set(dirent.inode, [name])
  }

  /** The names of an inode, which are not returned again. */
  take(inode: number): readonly RemovedName[] {
    const names = this.#byInode.get(inode) ?? []
    this.#byInode.delete(inode)
    return names
  }

  *rest(): Generator<RemovedName> {
    for (const names of this.#byInode.values()) yield* names
  }
}
