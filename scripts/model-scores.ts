/** Writes down what the models say of the pictures that a validation shows them: `node dist/scripts/model-scores.js`, only when a model changes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { type ClassifiedScore, measuredPictures } from '../src/validate/scenarios/models.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-scores-'))
const all: Record<string, Record<string, number>> = {}
for (const [name, bytes] of await measuredPictures()) {
  writeFileSync(join(folder, name), bytes)
  const { stdout } = spawnSync(
    process.execPath,
    [join(PROGRAM_ROOT, 'bin/seized.js'), 'classify', join(folder, name), '--json'],
    { encoding: 'utf8' },
  )
  const { scores }: { scores: readonly ClassifiedScore[] } = JSON.parse(stdout)
  all[name] = Object.fromEntries(
    scores.map(({ classifier, label, score }) => [`${classifier} ${label}`, Math.round(score * 10_000)]),
  )
}
rmSync(folder, { recursive: true })
writeFileSync(
  join(PROGRAM_ROOT, 'src/validate/exhibits/model-scores.json'),
  `${JSON.stringify(all, null, 2)}\n`,
)
