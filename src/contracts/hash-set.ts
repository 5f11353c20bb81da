/** Hash sets as the operator declares them, and as the ledger and the report name them. */

export const MEANINGS = ['illegal', 'interest', 'known'] as const

export type Meaning = (typeof MEANINGS)[number]

export interface HashSetDeclaration {
  readonly file: string
  readonly declared:
    | { readonly kind: 'meaning'; readonly meaning: Meaning }
    | { readonly kind: 'scale'; readonly scale: string }
}

export interface HashSetInfo {
  /** Name shown to people: the list's own name, else the base name of the file. */
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
  /** Free notes that a court may ask for: owner, licence, handling caveat, envelope marker. */
  readonly notes: readonly string[]
}

/** Header hashes of one or more lists, as the lister of an image receives them. */
export interface ListedHeaderHashes {
  /** In the order of `KnownHeaderHash.list`. */
  readonly lists: readonly {
    readonly name: string
    readonly sha256: string
    /** Null: the list states the meaning by category, and a header hash has no category. */
    readonly meaning: Meaning | null
  }[]
  /** A HeaderHashIndex, packed (wire/header-hash-index.ts). */
  readonly packed: Buffer
}

/** Header hashes of a listed content, to find it where no file system names it any more. MD5, 16 bytes each. */
export interface KnownHeaderHash {
  readonly sizeBytes: number
  /** Of the whole content. */
  readonly md5: Uint8Array
  /** Of its first 512 bytes; shorter contents have no header hash. */
  readonly md5Of512: Uint8Array
  /** Of its first 65,536 bytes; null if the content is shorter. */
  readonly md5Of64k: Uint8Array | null
  /** Index of its list, from 0; absent: there is only one list. */
  readonly list?: number
}
