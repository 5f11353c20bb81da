/** What is known of an image that is the exhibit itself, and whether its bytes were hashed by this program. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ExhibitImage, ImageHash } from '../../contracts/image-exhibit.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { verifyAside } from '../../host/lister/list-in-process.ts'
import type { Acquisition } from './acquisition.ts'
import { compareHashes } from './verify-image.ts'

export interface ImageAcquisition {
  readonly acquisition: Acquisition
  /** Computed from every byte; none when that was not asked for. */
  readonly hashes: readonly ImageHash[]
  /** Met by reading every byte. */
  readonly damage: readonly Damage[]
}

/**
 * @param verify read every byte first and compare with what the image stores and the operator states
 * @throws UsageError when a hash is not the stated one and no damage of the image explains that: nothing was examined
 */
export async function acquireImage(given: {
  readonly held: HeldImage
  readonly image: ExhibitImage
  readonly acquisitionHash: string | undefined
  readonly verify: boolean
  readonly readStallMs: number
  readonly hashed: (bytes: number) => void
}): Promise<ImageAcquisition> {
  const { held, image, acquisitionHash } = given
  const stated = acquisitionHash === undefined ? [] : [hashOf(acquisitionHash)]
  const acquisition = (status: Acquisition['acquisitionStatus']): Acquisition => ({
    image: held.path,
    imageFormat: image.format,
    acquisitionHash: acquisitionHash ?? null,
    acquisitionStatus: status,
    partitionOffset: null,
  })
  if (!given.verify)
    return {
      acquisition: acquisition(stated.length > 0 ? 'stated-by-operator' : 'not-verified'),
      hashes: [],
      damage: [],
    }
  const algorithms = stated.map(({ algorithm }) => algorithm)
  const { verified } = await verifyAside(held, algorithms, given.readStallMs, given.hashed)
  const { hashes, damagedBytes } = compareHashes([...image.storedHashes, ...stated], verified)
  const wrong = hashes.find(({ agrees }) => agrees === false)
  // Damage that has a name explains another hash: what can be read is examined, and nothing is vouched for.
  if (wrong && damagedBytes === 0)
    throw new UsageError(
      `The image is not what was acquired: ${wrong.algorithm} of its bytes is ${wrong.hex}, ${printText(held.path)} or the operator states another. Nothing was examined.`,
      { code: 'image-refused' },
    )
  const compared = !wrong && hashes.some(({ agrees }) => agrees)
  return {
    acquisition: acquisition(compared ? 'verified-by-seized' : 'not-verified'),
    hashes: verified.hashes,
    damage: verified.damage,
  }
}

/** `alg:hex`, checked by the option's parser. */
function hashOf(text: string): ImageHash {
  const [algorithm, hex] = text.split(':') as [ImageHash['algorithm'], string]
  return { algorithm, hex: hex.toLowerCase() }
}
