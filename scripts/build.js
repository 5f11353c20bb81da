/**
 * Compiles src, fixtures, scripts and bench into dist, one file each, for tests and scripts; and joins those of src into
 * dist/program, which is what runs: a command starts in half the time when it need not find two hundred files.
 *
 * Types are checked by `npm run lint`, not here. What is built of the same files already is not built again.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { build } from 'rolldown'
import { ENTRIES, PAGE_ENTRY } from './entries.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiled = join(root, 'dist/src')
const program = join(root, 'dist/program')

/** Also in scripts/third-party.js. With its peer npm would install a compiler of 23 MB beside it. */
const JOINED_IN = new Set(['valibot'])

const stamp = join(root, 'dist/.built')
const built = fingerprint()
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built) process.exit(0)
rmSync(stamp, { force: true })
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
copyDataFiles(join(root, 'src'), compiled)
rmSync(program, { recursive: true, force: true })
await build({
  input: Object.fromEntries(ENTRIES.map((entry) => [basename(entry), join(compiled, `${entry}.js`)])),
  platform: 'node',
  // Packages stay where npm put them, but for those that a run needs a part of: joined in, they load in no time of their own.
  external: (name) => /^[^./]/.test(name) && !JOINED_IN.has(name),
  // Every module as it is: nothing is left out because it seems to do nothing.
  treeshake: false,
  output: { dir: program, chunkFileNames: '[name].js' },
})
cpSync(join(compiled, 'ledger/format/migrations'), join(program, 'migrations'), { recursive: true })
// The page of a review runs in a browser: one file, beside the two that it is shown with.
await build({
  input: { page: join(root, `src/${PAGE_ENTRY}.ts`) },
  platform: 'browser',
  output: { dir: join(program, 'page'), entryFileNames: '[name].js' },
})
for (const file of ['page.html', 'page.css'])
  cpSync(join(root, 'src/review/page', file), join(program, 'page', file))

writeFileSync(stamp, built)

/** Names, sizes and times of all that a build reads. */
function fingerprint() {
  const read = [
    '{src,fixtures,scripts,bench}/**',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ]
  const lines = fastGlob
    .sync(read, { cwd: root, dot: true, stats: true })
    .map(({ path, stats }) => `${path} ${stats.size} ${stats.mtimeMs}\n`)
  return createHash('sha256').update(lines.sort().join('')).digest('hex')
}

/** Everything under src that is not TypeScript is read at run time from the same place under dist. */
function copyDataFiles(from, to) {
  for (const item of readdirSync(from, { withFileTypes: true })) {
    if (item.isDirectory()) copyDataFiles(join(from, item.name), join(to, item.name))
    else if (!/\.tsx?$/.test(item.name)) cpSync(join(from, item.name), join(to, item.name))
  }
}
