/** File systems of the cases, and who makes a volume of each here. */
import { writeFileSync } from 'node:fs'
import { type ApfsKind, apfsVolume } from '../../../fixtures/cftt/apfs.ts'
import { APFS_VOLUME_NAME } from '../../../fixtures/cftt/apfs-container.ts'
import { type FatBits, fatVolume } from '../../../fixtures/cftt/fat.ts'
import { type HfsPlusKind, hfsPlusVolume } from '../../../fixtures/cftt/hfs-plus.ts'
import { type MountedKind, mountedVolume } from '../../../fixtures/cftt/mounted.ts'
import type { Phase, Step } from '../../../fixtures/cftt/steps.ts'
import type { Bench } from '../model/scenario.ts'
import type { Abilities } from './case.ts'

export interface CaseVolume {
  readonly id: string
  /** Who writes the volume. */
  readonly maker: string
  readonly abilities: Abilities
  /** Steps with names as the file system keeps them. */
  readonly stored: (phases: readonly Phase[]) => readonly Phase[]
  /** @returns false where it cannot be made on this machine */
  readonly make: (bench: Bench, phases: readonly Phase[], image: string) => boolean
  readonly place?: VolumePlace
}

/** Where the files of an image are, that holds more than one volume. */
export interface VolumePlace {
  /** The folder under which this program lists the volume. */
  readonly folder: string
  /** Kind of the container, as The Sleuth Kit calls it. */
  readonly pool: string
}

export const VOLUMES: readonly CaseVolume[] = [
  ...[fat(12), fat(16), fat(32)],
  ...mounted(),
  ...[hfsPlus('hfs+'), hfsPlus('hfs+-old')],
  ...[apfs('apfs'), apfs('apfs-first')],
]

function fat(bits: FatBits): CaseVolume {
  return {
    id: `fat${bits}`,
    maker: 'written by fixtures/cftt/fat.ts',
    abilities: { links: false, streams: false },
    stored: asTheyAre,
    make: (_, phases, image) => {
      writeFileSync(image, fatVolume(bits, phases))
      return true
    },
  }
}

function hfsPlus(id: HfsPlusKind): CaseVolume {
  const kind = id === 'hfs+' ? 'journal, freed records cleared' : 'no journal, freed records stay'
  return {
    id,
    maker: `written by fixtures/cftt/hfs-plus.ts, not by macOS (${kind})`,
    abilities: { links: true, streams: false },
    stored: (phases) => phases.map((phase) => phase.map(decomposed)),
    make: (_, phases, image) => {
      writeFileSync(image, hfsPlusVolume(id, phases))
      return true
    },
  }
}

function apfs(id: ApfsKind): CaseVolume {
  const kind = id === 'apfs' ? 'goes on behind the block taken last' : 'takes the first free block'
  return {
    id,
    maker: `written by fixtures/cftt/apfs.ts, not by macOS (${kind})`,
    abilities: { links: true, streams: false },
    stored: asTheyAre,
    make: (_, phases, image) => {
      writeFileSync(image, apfsVolume(id, phases))
      return true
    },
    place: { folder: APFS_VOLUME_NAME, pool: 'apfs' },
  }
}

/** Names of HFS+ are kept decomposed. */
function decomposed(step: Step): Step {
  const path = step.path.normalize('NFD')
  return 'to' in step ? { ...step, path, to: step.to.normalize('NFD') } : { ...step, path }
}

function asTheyAre(phases: readonly Phase[]): readonly Phase[] {
  return phases
}

function mounted(): CaseVolume[] {
  const kinds: readonly (readonly [MountedKind, string, Abilities])[] = [
    ['exfat', 'mkfs.exfat, exfat-fuse', { links: false, streams: false }],
    ['ntfs', 'mkntfs, ntfs-3g', { links: true, streams: true }],
    ['ext2', 'mke2fs, kernel', { links: true, streams: false }],
    ['ext3', 'mke2fs, kernel', { links: true, streams: false }],
    ['ext4', 'mke2fs, kernel', { links: true, streams: false }],
  ]
  return kinds.map(([id, maker, abilities]) => ({
    ...{ id, maker, abilities, stored: asTheyAre },
    make: (bench, phases, image) =>
      mountedVolume(id, phases, image, bench.at('making'), (program, args) => bench.makes(program, args)),
  }))
}
