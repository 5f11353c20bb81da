/** Runs the whole suite and ends with the line "N passed, N failed, N skipped". Arguments go to vitest. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'seized-test-'))
const summary = join(folder, 'summary.json')
const run = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${summary}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)
let exitCode = run.status ?? 1
try {
  const result = JSON.parse(readFileSync(summary, 'utf8'))
  const skipped = result.testResults.flatMap((file) =>
    file.assertionResults.filter((t) => t.status !== 'passed' && t.status !== 'failed'),
  )
  for (const test of skipped) console.log(`skipped: ${test.fullName}`)
  const failed =
    result.numFailedTests +
    result.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length
  console.log(`${result.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`)
  if (failed > 0 || result.numPassedTests === 0) exitCode ||= 1
} catch (error) {
  console.error(`The test summary could not be read: ${error.message}`)
  exitCode ||= 1
}
rmSync(folder, { recursive: true, force: true })
process.exit(exitCode)
