/** Contents of the CFTT cases: pictures of noise from the seed, each different, so that every block of a content is its own. */
import sharp from 'sharp'
import { seeded } from '../../../fixtures/pictures.ts'

export interface Contents {
  /** About 28 kB. */
  readonly picture: (n: number) => Buffer
  /** About 1 kB. */
  readonly small: (n: number) => Buffer
  /** About 1.7 MB. */
  readonly large: Buffer
  /** A generator of its own at every call: the same numbers for every file system. */
  readonly random: () => () => number
}

const PICTURES = 200
const SMALL = 1500

export async function makeContents(seed: number): Promise<Contents> {
  const pictures: Buffer[] = []
  for (let n = 0; n < PICTURES; n++) pictures.push(await noisePicture(seed * 10_007 + n, 220, 160))
  const small: Buffer[] = []
  for (let n = 0; n < SMALL; n++) small.push(await noisePicture(seed * 20_011 + n, 24 + (n % 9), 24))
  const large = await noisePicture(seed * 30_013, 1700, 1300)
  return {
    picture: (n) => pictures[n % PICTURES]!,
    small: (n) => small[n % SMALL]!,
    large,
    random: () => seeded(seed),
  }
}

function noisePicture(seed: number, width: number, height: number): Promise<Buffer> {
  const random = seeded(seed)
  const rgb = Buffer.alloc(width * height * 3)
  for (let at = 0; at < rgb.length; at++) rgb[at] = Math.floor(random() * 256)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer()
}
