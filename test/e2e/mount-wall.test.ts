/** A walker and a reader of a mount that were taken over, in a whole scan: they reach nothing but the mount, and change nothing of it. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tools } from '../../src/host/confine/tools.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { breakPart, installation, run } from './installation.ts'
import { exported, temporaryFolder } from './seized.ts'

const SETPRIV = spawnSync('sh', ['-c', 'command -v setpriv'], { encoding: 'utf8' }).stdout.trim()

let folder: string
let program: string
const mount = () => join(folder, 'mount')

/** What each of both tries before it begins its work: one that succeeds ends it, and says which. */
const trying = (part: string) => `
import * as fs from 'node:fs'
import { spawnSync } from 'node:child_process'
const [mount, beside] = ${JSON.stringify([mount(), join(folder, 'beside')])}
const ATTEMPTS = {
  'read /etc/passwd': () => fs.readFileSync('/etc/passwd'),
  'read beside the mount': () => fs.readFileSync(beside + '/secret'),
  'list beside the mount': () => fs.readdirSync(beside),
  'read by a link of the mount': () => fs.readFileSync(mount + '/link/secret'),
  'read by the way up': () => fs.readFileSync(mount + '/../beside/secret'),
  'read by the root in /proc': () => fs.readFileSync('/proc/self/root' + beside + '/secret'),
  'read what the main process was told': () => fs.readFileSync('/proc/' + process.ppid + '/environ'),
  'write into the mount': () => fs.writeFileSync(mount + '/made', 'x'),
  'write a file of the mount': () => fs.writeFileSync(mount + '/a/text.txt', 'x'),
  'remove a file of the mount': () => fs.unlinkSync(mount + '/a/text.txt'),
  'change the mode of the mount': () => fs.chmodSync(mount, 0o777),
  'write beside the mount': () => fs.writeFileSync(beside + '/made', 'x'),
  'run a program': () => { if (spawnSync('/bin/true').status !== 0) throw new Error('refused') },
}
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  let done = false
  try { attempt(); done = true } catch {}
  if (done) { fs.writeSync(2, 'could ' + name); process.exit(9) }
}
await import('./honest-${part}.js')
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-wall-'))
  mkdirSync(join(folder, 'beside'))
  writeFileSync(join(folder, 'beside/secret'), 'x')
  mkdirSync(join(mount(), 'a'), { recursive: true })
  writeFileSync(join(mount(), 'a/text.txt'), 'a text')
  symlinkSync('../beside', join(mount(), 'link'))
  writeFileSync(join(folder, 'list.txt'), `${'0'.repeat(64)}\n`)
  program = installation(join(folder, 'program'))
  for (const part of ['walk-child', 'reader-child'])
    breakPart(program, `dist/program/${part}.js`, (whole) => {
      writeFileSync(join(program, `dist/program/honest-${part}.js`), whole)
      return trying(part)
    })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const scanned = (ledger: string, env: NodeJS.ProcessEnv = {}, ...more: readonly string[]) =>
  run(
    program,
    [
      ...[
        'scan',
        mount(),
        '--case',
        'C',
        '--exhibit',
        'E',
        '--examiner',
        'X',
        '--ledger',
        join(folder, ledger),
      ],
      ...[
        '--hashset',
        `illegal:${join(folder, 'list.txt')}`,
        '--phases',
        'inventory,known',
        '--workers',
        '1',
      ],
      ...['--progress', 'json', '--allow-writable-mount', ...more],
    ],
    env,
  )

describe.skipIf(!(tools().landlock && tools().filter))('a walker and a reader of a mount', () => {
  it('reach nothing but the mount and change nothing, and do their work', () => {
    const before = statSync(mount()).mode
    const { status, stderr } = scanned('confined.sqlite')
    expect([status, stderr]).toEqual([0, ''])
    const lines = exported(join(folder, 'confined.sqlite'), temporaryFolder())
    expect(lines.map(({ path }) => path)).toEqual(['', 'a', 'a/text.txt', 'link'])
    expect(lines.find(({ path }) => path === 'a/text.txt')).toMatchObject({ mediaType: 'text/plain' })
    expect(readFileSync(join(mount(), 'a/text.txt'), 'utf8')).toBe('a text')
    expect(statSync(mount()).mode).toBe(before)
  })

  it('the attempts of those that list, walk and read stand in the ledger', () => {
    const ledger = openLedger(join(folder, 'confined.sqlite'))
    const trials = ledger.confinement().filter(({ child }) => child === 'mount')
    ledger.close()
    expect(trials.length).toBeGreaterThan(10)
    expect(trials.filter(({ held, attempt }) => !held && attempt !== 'rootDropped')).toEqual([])
    const rights = trials.find(({ attempt }) => attempt === 'rootDropped')!.detail
    expect(rights).toMatch(process.getuid?.() === 0 ? /^yes, but for the rights to read/ : /^not root/)
  })

  it('that are not confined would: the attempts are real', () => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(
      join(bin, 'setpriv'),
      `#!/bin/sh\ncase "$*" in *--landlock-access*|*--seccomp-filter*) exit 1;; esac\nexec ${SETPRIV} "$@"\n`,
    )
    chmodSync(join(bin, 'setpriv'), 0o755)
    const env = { PATH: `${bin}:${process.env.PATH}` }
    const { status, stdout, stderr } = scanned('unconfined.sqlite', env, '--allow-unconfined')
    expect(status).not.toBe(0)
    expect(stdout + stderr).toContain('could read /etc/passwd')
  })
})
