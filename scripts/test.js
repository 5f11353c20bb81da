/**
 * Runs the whole suite, names what was skipped, and ends with the line "N passed, N failed". Arguments go to vitest, except
 * `--only-allowed-skips`: then a skipped test fails unless test/allowed-skips.json gives a reason for it; and `--kind unit` (or another of
 * test-kinds.js): then only test files of that kind run.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KINDS, testFiles } from './test-kinds.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'seized-test-'))
const summary = join(folder, 'summary.json')
const STRICT = '--only-allowed-skips'
const strict = process.argv.includes(STRICT)
const words = process.argv.slice(2).filter((word) => word !== STRICT)
const at = words.indexOf('--kind')
const kind = at < 0 ? null : words.splice(at, 2)[1]
if (kind !== null) {
  if (!KINDS.includes(kind))
    throw new Error(`--kind takes one of ${KINDS.join(', ')}; "${kind}" is none of them.`)
  // One process runs many files of this kind and imports a module once: a third of the time.
  if (kind === 'unit') words.push('--no-isolate')
  words.push(...testFiles().flatMap((one) => (one.kind === kind ? [one.file] : [])))
}
/** Beginning of a test's full name → why it may be skipped. */
const allowed = JSON.parse(readFileSync(join(root, 'test/allowed-skips.json'), 'utf8'))
const reasonFor = (name) => Object.entries(allowed).find(([beginning]) => name.startsWith(beginning))?.[1]

const run = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${summary}`,
    ...words,
  ],
  { cwd: root, stdio: 'inherit' },
)
let exitCode = run.status ?? 1
try {
  const result = JSON.parse(readFileSync(summary, 'utf8'))
  // "pending" is a test that never ended: the process of its file died. A skipped test is "skipped".
  const died = result.testResults.filter((file) => file.assertionResults.some((t) => t.status === 'pending'))
  for (const { name } of died) console.log(`the process of ${relative(root, name)} died`)
  const skipped = result.testResults.flatMap((file) =>
    file.assertionResults.filter((t) => t.status === 'skipped' || t.status === 'todo'),
  )
  for (const { fullName } of skipped)
    console.log(`skipped: ${fullName} (${reasonFor(fullName) ?? 'no reason in test/allowed-skips.json'})`)
  const refused = strict ? skipped.filter(({ fullName }) => !reasonFor(fullName)).length : 0
  if (refused > 0) console.log(`${refused} skipped without a reason count as failed`)
  const failed =
    refused +
    died.length +
    result.numFailedTests +
    result.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length
  if (kind === 'unit') for (const line of slowest(result.testResults)) console.log(line)
  console.log(`${result.numPassedTests} passed, ${failed} failed`)
  if (failed > 0 || result.numPassedTests === 0) exitCode ||= 1
} catch (error) {
  console.error(`The test summary could not be read: ${error.message}`)
  exitCode ||= 1
}
rmSync(folder, { recursive: true, force: true })
process.exit(exitCode)

/** Files that may belong to another kind (test-kinds.js). */
function slowest(files) {
  return files
    .map(({ name, startTime, endTime }) => ({ file: relative(root, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5)
    .map(({ file, ms }) => `slow: ${file} (${(ms / 1000).toFixed(1)} s)`)
}
