/**
 * An opened volume as a medium: its sectors are decrypted when read. Damage keeps its place on the encrypted volume.
 */

import type { Damage, Medium } from '../../../contracts/image.ts'
import {
  type SectorKey,
  type UnlockedRun,
  type UnlockedVolume,
  unlockedBytes,
} from '../../../contracts/lock.ts'
import { MOST_BYTES_A_CALL, type SectorDecrypter, sectorDecrypter } from './sector-cipher.ts'

interface Laid extends UnlockedRun {
  readonly at: number
}

/**
 * @param volume the encrypted volume
 * @throws RangeError for a key of the wrong length
 */
export function unlockedMedium(volume: Medium, unlocked: Pick<UnlockedVolume, 'keys' | 'runs'>): Medium {
  const sizeBytes = unlockedBytes(unlocked)
  const laid = laidOut(unlocked.runs)
  const sectors = unlocked.keys.map((key) => new Sectors(volume, key))
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      for (const { run, at, length } of within(laid, offset, wanted)) {
        const piece = target.subarray(at - offset, at - offset + length)
        if (run.from === null) piece.fill(0)
        else if (run.key === null) stored(volume, piece, run.from + at - run.at)
        else sectors[run.key]!.read(piece, run, run.from, at - run.at)
      }
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      for (const { run, at, length: bytes } of within(laid, offset, Math.min(length, sizeBytes - offset))) {
        if (run.from === null) continue
        // A damaged byte spoils its whole sector.
        const unit = run.key === null ? 1 : unlocked.keys[run.key]!.sectorBytes
        const from = Math.floor((at - run.at) / unit) * unit
        const to = Math.min(run.length, Math.ceil((at - run.at + bytes) / unit) * unit)
        for (const damage of volume.damageIn(run.from + from, to - from)) {
          const begin = Math.floor((damage.offset - run.from) / unit) * unit
          const end = Math.ceil((damage.offset + damage.length - run.from) / unit) * unit
          const first = Math.max(at, run.at + begin)
          const last = Math.min(at + bytes, run.at + Math.min(end, run.length))
          if (last > first) found.push({ ...damage, offset: first, length: last - first })
        }
        const lacking = run.from + run.length - volume.sizeBytes
        if (lacking > 0) {
          const first = Math.max(at, run.at + run.length - lacking)
          if (first < at + bytes)
            found.push({ offset: first, length: at + bytes - first, kind: 'damaged', cause: 'cut' })
        }
      }
      return found
    },
  }
}

/** Reads sectors that one key encrypts. */
class Sectors {
  readonly #volume: Medium
  readonly #key: SectorKey
  readonly #decrypt: SectorDecrypter
  readonly #scratch = Buffer.allocUnsafeSlow(MOST_BYTES_A_CALL)

  constructor(volume: Medium, key: SectorKey) {
    this.#volume = volume
    this.#key = key
    this.#decrypt = sectorDecrypter(key)
  }

  /** @param inRun first byte wanted, from the beginning of the run */
  read(target: Uint8Array, { ivStart, length: runLength }: UnlockedRun, from: number, inRun: number): void {
    const { sectorBytes, ivStep } = this.#key
    for (let done = 0; done < target.length; ) {
      const at = inRun + done
      const begin = Math.floor(at / sectorBytes) * sectorBytes
      const end = Math.min(
        begin + MOST_BYTES_A_CALL,
        Math.ceil((inRun + target.length) / sectorBytes) * sectorBytes,
        Math.ceil(runLength / sectorBytes) * sectorBytes,
      )
      const sectors = this.#scratch.subarray(0, end - begin)
      stored(this.#volume, sectors, from + begin)
      this.#decrypt(sectors, ivStart + (begin / sectorBytes) * ivStep)
      const length = Math.min(target.length - done, end - at)
      target.set(sectors.subarray(at - begin, at - begin + length), done)
      done += length
    }
  }
}

/** Missing bytes of the volume read as zeros, and `damageIn` reports them. */
function stored(volume: Medium, target: Uint8Array, offset: number): void {
  const got = offset < volume.sizeBytes ? volume.readInto(target, offset) : 0
  if (got < target.length) target.fill(0, got)
}

function laidOut(runs: readonly UnlockedRun[]): readonly Laid[] {
  let at = 0
  return runs.map((run) => {
    const laid = { ...run, at }
    at += run.length
    return laid
  })
}

function* within(
  laid: readonly Laid[],
  offset: number,
  length: number,
): Iterable<{ readonly run: Laid; readonly at: number; readonly length: number }> {
  let low = 0
  let high = laid.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const run = laid[middle]!
    if (run.at + run.length <= offset) low = middle + 1
    else high = middle
  }
  for (let index = low; index < laid.length; index++) {
    const run = laid[index]!
    if (run.at >= offset + length) return
    const at = Math.max(offset, run.at)
    yield { run, at, length: Math.min(offset + length, run.at + run.length) - at }
  }
}
