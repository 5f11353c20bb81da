/**
 * Lists the files of the machine that a child may read: the program and its runtime. Landlock refuses all other
 * reads, and all writes.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MODELS_DIR, PROGRAM_ROOT } from '../../base/version.ts'

const LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/share/zoneinfo']

/**
 * OpenSSL ends the process when it cannot read a configuration file. The files of processor features decide
 * which code computes.
 */
const FILES = [
  '/etc/ld.so.cache',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/openssl.cnf',
  '/usr/local/ssl/openssl.cnf',
  '/dev/urandom',
  '/proc/cpuinfo',
  '/proc/meminfo',
]
const FOLDERS = ['/sys/devices/system/cpu']

const READ_FILE = 'read-file'
const READ = 'read-file,read-dir'

/**
 * Landlock rules of setpriv(1) for a child that starts with `entry`.
 * @param may   further folders that the child may read, for tests
 * @param mount root of the mount that the child walks or reads. This process does not access it: a stuck mount would hang it.
 */
export function landlockRules(
  entry: string,
  may: readonly string[] = [],
  mount: string | null = null,
): string[] {
  const { programs, libraries } = mapped()
  const rules = [
    ...programs.map((file) => rule(`execute,${READ_FILE}`, file)),
    ...[...LIBRARIES, ...libraries, ...FOLDERS, ...ownFolders(), dirname(entry), ...may].map((folder) =>
      rule(READ, folder),
    ),
    ...[...FILES, join(PROGRAM_ROOT, 'package.json')].map((file) => rule(READ_FILE, file)),
    rule(`${READ_FILE},write-file`, '/dev/null'),
    ...(mount === null ? [] : [[`path-beneath:${READ}:${mount}`]]),
  ]
  return [...new Set(rules.flat())].flatMap((text) => ['--landlock-rule', text])
}

function rule(access: string, path: string): string[] {
  if (!existsSync(path)) return []
  const real = realpathSync(path)
  const possible = statSync(real).isDirectory() ? access : access.replace(',read-dir', '')
  return [`path-beneath:${possible}:${real}`]
}

/**
 * Folders of the program. The program root itself is left out, because an operator may keep ledgers in it.
 * Packages are in it, or in a parent folder where npm put them.
 */
function ownFolders(): string[] {
  const packages: string[] = []
  for (let folder = PROGRAM_ROOT; folder !== dirname(folder); folder = dirname(folder))
    packages.push(join(folder, 'node_modules'))
  return [join(PROGRAM_ROOT, 'dist'), MODELS_DIR, ...packages]
}

/**
 * Files that this process has mapped, from /proc/self/maps. The program and the loader may be executed, the
 * others read.
 */
function mapped(): { readonly programs: readonly string[]; readonly libraries: readonly string[] } {
  const files = readFileSync('/proc/self/maps', 'utf8').match(/(?<=\s)\/\S.*$/gm) ?? []
  const isLibrary = (file: string) => /\.so(\.|$)/.test(file)
  const isLoader = (file: string) => /\/ld-[^/]*\.so/.test(file)
  return {
    programs: [process.execPath, ...new Set(files.filter(isLoader))],
    libraries: [...new Set(files.filter(isLibrary).map((file) => dirname(file)))],
  }
}
