/**
 * Assigns damage on a volume to byte classes: unallocated space, contents and slack. The remaining damage is in
 * metadata of the file system.
 */
import type { ByteRange, Damage, FileSystem, VolumeClasses, VolumeEntry } from '../../contracts/image.ts'
import type { DamagedBytes } from '../../contracts/image-exhibit.ts'
import { DamageLog } from '../../formats/image/content/damage-log.ts'
import { slackOf } from '../../formats/image/remains/slack.ts'

type ClassName = keyof VolumeClasses

export class DamageOfVolume {
  readonly #known = new DamageLog()
  readonly #contents = new DamageLog()
  readonly #slack = new DamageLog()
  #isAny = false

  /** @param known damage that is known before the listing; offsets on the volume */
  constructor(known: readonly Damage[]) {
    for (const damage of known) this.#add(damage)
  }

  /** Counts known damage in a live content and in its slack. Contents that share bytes count once. */
  see(entry: VolumeEntry, fileSystem: FileSystem): void {
    if (!this.#isAny || entry.status !== 'live' || entry.place.kind === 'none' || !('runs' in entry.place))
      return
    for (const { offset, length } of slackOf(entry, fileSystem))
      for (const damage of this.#known.within(offset, length)) this.#slack.add(damage)
    for (const { offset, length } of entry.place.runs)
      if (offset !== null) for (const damage of this.#known.within(offset, length)) this.#contents.add(damage)
  }

  /**
   * @param met damage found during the listing. A lister reads structures, and unallocated space if that is searched.
   */
  bytes(met: readonly Damage[], free: () => Iterable<ByteRange>): DamagedBytes[] {
    for (const damage of met) this.#add(damage)
    if (!this.#isAny) return []
    const freeDamage = new DamageLog()
    for (const { offset, length } of free())
      for (const damage of this.#known.within(offset, length)) freeDamage.add(damage)
    const classOf: readonly (readonly [ClassName, DamageLog])[] = [
      ['unallocated', freeDamage],
      ['slack', this.#slack],
      ['allocated', this.#contents],
    ]
    const counts: DamagedBytes[] = []
    for (const kind of ['damaged', 'unreadable-at-acquisition'] as const) {
      let rest = bytesOf(this.#known, kind)
      const taken = new DamageLog()
      for (const [name, log] of classOf) {
        const before = bytesOf(taken, kind)
        for (const damage of log.within(0, Number.MAX_SAFE_INTEGER)) taken.add(damage)
        const bytes = bytesOf(taken, kind) - before
        rest -= bytes
        if (bytes > 0) counts.push({ kind, of: name, bytes })
      }
      if (rest > 0) counts.push({ kind, of: 'metadata', bytes: rest })
    }
    return counts
  }

  #add(damage: Damage): void {
    this.#known.add(damage)
    this.#isAny = true
  }
}

/** Damaged bytes of a range that no reader read. */
export function damagedBytes(damage: readonly Damage[]): DamagedBytes[] {
  const log = new DamageLog()
  for (const one of damage) log.add(one)
  return (['damaged', 'unreadable-at-acquisition'] as const)
    .map((kind) => ({ kind, of: null, bytes: bytesOf(log, kind) }))
    .filter(({ bytes }) => bytes > 0)
}

function bytesOf(log: DamageLog, kind: Damage['kind']): number {
  return log
    .within(0, Number.MAX_SAFE_INTEGER)
    .reduce((sum, one) => sum + (one.kind === kind ? one.length : 0), 0)
}
