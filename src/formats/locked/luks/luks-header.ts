/** The header of a LUKS volume, in either version. */
import type { Digest, Slot } from './key-material.ts'

export interface LuksSegment {
  readonly id: string
  readonly offset: number
  readonly length: number
  /** Null: stored as it is. */
  readonly encryption: string | null
  /** 0: as long as the key of the volume. */
  readonly keyBytes: number
  readonly sectorBytes: number
  readonly ivStart: number
}

export interface LuksHeader {
  readonly format: 'luks1' | 'luks2'
  readonly id: string
  readonly label: string
  /** The most preferred first. */
  readonly slots: readonly Slot[]
  readonly digests: readonly (Digest & {
    readonly slots: readonly string[]
    readonly segments: readonly string[]
  })[]
  /** In the order of the opened volume. */
  readonly segments: readonly LuksSegment[]
  /** No re-encryption under way, no integrity, no segment of an unknown kind. */
  readonly isStateBuilt: boolean
}
