/** One graded content of a training: a digest, its label and the cases that it comes from; no picture and no path. */

export interface TrainingRow {
  readonly sha256: string
  readonly positive: boolean
  /** Sorted; at least one. */
  readonly cases: readonly string[]
  /** PDQ in hex; null where the picture is too plain for one to mean anything. */
  readonly pdq: string | null
  /** Value by name of a group: figures are counted by it, and nothing is learned from it. */
  readonly groups?: Readonly<Record<string, string>>
}

/** Rows, and their features row by row. */
export interface TrainingSet {
  readonly rows: readonly TrainingRow[]
  /** rows × width; the last `colours` columns are the colour histogram of the baseline. */
  readonly values: Float32Array
  readonly width: number
  readonly colours: number
}

/** Under these a training is refused: fewer rows say nothing about the next case. */
export const LEAST = { positives: 50, negatives: 100, groups: 3 } as const

/** Negatives from which 0.1 % of them is at least one. */
export const LEAST_FOR_ALERT = 1000
