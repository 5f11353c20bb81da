/** The bytes of each volume of an image: as they are stored, or decrypted where a key opened it. */
import type { ByteRange, Medium, VolumeRange } from '../../contracts/image.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { partOf } from '../image/content/ranges.ts'
import { keepBackups } from '../image/content/sealed.ts'
import { contentOfVolume } from '../image/volume/content-of.ts'
import { unlockedMedium } from './common/unlocked-medium.ts'

const SAMPLES = 64
/** No volume has this number. */
const NONE = -1

type Numbered = ByteRange & Partial<Pick<VolumeRange, 'number'>>

export class ImageVolumes {
  readonly #medium: Medium
  readonly #unlocked: ReadonlyMap<number, UnlockedVolume>
  readonly #opened = new Map<number, Medium>()
  readonly #contents = new Map<number, string>()

  constructor(medium: Medium, unlocked: readonly UnlockedVolume[]) {
    this.#medium = medium
    this.#unlocked = new Map(unlocked.map((one) => [one.volume, one]))
  }

  isOpened({ number }: Numbered): boolean {
    return this.#of(number) !== undefined
  }

  /** The bytes of a volume, with the keys of the backups on it. */

  /** @param medium another view of the same medium, with its damage */
  of(range: Numbered, medium = this.#medium): Medium {
    const volume = this.#bytesOf(range, medium)
    keepBackups(volume, this.#unlocked.get(range.number ?? NONE)?.backups ?? [])
    return volume
  }

  #bytesOf(range: Numbered, medium: Medium): Medium {
    const volume = partOf(medium, range)
    const unlocked = this.#of(range.number)
    if (unlocked === undefined) return volume
    if (medium !== this.#medium) return unlockedMedium(volume, unlocked)
    const kept = this.#opened.get(unlocked.volume) ?? unlockedMedium(volume, unlocked)
    this.#opened.set(unlocked.volume, kept)
    return kept
  }

  /** The range as it is inside: length and content of the opened volume. */
  seen(range: VolumeRange): VolumeRange {
    const unlocked = this.#of(range.number)
    if (unlocked === undefined) return range
    const volume = this.of(range)
    const content = this.#contents.get(unlocked.volume) ?? contentOfVolume(volume, SAMPLES)
    this.#contents.set(unlocked.volume, content)
    return { ...range, length: volume.sizeBytes, content }
  }

  /** Places on the opened volume that metadata of the encryption holds. */
  metadataOf({ number }: Numbered): readonly ByteRange[] {
    let offset = 0
    return (this.#of(number)?.runs ?? []).flatMap(({ length, isMetadata }) => {
      const at = offset
      offset += length
      return isMetadata ? [{ offset: at, length }] : []
    })
  }

  #of(number: number | null | undefined): UnlockedVolume | undefined {
    const unlocked = this.#unlocked.get(number ?? NONE)
    return unlocked === undefined || unlocked.runs.length === 0 ? undefined : unlocked
  }
}
