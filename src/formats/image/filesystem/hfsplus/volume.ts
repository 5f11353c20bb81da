/** An opened volume, with the parts that its modules share. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium, VolumeProblem } from '../../../../contracts/image.ts'
import type { ClusterTally } from '../clusters/tally.ts'
import type { Attributes } from './attributes.ts'
import type { Catalog } from './catalog.ts'
import type { Geometry } from './fork.ts'
import type { Journal } from './journal.ts'
import type { Overflow } from './overflow.ts'
import type { VolumeHeader } from './volume-header.ts'

export interface Volume {
  readonly header: VolumeHeader
  readonly geometry: Geometry
  /** Bytes of the volume after the replay of its journal. */
  readonly bytes: Medium
  /** Places of structures on the volume as stored. */
  readonly through: (runs: readonly DataRun[]) => readonly DataRun[]
  readonly journal: Journal | null
  readonly catalog: Catalog
  readonly overflow: Overflow
  readonly attributes: Attributes
  /** Of the attributes file. */
  readonly attributeRuns: readonly DataRun[]
  readonly tally: ClusterTally
  /** The allocation file; null where it is unreadable. */
  readonly bitmap: Medium | null
  /** Blocks on the medium. */
  readonly clusters: number
  readonly problem: (problem: VolumeProblem) => void
}
