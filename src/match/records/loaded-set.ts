/** A list ready for matching: its facts, the meaning of its categories, and its records. */
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import type { RecordSource } from './record-source.ts'
import type { ScaleTable } from './scale.ts'

export interface LoadedSet {
  readonly info: HashSetInfo
  /** Null: a list without categories. */
  readonly scale: ScaleTable | null
  readonly source: RecordSource
  /** Names of the videos whose frames it contains, by number; '' where it is one video. */
  readonly videos: readonly string[]
}
