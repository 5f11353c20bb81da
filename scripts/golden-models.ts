/**
 * Runs the original models in their original runtime on synthetic pictures and keeps what they answer:
 * `node dist/scripts/golden-models.js [id…]` writes test/golden/models/<id>.json. Slow, and only run when a model changes.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ORIGINALS } from './convert/originals.ts'
import { goldenSample } from './convert/synthetic-pictures.ts'

// This file runs as dist/scripts/golden-models.js.
const GOLDEN = fileURLToPath(new URL('../../test/golden/models', import.meta.url))

const ids = process.argv.slice(2)
for (const original of ORIGINALS) {
  if (ids.length > 0 && !ids.includes(original.id)) continue
  const run = await original.load()
  const pictures: { name: string; outputs: number[][] }[] = []
  for (const { name, pixels } of original.pictures) {
    pictures.push({ name, outputs: (await run(pixels)).map(goldenSample) })
  }
  const golden = { model: original.id, runtime: original.runtime, pictures }
  writeFileSync(join(GOLDEN, `${original.id}.json`), `${JSON.stringify(golden, null, 1)}\n`)
  console.log(`${original.id}: ${pictures.length} pictures`)
}
