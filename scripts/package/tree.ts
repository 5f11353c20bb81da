/** The tree that is packaged: the built program, the packages that a run may load, and Node; nothing for other systems. */
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import picomatch from 'picomatch'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { LOADED_ONLY } from '../../src/parts/part-files.ts'
import { writeSite } from '../site/site.ts'
import { isInstalled, lockRows, reached } from './reached.ts'

/** By its place in the repository: this script runs from `dist`, and `bin` is not copied there. */
const { ENGINE, OF_SCANS, SCANS } = (await import(
  pathToFileURL(join(PROGRAM_ROOT, 'bin/runtime.js')).href
)) as Readonly<Record<'ENGINE' | 'OF_SCANS' | 'SCANS', readonly string[]>>

export interface LockedPackage {
  /** `node_modules/pg` */
  readonly path: string
  readonly name: string
  readonly version: string
  readonly license: string
  /** `sha512-…`, as npm states it. */
  readonly integrity: string | null
}

/** What the lock file names, a run can load, and this machine has installed. */
export function lockedPackages(root: string): LockedPackage[] {
  const rows = lockRows(root)
  const loaded = reached(rows)
  return Object.entries(rows)
    .filter(([path, row]) => loaded.has(path) && !row.dev)
    .filter(([, { libc }]) => libc === undefined || libc.includes('glibc'))
    .filter(([path]) => isInstalled(root, path))
    .map(([path, { version, license, integrity }]) => ({
      path,
      name: path.split('node_modules/').at(-1)!,
      version,
      license: license ?? 'not stated',
      integrity: integrity ?? null,
    }))
}

const HERE = `${process.platform}-${process.arch}`

/** Of some packages only what a run loads, as the digest of the program's parts has it; of Node the program alone. */
const isLoaded = new Map(
  Object.entries({
    ...LOADED_ONLY,
    [`node-${HERE}`]: ['bin/node'],
    '@c4312/blake3-native': ['dist/**', 'build/Release/blake3.node'],
    // The Node that comes along is the one for glibc.
    'better-sqlite3': ['lib/**/*.js', `prebuilds/${HERE}.node`],
    'es-toolkit': ['dist/**/*.mjs'],
  }).map(([name, patterns]) => [name, picomatch([...patterns])]),
)
const ALWAYS = /(^|\/)(package\.json|(un)?licen[cs]e[^/]*|notice[^/]*|copying[^/]*|third-?party[^/]*)$/i
const NEVER =
  /\.(map|bare|d\.[cm]?ts|md|markdown|flow|tsbuildinfo|ts|c|cc|cpp|h|o|gyp|gypi)$|(^|\/)(test|tests|__tests__|docs|example|examples|\.github)\//i

export interface Kept {
  readonly files: number
  readonly bytes: number
  readonly leftOutBytes: number
}

/** Copies the packages below `to`, and says how much was left out. */
export function copyPackages(root: string, packages: readonly LockedPackage[], to: string): Kept {
  let [files, bytes, leftOutBytes] = [0, 0, 0]
  for (const { path, name } of packages)
    for (const file of filesOf(join(root, path))) {
      const inside = relative(join(root, path), file).split(sep).join('/')
      const size = statSync(file).size
      const wanted = ALWAYS.test(inside) || (!NEVER.test(inside) && (isLoaded.get(name)?.(inside) ?? true))
      if (wanted) {
        const target = join(to, path, inside)
        mkdirSync(dirname(target), { recursive: true })
        cpSync(file, target, { dereference: true })
        files++
        bytes += size
      } else leftOutBytes += size
    }
  return { files, bytes, leftOutBytes }
}

/** Without what nested packages hold: the lock file names those by themselves. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name)
    if (item.isDirectory()) return item.name === 'node_modules' ? [] : filesOf(path)
    return lstatSync(path).isFile() || existsSync(path) ? [path] : []
  })
}

const OWN = ['bin', 'dist/program', 'models', 'hashsets', 'docs']
const OWN_FILES = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'THIRD-PARTY.md',
  'package.json',
  'package-lock.json',
]

export function copyProgram(root: string, to: string): void {
  for (const folder of OWN)
    cpSync(join(root, folder), join(to, folder), {
      recursive: true,
      dereference: true,
      filter: (file) => !basename(file).endsWith('.map'),
    })
  for (const file of OWN_FILES) cpSync(join(root, file), join(to, file))
  const broken = writeSite(root, join(to, 'docs/site'))
  if (broken.length > 0) throw new Error(`links of the docs lead nowhere: ${broken.join(', ')}`)
  const launcher = join(to, 'seized')
  writeFileSync(launcher, LAUNCHER, { mode: 0o755 })
}

/** Needs no PATH, no HOME and no Node of the system. */
export const LAUNCHER = `#!/bin/sh
# seized, under the Node that comes with it
d=$(ulimit -d)
if [ "$d" != unlimited ] && [ "$d" -lt 786432 ]; then
  echo "seized: A process may use $((d * 1024 / 1000000)) MB of memory here (ulimit -d), and seized needs 806 MB. Raise the limit, or examine on another machine." >&2
  exit 75
fi
here=$(CDPATH= cd -- "\${0%/*}" && pwd) || exit 1
if [ -L "$0" ]; then
  link=$(readlink -f -- "$0") || exit 1
  here=\${link%/*}
fi
case "\${1-}" in ${SCANS.join(' | ')}) e='${OF_SCANS.join(' ')}' ;; *) e= ;; esac
exec "$here/node_modules/node-${HERE}/bin/node" ${ENGINE.join(' ')} $e "$here/bin/seized.js" "$@"
`
