/** The known facts about an image that is the exhibit itself, and whether this program hashed its bytes. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ExhibitImage, ImageHash } from '../../contracts/image-exhibit.ts'
import { type ImageState, imageStateOf, statedHash, wholenessOf } from '../../contracts/image-state.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { verifyAside } from '../../host/lister/list-in-process.ts'
import { imageStateText } from '../../report/model/image-words.ts'
import type { Acquisition } from './acquisition.ts'

export interface ImageAcquisition {
  readonly acquisition: Acquisition
  /** Null when the exhibit is a mount. */
  readonly state: ImageState | null
  /** Computed from every byte; empty when not requested. */
  readonly hashes: readonly ImageHash[]
  /** Damage found while every byte was read. */
  readonly damage: readonly Damage[]
}

/**
 * @param verify read every byte first, and compare with the hashes that the image stores and the operator states
 * @param despite examine an image whose hash differs
 * @throws UsageError when a hash differs from the operator's, or from a stored one without damage that explains it; the
 *   image was not examined
 */
export async function acquireImage(given: {
  readonly held: HeldImage
  readonly image: ExhibitImage
  readonly acquisitionHash: string | undefined
  readonly verify: boolean
  readonly despite: boolean
  readonly readStallMs: number
  readonly hashed: (bytes: number) => void
}): Promise<ImageAcquisition> {
  const { held, image, despite } = given
  const acquisitionHash = given.acquisitionHash ?? null
  const known = { stored: image.storedHashes, acquisitionHash, despite }
  const stateWith = (hashes: readonly ImageHash[], damage: readonly Damage[]) =>
    refusedUnless(
      imageStateOf({ ...known, computed: hashes, ...wholenessOf(image, bytesOf(damage)) }),
      held,
      despite,
    )
  // A comparison of the operator's hash with the stored hash needs no reading.
  const before = stateWith([], [])
  const { verified } = given.verify
    ? await verifyAside(
        held,
        acquisitionHash === null ? [] : [statedHash(acquisitionHash).algorithm],
        given.readStallMs,
        given.hashed,
      )
    : { verified: { hashes: [], damage: [] } }
  const { hashes, damage } = verified
  const state = given.verify ? stateWith(hashes, damage) : before
  return {
    acquisition: {
      image: held.path,
      imageFormat: image.format,
      acquisitionHash,
      acquisitionStatus:
        state.kind === 'agrees'
          ? 'verified-by-seized'
          : acquisitionHash !== null && !given.verify
            ? 'stated-by-operator'
            : 'not-verified',
      partitionOffset: null,
    },
    state,
    hashes,
    damage,
  }
}

/** Damaged ranges explain a mismatch with a hash that the image stores, never with a hash that a person stated. */
function refusedUnless(state: ImageState, held: HeldImage, despite: boolean): ImageState {
  const isWrong = state.hashes.some(({ stated, stored, computed }) => {
    const others = [stored, computed].filter((hex) => hex !== null)
    if (stated !== null && others.some((hex) => hex !== stated)) return true
    return state.isWhole && stored !== null && computed !== null && stored !== computed
  })
  if (!isWrong || despite) return state
  throw new UsageError(
    `The image ${printText(held.path)} is not what was acquired. ${imageStateText(state)} Nothing was examined. Look for the right image or the right hash; --despite-image examines this one all the same, and every report says so.`,
    { code: 'image-refused' },
  )
}

function bytesOf(damage: readonly Damage[]): number {
  return damage.reduce((sum, one) => sum + (one.kind === 'damaged' ? one.length : 0), 0)
}
