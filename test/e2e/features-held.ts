/** Features of a picture as the program makes them, and whether bytes hold any part of them. */
import { readFileSync } from 'node:fs'
import { MODELS_DIR } from '../../src/base/version.ts'
import { BACKBONE_IDS } from '../../src/classify/backbone-ids.ts'
import { featureOf, featuresOf, tappedRunner } from '../../src/classify/backbones.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import { toPixels } from '../../src/formats/media/pixels/scale.ts'

export async function featuresOfFile(file: string): Promise<Float32Array> {
  await loadDecoders()
  const decoded = await decodePicture(readFileSync(file), 'image/jpeg', { pixels: 1e8 })
  if (!decoded.ok) throw new Error('the picture was not decoded')
  const runners = BACKBONE_IDS.map((id) => tappedRunner(MODELS_DIR, featureOf(MODELS_DIR, id)))
  return featuresOf(runners, await toPixels(decoded.picture))
}

/** Any four neighbours that differ, in either byte order, as float32 or as decimals. */
export function holds(bytes: Buffer, features: Float32Array): boolean {
  for (let i = 0; i + 4 <= features.length; i += 4) {
    const four = features.slice(i, i + 4)
    if (new Set(four).size < 4) continue
    const raw = Buffer.from(four.buffer)
    const forms = [raw, Buffer.from(raw).swap32(), Buffer.from([...four].join(','))]
    if (forms.some((form) => bytes.includes(form))) return true
  }
  return false
}
