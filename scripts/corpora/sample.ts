/** A public sample: how it is found (by its digest), who says what is in it, and why this program differs where it does. */

export interface Sample {
  /** Repository of the collection. */
  readonly corpus: string
  /** Path in the collection; the file in the folder is found by its digest alone. */
  readonly name: string
  readonly sha256: string
  readonly is: string
  /** Further segments and backing files, by digest. */
  readonly with?: readonly string[]
  readonly expected: Expected
  /** Where this program differs from the reader: the numbers, so that another difference is a failure, and the reason. */
  readonly differs?: { readonly missing: number; readonly more: number; readonly why: string }
}

export type Expected =
  /** SHA-256 of every file that The Sleuth Kit recovers, allocated ones alone. `qemu`: converted to raw first. */
  | { readonly by: 'tsk_recover'; readonly qemu?: true }
  /** SHA-256 of every file that 7-Zip extracts. */
  | { readonly by: '7z'; readonly password?: string }
  /** SHA-256 of what a decompressor writes. */
  | { readonly by: 'gzip' | 'bzip2' | 'xz' | 'zstd' }
  /** Texts of a query, each of which must be found by search. */
  | { readonly by: 'sqlite3'; readonly query: string }
  /** File systems that the collection's own tests find behind the password that they state. */
  | {
      readonly by: 'published'
      /** A line of a keys file; of a key file its name in the folder: the first of `with`. */
      readonly secret: string
      readonly fileSystem: string
      readonly where: string
    }
  /** No reader: the collection made it so that it is refused. */
  | { readonly by: 'refused'; readonly where: string }

/** What became of a sample. */
export interface Compared {
  readonly sample: Sample
  readonly expected: number
  readonly seen: number
  readonly missing: readonly string[]
  readonly more: readonly string[]
  readonly ending: string
}

export function asExplained({ sample, missing, more }: Compared): boolean {
  const { missing: stated, more: statedMore } = sample.differs ?? { missing: 0, more: 0 }
  return missing.length === stated && more.length === statedMore
}
