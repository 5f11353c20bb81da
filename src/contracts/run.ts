/** Starts of a run: what it was given, what took part in it, and what its children were kept from. */

/** A file that decides what a run does: where `resume` finds it again. What it held stands in the plan, by digest. */
export interface RunInput {
  readonly role: 'hash-set' | 'scale-table' | 'privilege-list' | 'terms' | 'path-model'
  /** Absolute path. */
  readonly file: string
  /** Lower-case hex; null where the plan has it. */
  readonly sha256: string | null
  /** Of a hash set: what the operator declared it to be, `meaning:illegal` or `scale:vics-us`. */
  readonly declared: string | null
  /** Of a privilege list: all of it. */
  readonly text: string | null
}

/** One start of a run, the first or after a pause. */
export interface RunStart {
  readonly kind: 'started' | 'resumed'
  /** Mount point, or first segment of the image, as it was given. */
  readonly root: string
  /** Those of a resumed run that were named again. */
  readonly inputs: readonly RunInput[]
  readonly parts: readonly ToolPart[]
}

/** What takes part in a run: `all-files`, the digest of the list of all of them (`seized parts`), and the runtime by itself. */
export interface ToolPart {
  readonly kind: 'all-files' | 'runtime' | 'library' | 'wasm' | 'model'
  readonly name: string
  readonly version: string | null
  /** Lower-case hex. */
  readonly sha256: string | null
  readonly bytes: number | null
}

/** One thing that a child process tried at the start of a run, to see what it is kept from. */
export interface ConfinementTrial {
  /** `picture`, `container`, `text`, `video`, … */
  readonly child: string
  /** Code of what was tried. */
  readonly attempt: string
  /** It was prevented. */
  readonly held: boolean
  readonly detail: string | null
}
