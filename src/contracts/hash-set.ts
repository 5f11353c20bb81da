/** Lists as the operator declares them and as ledger and report name them. */

export const MEANINGS = ['illegal', 'interest', 'known'] as const

export type Meaning = (typeof MEANINGS)[number]

export interface HashSetDeclaration {
  readonly file: string
  readonly declared:
    | { readonly kind: 'meaning'; readonly meaning: Meaning }
    | { readonly kind: 'scale'; readonly scale: string }
}

export interface HashSetInfo {
  /** Name shown to people: what the list calls itself, else the file's base name. */
  readonly name: string
  /** Edition as the list states it, else null: nothing is inferred from a file name. */
  readonly edition: string | null
  readonly format: string
  readonly formatReason: string
  readonly sha256: string
  readonly sizeBytes: bigint
  readonly meaning: Meaning | null
  readonly scale: string | null
  readonly rowsRead: number
  readonly recordsKept: number
  readonly duplicates: number
  readonly rejected: number
  /** Line (or record) numbers of the first rejected rows with the reason, at most 100; `rejected` counts them all. */
  readonly rejectedRows: readonly { readonly line: number; readonly reason: string }[]
  /** Free notes a court would ask for: owner, licence, handling caveat, envelope marker. */
  readonly notes: readonly string[]
}

/** Beginnings of one or more lists, as a lister of an image is handed them. */
export interface ListedHeaderHashes {
  /** In the order of `KnownHeaderHash.list`. */
  readonly lists: readonly {
    readonly name: string
    readonly sha256: string
    /** Null: its categories say, which a beginning does not have. */
    readonly meaning: Meaning | null
  }[]
  /** A HeaderHashIndex, packed (wire/header-hash-index.ts). */
  readonly packed: Buffer
}

/** How a listed content begins, to find it where no file system names it any more. MD5 in 16 bytes each. */
export interface KnownHeaderHash {
  readonly sizeBytes: number
  /** Of the whole content. */
  readonly md5: Uint8Array
  /** Of its first 512 bytes; contents that are shorter are not known by their beginning. */
  readonly md5Of512: Uint8Array
  /** Of its first 65,536 bytes; null when it is shorter. */
  readonly md5Of64k: Uint8Array | null
  /** Which of several lists it is of, from 0; absent: the only one. */
  readonly list?: number
}
