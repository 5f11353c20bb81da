/** Installs what package-lock.json names when it is not there yet, so that every README command works in a fresh clone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = join(root, 'node_modules/.package-lock.json')
const wanted = join(root, 'package-lock.json')

// A linked node_modules belongs to another checkout: npm ci would empty it there.
const linked = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()

if (!linked && (!existsSync(installed) || statSync(installed).mtimeMs + 1000 < statSync(wanted).mtimeMs)) {
  console.log('Installing the packages that package-lock.json names (npm ci) …')
  // Nothing that a package brings is run, in whatever npm: some of their scripts download programs.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // Except these. What does not succeed has a fallback of its own: BLAKE3 without a compiler is WebAssembly.
  for (const name of Object.keys(allowScripts).filter((name) => allowScripts[name]))
    spawnSync('npm', ['rebuild', name, '--loglevel=error'], { cwd: root, stdio: 'ignore' })
}
