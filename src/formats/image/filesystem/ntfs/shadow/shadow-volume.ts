/** A volume in the state of a shadow copy: each of its bytes by its place on the present volume. */
import type { DataRun } from '../../../../../contracts/content-place.ts'
import type { Medium } from '../../../../../contracts/image.ts'
import { runsContent } from '../../../content/runs.ts'
import type { BlockMap } from './block-map.ts'
import { BLOCK_BYTES } from './catalogue.ts'

/** Forwarders lead from a copy to the next newer one: no further than there are copies. */
export class ShadowVolume {
  readonly #volume: Medium
  /** Of the copy and of all that were made after it, in order. */
  readonly #maps: readonly BlockMap[]

  constructor(volume: Medium, maps: readonly BlockMap[]) {
    this.#volume = volume
    this.#maps = maps
  }

  get medium(): Medium {
    const { sizeBytes } = this.#volume
    return {
      sizeBytes,
      readInto: (target, offset) => {
        const length = Math.max(0, Math.min(target.length, sizeBytes - offset))
        return this.#content(offset, length).readInto(target.subarray(0, length), 0)
      },
      damageIn: (offset, length) => {
        const within = Math.max(0, Math.min(length, sizeBytes - offset))
        return this.#content(offset, within)
          .damageIn(0, within)
          .map((damage) => ({ ...damage, offset: offset + damage.offset }))
      },
    }
  }

  /** Runs of the former volume, as runs of the present one. */
  runsOf(runs: readonly DataRun[]): DataRun[] {
    const found: DataRun[] = []
    for (const { offset, length } of runs) {
      if (offset === null) found.push({ offset, length })
      else for (const run of this.#lying(offset, length)) add(found, run)
    }
    return found
  }

  #content(offset: number, length: number): Medium {
    const runs: DataRun[] = []
    for (const run of this.#lying(offset, length)) add(runs, run)
    return runsContent(this.#volume, runs, length, length)
  }

  *#lying(offset: number, length: number): Generator<DataRun, void, undefined> {
    for (let at = offset; at < offset + length; ) {
      const found = this.#at(at)
      const bytes = Math.min(found.length, offset + length - at)
      yield { offset: found.offset, length: bytes }
      at += bytes
    }
  }

  #at(offset: number): DataRun {
    const overlay = this.#maps[0]!.overlayAt(offset)
    const { length } = overlay
    if (overlay.from !== null) return { offset: overlay.from, length }
    let at = offset
    for (const [index, map] of this.#maps.entries()) {
      const kept = map.keptAt(at)
      if (kept !== null && !(kept.isForwarder && index + 1 < this.#maps.length))
        return { offset: kept.from + (at % BLOCK_BYTES), length }
      if (kept !== null) at = kept.from + (at % BLOCK_BYTES)
    }
    const isUnused = this.#maps.length === 1 && this.#maps[0]!.isUnused(offset)
    return { offset: isUnused ? null : at, length }
  }
}

/** The same, with adjacent runs merged. */
export function joined(runs: readonly DataRun[]): DataRun[] {
  const found: DataRun[] = []
  for (const run of runs) add(found, run)
  return found
}

function add(runs: DataRun[], { offset, length }: DataRun): void {
  const last = runs.at(-1)
  const follows =
    last !== undefined &&
    (last.offset === null ? offset === null : offset !== null && last.offset + last.length === offset)
  if (follows) runs[runs.length - 1] = { offset: last.offset, length: last.length + length }
  else runs.push({ offset, length })
}
