import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { seized } from './seized.ts'

const [SETPRIV, PRLIMIT] = ['setpriv', 'prlimit'].map((name) =>
  spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(),
) as [string, string]

/** Of before util-linux 2.40: it knows neither Landlock nor filters, and runs all else. */
const OLD_SETPRIV = `#!/bin/sh
case "$*" in *--landlock-access*|*--seccomp-filter*) echo "setpriv: unrecognized option" >&2; exit 1;; esac
exec ${SETPRIV} "$@"
`
/** The first of the programs that start a process: it notes what is started. */
const NOTING = (notes: string) => `#!/bin/sh
echo "$*" >> ${notes}
exec ${PRLIMIT} "$@"
`

let folder: string
let notes: string
let env: NodeJS.ProcessEnv
const image = () => join(folder, 'disk.img')
const mount = () => join(folder, 'mount')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-old-'))
  notes = join(folder, 'notes')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/setpriv'), OLD_SETPRIV)
  writeFileSync(join(folder, 'bin/prlimit'), NOTING(notes))
  for (const name of ['setpriv', 'prlimit']) chmodSync(join(folder, 'bin', name), 0o755)
  env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
  mkdirSync(mount())
  writeFileSync(join(mount(), 'a.txt'), 'a')
  writeFileSync(join(folder, 'list.txt'), `${'0'.repeat(64)}\n`)
  writeDiskImage(image(), [[{ name: 'A.TXT', bytes: Buffer.from('a') }]])
  for (const [name, what] of [
    ['image.sqlite', image()],
    ['mount.sqlite', mount()],
  ] as const)
    expect(scan(what, name, ...EXACT).status).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => rmSync(notes, { force: true }))

const EXACT = ['--phases', 'inventory,known']

function scan(what: string, ledger: string, ...more: readonly string[]) {
  return seized(scanArgs(what, ledger, more))
}

const scanArgs = (what: string, ledger: string, more: readonly string[]) => [
  ...['scan', what, '--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', join(folder, ledger)],
  ...[
    '--progress',
    'json',
    '--allow-writable-mount',
    '--hashset',
    `illegal:${join(folder, 'list.txt')}`,
    ...more,
  ],
]

/** Those of ours that were started on the way, by what each begins with. */
function started(): readonly string[] {
  return existsSync(notes)
    ? [...readFileSync(notes, 'utf8').matchAll(/[\w-]+\.js\b/g)].map(([name]) => name)
    : []
}

describe.skipIf(SETPRIV === '' || PRLIMIT === '')('a machine that can confine no process', () => {
  it.each([
    ['scan of an image', () => scanArgs(image(), 'new.sqlite', EXACT)],
    ['scan of an image that only lists', () => scanArgs(image(), 'new.sqlite', ['--phases', 'inventory'])],
    ['scan of a mount', () => scanArgs(mount(), 'new.sqlite', EXACT)],
    ['scan of a mount that only lists', () => scanArgs(mount(), 'new.sqlite', ['--phases', 'inventory'])],
    ['image', () => ['image', image()]],
    ['image --verify', () => ['image', image(), '--verify']],
    ['verify --against an image', () => ['verify', join(folder, 'image.sqlite'), '--against', image()]],
    ['verify --against a mount', () => ['verify', join(folder, 'mount.sqlite'), '--against', mount()]],
  ])('is told so by %s before the first process is started', (_, args) => {
    const { status, stdout, stderr } = seized(args(), env)
    expect([status, stdout + stderr]).toEqual([2, expect.stringContaining('--allow-unconfined')])
    expect(stdout + stderr).toContain('missing: landlock, seccomp')
    expect(started()).toEqual([])
    expect(existsSync(join(folder, 'new.sqlite'))).toBe(false)
  })

  it.each(['image', 'mount'])('scans an %s where a person allows that', (kind) => {
    const what = kind === 'image' ? image() : mount()
    const args = scanArgs(what, `allowed-${kind}.sqlite`, [...EXACT, '--allow-unconfined'])
    const { status, stderr } = seized(args, env)
    expect([status, stderr]).toEqual([0, ''])
    if (kind === 'image') expect(started()).toContain('image-lister.js')
  })
})
