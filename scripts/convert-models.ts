/**
 * Converts the models of pinned npm packages to ONNX: `node dist/scripts/convert-models.js [--pin] [id…]`.
 *
 * Byte for byte the same on every machine. Without --pin it compares what it made with models/<id>/ and fails on a
 * difference; with --pin it writes model.onnx and its digest into card.json.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { checkVersion, isInstalled, SOURCES } from './convert/sources.ts'

const pin = process.argv.includes('--pin')
const ids = process.argv.slice(2).filter((argument) => argument !== '--pin')

for (const source of SOURCES) {
  if (ids.length > 0 && !ids.includes(source.id)) continue
  if (!isInstalled(source)) {
    console.log(`${source.id}  left out: ${source.package} is not installed (models/README.md)`)
    continue
  }
  checkVersion(source)
  const bytes = source.convert().encode(`npm ${source.package}@${source.version}`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const cardPath = join(MODELS_DIR, source.id, 'card.json')
  const card = JSON.parse(readFileSync(cardPath, 'utf8')) as { sha256: string; sizeBytes: number }
  if (pin) {
    writeFileSync(join(MODELS_DIR, source.id, 'model.onnx'), bytes)
    writeFileSync(cardPath, `${JSON.stringify({ ...card, sha256, sizeBytes: bytes.length }, null, 2)}\n`)
  } else if (sha256 !== card.sha256) {
    console.error(`${source.id}: made ${sha256}, but its card says ${card.sha256}`)
    process.exitCode = 1
    continue
  }
  console.log(`${source.id}  ${bytes.length} bytes  ${sha256}${pin ? '  written' : '  as pinned'}`)
}
