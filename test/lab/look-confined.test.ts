/** A host that analyses inside a container: it says what of the confinement holds there, and refuses where processes could reach files. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { BIN, start } from '../e2e/seized.ts'

/** landlock_create_ruleset, of every architecture. @see linux/unistd.h */
const LANDLOCK = 444
/** unshare, of x64 and arm64. */
const UNSHARE = process.arch === 'arm64' ? 97 : 272
const ENOSYS = 38

let folder: string
let exchange: ShardFolder
let name: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-look-confined-'))
  const image = join(folder, 'image.dd')
  await writeLookImage(image, 40)
  const offering = new ShardFolder(join(folder, 'offered'))
  const words = [
    '--case',
    'T-1',
    '--exhibit',
    'E-1',
    '--examiner',
    'X',
    '--workers',
    '1',
    '--progress',
    'json',
  ]
  const ledger = join(folder, 'case.sqlite')
  const child = start(['scan', image, '--ledger', ledger, ...words, '--look-shards', offering.folder])
  const ended = new Promise((resolve) => child.on('close', resolve))
  // The oldest one waits longest: the scan's own host begins at the other end.
  let text: string | null = null
  while (text === null && child.exitCode === null) {
    name = offering.offered().find((one) => one.endsWith('-0')) ?? ''
    text = name === '' ? null : offering.shard(name)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.kill('SIGKILL')
  await ended
  exchange = new ShardFolder(join(folder, 'shards'))
  exchange.offer(name, text!)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A filter as the profile of a container has one: these calls do not exist there. */
function without(...calls: readonly number[]): readonly string[] {
  const [load, jumpEqual, give] = [0x20, 0x15, 0x06]
  const program = [
    [load, 0, 0, 0],
    ...calls.flatMap((call) => [
      [jumpEqual, 0, 1, call],
      [give, 0, 0, 0x0005_0000 | ENOSYS],
    ]),
    [give, 0, 0, 0x7fff_0000],
  ]
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, yes, no, value], i) => {
    bytes.writeUInt16LE(code!, i * 8)
    bytes[i * 8 + 2] = yes!
    bytes[i * 8 + 3] = no!
    bytes.writeUInt32LE(value!, i * 8 + 4)
  })
  const file = join(folder, `without-${calls.join('-')}`)
  writeFileSync(file, bytes)
  return ['setpriv', '--no-new-privs', '--seccomp-filter', file, '--']
}

/** @param inside command that starts another one inside something */
function answered(inside: readonly string[]) {
  const file = join(exchange.folder, `${name}.shard.json`)
  const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, '--workers', '1']
  const [command, ...args] = [...inside, process.execPath, BIN, ...words, '--config', join(folder, 'none')]
  return spawnSync(command!, args, { encoding: 'utf8' })
}

const HELD = {
  fileWritesRefused: 'yes',
  fileReadsRefused: 'yes',
  networkRefused: 'yes',
  systemCallsFiltered: 'yes',
  succeeded: '',
}

describe('a host that analyses inside a container', () => {
  it('33 B11: says what holds of its readers and decoders, in namespaces of mounts and processes as outside', () => {
    for (const inside of [[], ['unshare', '-mpf', '--mount-proc']]) {
      const run = answered(inside)
      expect([inside, run.status], run.stderr).toEqual([inside, 0])
      const { confinement } = JSON.parse(run.stdout)
      expect([inside, confinement]).toEqual([
        inside,
        { readers: expect.objectContaining(HELD), decoders: expect.objectContaining(HELD) },
      ])
      expect(exchange.isAnswered(name)).toBe(true)
      rmSync(join(exchange.folder, `${name}.bundle.json`))
      exchange.release(name)
    }
  })

  it('33 B11: refuses where root is the only account of a namespace, and says what to do', () => {
    const run = answered(['unshare', '-Ur'])
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('root is the only account')])
    expect([exchange.isTaken(name), exchange.isAnswered(name)]).toEqual([false, false])
  })

  it('33 B11: refuses where the profile of a container takes Landlock away, before anything of the image is read', () => {
    const run = answered(without(LANDLOCK))
    expect([run.status, run.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot be kept from the files.*missing: .*landlock/),
    ])
    expect([exchange.isTaken(name), exchange.isAnswered(name)]).toEqual([false, false])
  })

  it('33 B11: says that a namespace is missing where the profile forbids it, and keeps processes from files and network all the same', () => {
    const run = answered(without(UNSHARE))
    expect(run.status, run.stderr).toBe(0)
    const { confinement } = JSON.parse(run.stdout)
    expect(confinement.decoders).toMatchObject({ ...HELD, missing: 'unshare' })
    exchange.release(name)
  })
})
