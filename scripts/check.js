/**
 * What is looked at before each commit (scripts/hooks/pre-commit): form of what is staged, types, the shape of src, the list of
 * third parties, and that nothing large or half merged is committed. Tests are run by whoever changed what they hold.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findings } from './architecture.js'

/** A file over this belongs into a script that makes it, or beside the repository; models are committed knowingly. */
const LARGEST_BYTES = 1 << 20

const root = fileURLToPath(new URL('..', import.meta.url))
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
const bin = (name) => join(root, 'node_modules', name)
const problems = []

function runs(what, file, ...args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' })
  if (status !== 0) problems.push(what)
}

const staged = git('diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z').split('\0').filter(Boolean)
for (const file of staged) {
  const bytes = Number(git('cat-file', '-s', `:${file}`))
  if (bytes > LARGEST_BYTES && !file.startsWith('models/')) problems.push(`${file} has ${bytes} bytes`)
}
const markers = spawnSync('git', ['diff', '--cached', '--check'], { cwd: root, encoding: 'utf8' }).stdout
if (/leftover conflict marker/.test(markers)) problems.push(markers)

runs(
  'form (biome check --write . mends most)',
  bin('@biomejs/biome/bin/biome'),
  'check',
  '--staged',
  '--no-errors-on-unmatched',
)
runs('types', bin('typescript/bin/tsc'), '--noEmit')
runs('THIRD-PARTY.md', join(root, 'scripts/third-party.js'), '--check')
const { long: _, ...shape } = findings()
for (const [name, lines] of Object.entries(shape)) for (const line of lines) problems.push(`${name}: ${line}`)

for (const problem of problems) console.error(`not committed: ${problem}`)
if (problems.length > 0) process.exitCode = 1
