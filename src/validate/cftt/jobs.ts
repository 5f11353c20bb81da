/** What is made and asked, row by row: each case of deleted files on each file system, each layout of carving with each kind of file. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Bench } from '../model/scenario.ts'
import { CARVED_KINDS, CARVING_CASES, carvingFiles, carvingMedium } from './carving-cases.ts'
import { CFTT_CASES } from './cases.ts'
import type { Contents } from './contents.ts'
import { type Answers, answersOf } from './measure.ts'
import { VOLUMES, type VolumePlace } from './volumes.ts'

export interface Job {
  readonly id: string
  readonly title: string
  /** File system, or kind of the files that are carved. */
  readonly fileSystem: string
  readonly lists: 'deleted' | 'all'
  readonly isCarving: boolean
  /** @returns null where it cannot be made on this machine */
  readonly make: (bench: Bench, image: string) => Promise<Answers | null>
  readonly place?: VolumePlace
}

export function deletedFileJobs(contents: Contents): Job[] {
  return CFTT_CASES.flatMap(({ id, title, lists, phases }) => {
    const job = { id, title, lists, isCarving: false }
    return VOLUMES.map(({ id: fileSystem, make, abilities, stored, place }) => ({
      ...{ ...job, fileSystem, ...(place && { place }) },
      make: async (bench: Bench, image: string) => {
        const steps = stored(phases(contents, abilities))
        return make(bench, steps, image) ? answersOf(steps, readFileSync(image)) : null
      },
    }))
  })
}

export function carvingJobs(seed: number): Job[] {
  return CARVING_CASES.flatMap((one) =>
    CARVED_KINDS.map((kind) => ({
      ...{ id: one.id, title: one.title, fileSystem: kind, lists: 'deleted' as const, isCarving: true },
      make: async (_: Bench, file: string) => {
        const { image, answers } = carvingMedium(one, await carvingFiles(kind, seed), seed)
        writeFileSync(file, image)
        return answers
      },
    })),
  )
}
