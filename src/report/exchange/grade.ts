/** Grades that a person gave in another tool. */

export interface Grade {
  /** Line or record of the file, from 1. */
  readonly line: number
  /** Lower-case hex by algorithm: `md5`, `sha1`, `sha256`. */
  readonly digests: Readonly<Record<string, string>>
  readonly category: string
  /** Null: the scale that the person named applies. */
  readonly scale: string | null
  readonly note: string
  /** Where the other tool found it, for a content of which it made no digest; a path without the name of the source. */
  readonly place?: { readonly path: string; readonly sizeBytes: number | null }
}

export interface Grades {
  readonly sha256: string
  readonly format: string
  /** Where the file says in which tool it was made. */
  readonly tool?: string
  readonly grades: readonly Grade[]
  /** Number of rows without a grade, by reason. */
  readonly passedOver: Readonly<Record<string, number>>
  /** One sentence for each row that cannot be read. */
  readonly problems: readonly string[]
}
