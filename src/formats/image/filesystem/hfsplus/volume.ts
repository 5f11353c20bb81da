/** An opened volume: what its parts need of each other. */
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
  /** With what the journal had not written yet. */
  readonly bytes: Medium
  /** Where bytes of structures lie on the volume as it is. */
  readonly through: (runs: readonly DataRun[]) => readonly DataRun[]
  readonly journal: Journal | null
  readonly catalog: Catalog
  readonly overflow: Overflow
  readonly attributes: Attributes
  /** Of the attributes file. */
  readonly attributeRuns: readonly DataRun[]
  readonly tally: ClusterTally
  /** The allocation file; null where it cannot be read. */
  readonly bitmap: Medium | null
  /** Blocks that the medium has. */
  readonly clusters: number
  readonly problem: (problem: VolumeProblem) => void
}
