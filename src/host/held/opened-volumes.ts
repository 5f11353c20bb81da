/**
 * Volumes of a held image that a key opened. Their keys stand here, in the messages to the processes that read the image, and
 * nowhere else; they go with the image.
 */
import type { Lock, UnlockedVolume } from '../../contracts/lock.ts'
import type { HeldImage } from './held-image.ts'

interface Opened {
  readonly locks: readonly Lock[]
  readonly unlocked: readonly UnlockedVolume[]
}

const kept = new WeakMap<HeldImage, Opened>()
const NOTHING: Opened = { locks: [], unlocked: [] }

export function keepOpened(image: HeldImage, opened: Opened): void {
  kept.set(image, opened)
}

/** Keys of the opened volumes; empty before the image was described. */
export function openedVolumes(image: HeldImage): readonly UnlockedVolume[] {
  return (kept.get(image) ?? NOTHING).unlocked
}

/** Every lock of the image, open or not; empty before the image was described. */
export function locksOf(image: HeldImage): readonly Lock[] {
  return (kept.get(image) ?? NOTHING).locks
}

/** Numbers of the secrets that opened an encrypted iOS backup on the image. */
export function secretsOfBackups(image: HeldImage): ReadonlySet<number> {
  return new Set(openedVolumes(image).flatMap(({ backups = [] }) => backups.map(({ secret }) => secret)))
}
