/**
 * The program as one file for `npm install -g --ignore-scripts`, for machines that reach a registry or a mirror of one.
 *
 * BLAKE3 lies inside: version 3.0.0 names packages of its own that were never published, and what package.json says against that
 * does not reach a package that is installed. Every other package comes in the version and with the digest of the lock file.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setModes } from './reproducible.ts'
import { copyPackages, copyProgram, type LockedPackage } from './tree.ts'

const INSIDE = ['blake3', 'blake3-wasm', '@c4312/blake3-internal', '@c4312/blake3-native']

/** Path of `seized-VERSION.tgz` below `out`. */
export function makeNpm(root: string, packages: readonly LockedPackage[], out: string): string {
  const stage = join(out, 'npm')
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  copyProgram(root, stage)
  copyPackages(
    root,
    packages.filter(({ name }) => INSIDE.includes(name)),
    stage,
  )
  const manifest = join(stage, 'package.json')
  const { scripts, devDependencies, ...kept } = JSON.parse(readFileSync(manifest, 'utf8'))
  writeFileSync(
    manifest,
    `${JSON.stringify({ ...kept, files: ['bin', 'dist', 'models', 'hashsets', 'docs', '*.md'], bundleDependencies: ['blake3'] }, null, 2)}\n`,
  )
  renameSync(join(stage, 'package-lock.json'), join(stage, 'npm-shrinkwrap.json'))
  setModes(stage)
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', out], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  })
  rmSync(stage, { recursive: true, force: true })
  return join(out, (JSON.parse(packed) as readonly [{ readonly filename: string }])[0].filename)
}
