/** A list ready to be matched: what it is, what its categories mean, and its records. */
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import type { RecordSource } from './record-source.ts'
import type { ScaleTable } from './scale.ts'

export interface LoadedSet {
  readonly info: HashSetInfo
  /** Null: a list without categories. */
  readonly scale: ScaleTable | null
  readonly source: RecordSource
  /** What it calls the videos whose frames it holds, by number; '' where it is one video. */
  readonly videos: readonly string[]
}
