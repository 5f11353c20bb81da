/** A machine that gives less memory away than a child needs does not decide what is looked at: the run stops, and goes on elsewhere. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { BIN, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('12 B12: with 900 MB of memory a process nothing is said of a picture; resumed, all is as without the limit', async () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const seed of [1, 2])
    writeFileSync(join(exhibit, `IMG_${seed}.jpg`), await jpeg({ seed, width: 640, height: 480 }))
  const args = (name: string) => scanArgs(exhibit, join(folder, name), [])
  const wanted = summaryOf(seized(args('free.sqlite')))
  const limited = spawnSync(
    'sh',
    ['-c', 'ulimit -d 900000; exec "$@"', 'sh', process.execPath, BIN, ...args('limited.sqlite')],
    { encoding: 'utf8' },
  )
  expect(limited.status).toBe(75)
  expect(JSON.parse(limited.stdout.trim().split('\n').at(-1)!)).toMatchObject({
    event: 'error',
    code: 'machine-short',
    message: expect.stringContaining('may use 921 MB of memory here (ulimit -d)'),
  })
  const resumed = summaryOf(
    seized([...['resume', join(folder, 'limited.sqlite'), '--progress', 'json', '--allow-writable-mount']]),
  )
  const digests = ({ evidenceDigest, analysisDigest }: typeof wanted) => [evidenceDigest, analysisDigest]
  expect(digests(resumed)).toEqual(digests(wanted))
})

/** What bin/runtime.js holds, which has no types. */
const LEAST_DATA_KIB = 786_432

const UNDER = (kib: number, ...line: readonly string[]) =>
  spawnSync('sh', ['-c', `ulimit -d ${kib}; exec "$@"`, 'sh', ...line], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
  })

it.each([
  ['by its name', [BIN]],
  // One that is older than the program needs starts the one that comes with it.
  ...(existsSync('/usr/bin/node') && process.execPath !== '/usr/bin/node'
    ? [['under the Node of the system', ['/usr/bin/node', BIN]] as const]
    : []),
] as const)('with 400 MB of memory a process it ends with 75 and a sentence, started %s', (_, start) => {
  const sentence = 'A process may use 409 MB of memory here (ulimit -d), and seized needs 806 MB.'
  const { status, stdout, stderr } = UNDER(400_000, ...start, 'scan', '/tmp', '--progress', 'json')
  expect([status, stderr]).toEqual([
    75,
    `seized: ${sentence} Raise the limit, or examine on another machine.\n`,
  ])
  expect(JSON.parse(stdout)).toMatchObject({
    event: 'error',
    code: 'machine-short',
    message: expect.stringContaining(sentence),
  })
  const enough = UNDER(LEAST_DATA_KIB, ...start, '--version')
  expect([enough.status, enough.stderr]).toEqual([0, ''])
})

it('the launcher of the packages asks for as much memory as the program', () => {
  const told = (file: string) => readFileSync(join(PROGRAM_ROOT, file), 'utf8')
  expect(told('bin/runtime.js')).toContain('LEAST_DATA_KIB = 786_432')
  for (const file of ['bin/seized.js', 'scripts/package/tree.ts']) {
    expect(told(file)).toContain(`-lt ${LEAST_DATA_KIB} ]`)
    expect(told(file)).toContain(`needs ${Math.ceil((LEAST_DATA_KIB * 1024) / 1e6)} MB`)
  }
})
