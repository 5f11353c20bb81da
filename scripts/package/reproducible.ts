/** Whatever machine, account and folder a package is made in, it has the same bytes: its time, its modes, its compiled file. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * The time that every file of a package states.
 * @returns seconds since 1970: SOURCE_DATE_EPOCH, else the commit's time, else that of package.json
 */
export function timeOf(root: string): number {
  const stated = process.env.SOURCE_DATE_EPOCH
  if (stated !== undefined) return Number(stated)
  if (!existsSync(join(root, '.git'))) return Math.floor(statSync(join(root, 'package.json')).mtimeMs / 1000)
  return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }))
}

/** Everybody reads, only the owner writes; a program or script that its owner may execute everybody may. */
export function setModes(folder: string): void {
  chmodSync(folder, 0o755)
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    if (item.isDirectory()) setModes(path)
    else if (item.isFile())
      chmodSync(path, (lstatSync(path).mode & 0o100) === 0 || !isProgram(path) ? 0o644 : 0o755)
  }
}

/** Some packages ship their licence with the right to execute it. */
function isProgram(path: string): boolean {
  const head = Buffer.alloc(4)
  const fd = openSync(path, 'r')
  try {
    readSync(fd, head)
  } finally {
    closeSync(fd)
  }
  return head.toString('latin1', 0, 2) === '#!' || head.toString('latin1') === '\x7fELF'
}

/**
 * Installed size as Debian counts it: each file rounded up to a kilobyte, each folder as one. What `du` says depends on the file system.
 *
 * @see deb-substvars(5), Installed-Size
 */
export function kilobytesOf(folder: string): number {
  let sum = 1
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    sum += item.isDirectory() ? kilobytesOf(path) : Math.ceil(lstatSync(path).size / 1024)
  }
  return sum
}

const COMPILED = 'node_modules/@c4312/blake3-native/build/Release/blake3.node'

/** @throws Error when the one file that is compiled at installation is not there */
export function requireCompiled(root: string): void {
  if (!existsSync(join(root, COMPILED)))
    throw new Error(
      `${COMPILED} is not there: npm could not compile BLAKE3 when it installed it: there is no C++ compiler, or the path of this folder has a space. Install g++, make and python3, delete node_modules, and make the package again; without it two packages of one commit differ.`,
    )
}
