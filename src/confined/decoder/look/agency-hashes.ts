/** Hashes by agencies' hashers of the pictures of one content: of a still picture, and of the sampled frames of a video or animation. */
import type { PerceptualHash } from '../../../contracts/finding.ts'
import { notDone, type StageResult } from '../../../contracts/stage.ts'
import type { HasherPicture, LookParts } from './look-parts.ts'

export class AgencyHashes {
  readonly hashes: PerceptualHash[] = []
  readonly #hashers: NonNullable<LookParts['hashers']>
  /** Asked no more of this content: a hasher that is too slow for one frame would use up the time of the whole look. */
  readonly #tooSlow = new Set<string>()
  #failure: StageResult | null = null

  constructor({ hashers = [] }: LookParts) {
    this.#hashers = hashers
  }

  /** @param part `original`, or the frame's */
  add(picture: HasherPicture, part: string): void {
    for (const { id, hash } of this.#hashers) {
      if (this.#tooSlow.has(id)) continue
      const hashed = hash(picture)
      if (!hashed.ok) {
        this.#failure ??= notDone(hashed.reason, hashed.detail)
        if (hashed.reason === 'over-time-limit') this.#tooSlow.add(id)
      } else if (hashed.bytes !== null)
        this.hashes.push({
          kind: 'perceptual-hash',
          algorithm: 'hasher',
          hex: Buffer.from(hashed.bytes).toString('hex'),
          quality: hashed.quality,
          flavour: id,
          part,
        })
    }
  }

  /** A content of which a hasher made no hash was not compared: its look is not done, and all else that was found stays. */
  resultOr(result: StageResult): StageResult {
    return this.#failure ?? result
  }
}
