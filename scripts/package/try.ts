/**
 * A soak: `npm run package:try -- [--out DIR] [--root DIR]` scans the demo's image with what `npm run package` made, without a
 * network and with an empty environment, and compares its digests with those of this installation. With `--root`, a fresh Debian
 * root (debootstrap): the package is installed there by dpkg and run in it. With `--npm`, `npm install -g` of the packed project below
 * a folder of its own, which needs the registry. Wants root.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeDemoImage } from '../../fixtures/demo-image.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'package-out' },
    root: { type: 'string' },
    npm: { type: 'boolean', default: false },
  },
})
const out = resolve(values.out)
const made = (ending: string) => join(out, readdirSync(out).find((name) => name.endsWith(ending))!)
const folder = mkdtempSync(join(tmpdir(), 'seized-package-'))
let failed = 0
try {
  const image = (await makeDemoImage(folder)).file
  const bare = ['env', '-i', 'PATH=/usr/bin:/bin', 'HOME=/nonexistent']
  const expected = digests([process.execPath, join(PROGRAM_ROOT, 'bin/seized.js')], image, folder, 'npm')
  console.log(`npm installation   ${expected}`)

  execFileSync('tar', ['-I', 'zstd', '-xf', made('.tar.zst'), '-C', folder])
  const tree = join(folder, readdirSync(folder).find((name) => /^seized-\d/.test(name))!)
  check(
    'archive',
    digests(['unshare', '-n', ...bare, join(tree, 'seized')], image, folder, 'archive'),
    expected,
  )
  const doctor = spawnSync('unshare', ['-n', ...bare, join(tree, 'seized'), 'doctor', '--dir', folder], {
    encoding: 'utf8',
  })
  console.log(doctor.stdout)
  if (doctor.status !== 0) failed++

  if (values.npm) {
    const prefix = join(folder, 'global')
    execFileSync(
      'npm',
      ['install', '-g', '--ignore-scripts', '--loglevel=error', '--prefix', prefix, made('.tgz')],
      { stdio: 'inherit' },
    )
    check(
      'npm install -g',
      digests(['unshare', '-n', ...bare, join(prefix, 'bin/seized')], image, folder, 'global'),
      expected,
    )
  }

  if (values.root !== undefined) {
    const root = resolve(values.root)
    const inside = join(root, 'tmp/try')
    rmSync(inside, { recursive: true, force: true })
    mkdirSync(inside, { recursive: true })
    const deb = made('.deb')
    for (const file of [deb, image, join(folder, 'image-list.txt')])
      cpSync(file, join(inside, basename(file)))
    const chroot = (...words: string[]) => [
      'unshare',
      '-m',
      '-n',
      '-p',
      '-f',
      `--mount-proc=${join(root, 'proc')}`,
      'chroot',
      root,
      ...bare,
      ...words,
    ]
    const installed = spawnSync(
      'unshare',
      chroot(
        '/usr/bin/env',
        'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
        'dpkg',
        '-i',
        `/tmp/try/${basename(deb)}`,
      ).slice(1),
      { encoding: 'utf8' },
    )
    console.log(installed.stdout + installed.stderr)
    if (installed.status !== 0) failed++
    check(
      'package in a Debian root',
      digests(chroot('/usr/bin/seized'), `/tmp/try/${basename(image)}`, '/tmp/try', 'deb'),
      expected,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1

function check(what: string, found: string, expected: string): void {
  const same = found === expected
  if (!same) failed++
  console.log(`${what.padEnd(18)} ${found} ${same ? 'the same' : 'DIFFERENT'}`)
}

/** Evidence and analysis digest of a scan of the image with every model. */
function digests(program: readonly string[], image: string, ledgers: string, name: string): string {
  const started = performance.now()
  const run = spawnSync(
    program[0]!,
    [
      ...program.slice(1),
      ...['scan', image, '--case', 'DEMO-1', '--exhibit', 'DEMO-EX-1', '--examiner', 'Demo'],
      ...['--ledger', join(ledgers, `${name}.sqlite`), '--heads', join(ledgers, `${name}.heads`)],
      ...['--hashset', `illegal:${join(dirname(image), 'image-list.txt')}`],
      ...['--progress', 'json', '--workers', '1'],
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  const last = JSON.parse(run.stdout.trim().split('\n').at(-1) || '{}')
  if (last.event !== 'summary') return `exit ${run.status}: ${last.message ?? run.stderr}`
  console.log(
    `  ${name}: ${((performance.now() - started) / 1000).toFixed(0)} s, ${last.entries} entries, exit ${run.status}`,
  )
  return `${last.evidenceDigest.slice(0, 16)} ${last.analysisDigest.slice(0, 16)}`
}
