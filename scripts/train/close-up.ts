/**
 * Trains the head that knows close-ups of hands: `node dist/scripts/train/close-up.js SETS`.
 *
 * SETS is a folder that scripts/held-back.js made; only its parts `tuning` and `tuning-faces` are read (close-up-rows.ts). Writes
 * models/close-up-hand/model.onnx and its digest into the card. The same pictures, models and processor give the same bytes.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BACKBONE_IDS } from '../../src/classify/backbone-ids.ts'
import { featureOf, featuresOf, tappedRunner } from '../../src/classify/backbones.ts'
import { headOnnx } from '../../src/classify/head-onnx.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import { toPixels } from '../../src/formats/media/pixels/scale.ts'
import { fitLogistic, folded, scaleOf } from '../../src/learn/logistic.ts'
import { DEFAULT_LIMITS } from '../../src/plan.ts'
import { pictureOf, rowsOf } from './close-up-rows.ts'

const RIDGE = 0.1

const [sets] = process.argv.slice(2)
if (!sets) throw new Error('Usage: node dist/scripts/train/close-up.js SETS')
const models = join(import.meta.dirname, '../../../models')
await loadDecoders()
const features = BACKBONE_IDS.map((id) => featureOf(models, id))
const runners = features.map((feature) => tappedRunner(models, feature))
const width = features.reduce((sum, { size }) => sum + size, 0)

const made: Float32Array[] = []
const closeUp: number[] = []
for (const row of rowsOf(sets)) {
  const [ground, hand] = [await decoded(row.file), row.hand ? await decoded(row.hand.file) : null]
  const picture = ground && (!row.hand || hand) ? pictureOf(row, ground, hand) : null
  if (!picture) continue
  made.push(await featuresOf(runners, picture))
  closeUp.push(Number(row.isCloseUp))
}
const values = new Float32Array(made.length * width)
for (const [i, one] of made.entries()) values.set(one, i * width)
const matrix = { values, width, from: 0, to: width }
const use = made.map((_, i) => i)
const { weights, bias } = folded(
  fitLogistic(matrix, Uint8Array.from(closeUp), use, scaleOf(matrix, use), RIDGE),
)
const onnx = headOnnx(Float32Array.from(weights), bias)
const folder = join(models, 'close-up-hand')
writeFileSync(join(folder, 'model.onnx'), onnx)
const card = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')) as object
const sha256 = createHash('sha256').update(onnx).digest('hex')
writeFileSync(
  join(folder, 'card.json'),
  `${JSON.stringify({ ...card, sha256, sizeBytes: onnx.length, features }, null, 2)}\n`,
)
console.log(`${made.length} rows, ${closeUp.filter(Boolean).length} of them close-ups of hands: ${sha256}`)

async function decoded(file: string): Promise<Pixels | null> {
  const bytes = readFileSync(file)
  const read = await decodePicture(bytes, bytes[0] === 0x89 ? 'image/png' : 'image/jpeg', {
    pixels: DEFAULT_LIMITS.pixels,
  })
  return read.ok ? toPixels(read.picture) : null
}
