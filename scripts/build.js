/**
 * Compiles src, fixtures, scripts and bench into dist, one file each, for tests and scripts. It joins those of src into dist/program,
 * which runs: a command starts in half the time when it need not find two hundred files.
 *
 * Types are checked by `npm run lint`, not here. What is built of the same files already is not built again.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastGlob from 'fast-glob'
import { build } from 'rolldown'
import { transformSync } from 'rolldown/experimental'
import { ENTRIES, JOINED_IN, PAGE_ENTRY } from './entries.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiled = join(root, 'dist/src')
const program = join(root, 'dist/program')

const stamp = join(root, 'dist/.built')
const built = fingerprint()
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built) process.exit(0)
rmSync(stamp, { force: true })
compileChanged()
copyDataFiles(join(root, 'src'), compiled)
rmSync(program, { recursive: true, force: true })
await build({
  input: Object.fromEntries(ENTRIES.map((entry) => [basename(entry), join(compiled, `${entry}.js`)])),
  platform: 'node',
  // Packages stay where npm put them, but for those that a run needs a part of: joined in, they load in no time of their own.
  external: (name) => /^[^./]/.test(name) && !JOINED_IN.some((one) => `${name}/`.startsWith(`${one}/`)),
  // Every module as it is: nothing is left out because it seems to do nothing.
  treeshake: false,
  output: { dir: program, chunkFileNames: '[name].js' },
})
cpSync(join(compiled, 'ledger/format/migrations'), join(program, 'migrations'), { recursive: true })
// The page of a review runs in a browser: one file, beside those that it is shown with.
await build({
  input: { page: join(root, `src/${PAGE_ENTRY}.ts`) },
  platform: 'browser',
  output: { dir: join(program, 'page'), entryFileNames: '[name].js' },
})
for (const file of ['page.html', 'page.css'])
  cpSync(join(root, 'src/review/page', file), join(program, 'page', file))
cpSync(
  join(root, 'node_modules/@expo-google-fonts/noto-sans-bengali/400Regular/NotoSansBengali_400Regular.ttf'),
  join(program, 'page/bengali.ttf'),
)

writeFileSync(stamp, built)

/**
 * Takes the types out of each file that changed since it was compiled, and removes what no source is left of. The compiler does the
 * same in ten times the CPU time, because it reads every type first.
 */
function compileChanged() {
  const sources = fastGlob.sync(
    ['{src,fixtures,scripts,bench}/**/*.{ts,tsx}', '!**/*.d.ts', '!src/review/page/**'],
    { cwd: root },
  )
  const outputs = new Set()
  for (const source of sources) {
    const output = source.replace(/\.tsx?$/, '.js')
    outputs.add(output).add(`${output}.map`)
    const to = join(root, 'dist', output)
    const from = join(root, source)
    if (existsSync(to) && statSync(to).mtimeMs > statSync(from).mtimeMs) continue
    const { code, map, errors } = transformSync(source, readFileSync(from, 'utf8'), {
      typescript: { rewriteImportExtensions: 'rewrite', onlyRemoveTypeImports: true },
      jsx: { runtime: 'automatic' },
      sourcemap: true,
      target: 'es2022',
    })
    if (errors.length > 0)
      throw new Error(
        errors.map(({ message, codeframe }) => `${source}: ${message}\n${codeframe ?? ''}`).join('\n'),
      )
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(
      `${to}.map`,
      JSON.stringify({
        ...map,
        sources: [`${'../'.repeat(source.split('/').length)}${source}`],
        sourcesContent: undefined,
      }),
    )
    writeFileSync(to, `${code}//# sourceMappingURL=${basename(to)}.map\n`)
  }
  for (const built of fastGlob.sync('{src,fixtures,scripts,bench}/**/*.{js,js.map}', {
    cwd: join(root, 'dist'),
  }))
    if (!outputs.has(built)) rmSync(join(root, 'dist', built))
}

/** Names, sizes and times of all that a build reads. */
function fingerprint() {
  const read = ['{src,fixtures,scripts,bench}/**', 'package-lock.json', 'tsconfig.json']
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
