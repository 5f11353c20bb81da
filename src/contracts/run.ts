/** Starts of a run: its input files, the program parts in use, and the trials of the confinement of its children. */

/**
 * An input file that determines a run, with the path where `resume` finds it. The plan stores the digest of its
 * contents.
 */
export interface RunInput {
  readonly role: 'hash-set' | 'scale-table' | 'privilege-list' | 'terms' | 'path-model'
  /** Absolute path. */
  readonly file: string
  /** Lower-case hex; null if the plan contains it. */
  readonly sha256: string | null
  /** For a hash set: the operator's declaration, `meaning:illegal` or `scale:vics-us`. */
  readonly declared: string | null
  /** For a privilege list: its whole text. */
  readonly text: string | null
}

/** One start of a run, the first or after a pause. */
export interface RunStart {
  readonly kind: 'started' | 'resumed'
  /** Mount point, or first segment of the image, as the operator entered it. */
  readonly root: string
  /** For a resumed run: the inputs that the operator named again. */
  readonly inputs: readonly RunInput[]
  readonly parts: readonly ToolPart[]
}

/**
 * A program part in use by a run. `all-files`: the digest of the list of all parts (`seized parts`). The runtime is a
 * part too.
 */
export interface ToolPart {
  readonly kind: 'all-files' | 'runtime' | 'library' | 'wasm' | 'model'
  readonly name: string
  readonly version: string | null
  /** Lower-case hex. */
  readonly sha256: string | null
  readonly bytes: number | null
}

/** One forbidden action that a child process tried at the start of a run, to test its confinement. */
export interface ConfinementTrial {
  /** `picture`, `container`, `text`, `video`, … */
  readonly child: string
  /** Code of the action. */
  readonly attempt: string
  /** The action was prevented. */
  readonly held: boolean
  readonly detail: string | null
}
