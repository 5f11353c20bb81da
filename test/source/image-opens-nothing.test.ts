import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { noise } from '../../fixtures/pictures.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { has } from './helpers.ts'

const CALLS =
  'open,openat,openat2,creat,execve,fork,vfork,clone,clone3,socket,connect,pread64,unlink,unlinkat,rename,renameat2,truncate,mkdir'
const folder = mkdtempSync(join(tmpdir(), 'seized-opens-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Process {
  readonly program: 'image-lister' | 'image-reader'
  /** Calls from the first byte of the image on. */
  readonly calls: readonly string[]
}

/** Processes of a trace that list or read the image; threads count as the process that they belong to. */
function processesOf(trace: string, image: string): Process[] {
  const leaders = new Map<string, string>()
  const programs = new Map<string, Process['program']>()
  const calls = new Map<string, string[]>()
  const cloning = new Map<string, boolean>()
  for (const line of trace.split('\n')) {
    const [, thread, call] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (thread === undefined || call === undefined || /^[+-]/.test(call)) continue
    const leader = leaders.get(thread) ?? thread
    if (/^(<\.\.\. )?clone3?\b/.test(call)) {
      const ofThread = call.includes('CLONE_THREAD') || (call.startsWith('<') && cloning.get(thread) === true)
      cloning.set(thread, ofThread)
      const made = /= (\d+)$/.exec(call)?.[1]
      if (ofThread && made !== undefined) leaders.set(made, leader)
      if (ofThread) continue
    }
    const program = /^execve\("[^"]*\/node", .*(image-lister|image-reader)\.js"/.exec(call)?.[1]
    if (program !== undefined) programs.set(leader, program as Process['program'])
    if (!programs.has(leader)) continue
    if (call.startsWith('pread64(') && call.includes(`<${image}>`)) calls.set(leader, calls.get(leader) ?? [])
    else if (!call.startsWith('pread64') && !call.startsWith('<... pread64')) calls.get(leader)?.push(call)
  }
  return [...programs].flatMap(([leader, program]) => {
    const made = calls.get(leader)
    return made === undefined ? [] : [{ program, calls: made }]
  })
}

/** Of the program itself, read-only: what Node loads when it first needs it. Nothing of the exhibit, nothing of the machine's user. */
function isOwn(call: string): boolean {
  if (/ = -1 E/.test(call) || call.startsWith('<... ')) return true
  const [, path] = /^open(?:at)?\((?:AT_FDCWD(?:<[^>]*>)?, )?"([^"]*)", O_RDONLY/.exec(call) ?? []
  if (path === undefined) return false
  const own = [PROGRAM_ROOT, join(PROGRAM_ROOT, 'node_modules')].map((place) => `${realpathSync(place)}/`)
  return [...own, '/proc/', '/sys/'].some((place) => path.startsWith(place)) || path === '/dev/null'
}

describe.skipIf(!has('strace'))('processes that parse an image (skipped without strace)', () => {
  it('open nothing but files of the program from the first byte of the image on, and make no process', () => {
    const image = join(realpathSync(folder), 'disk.img')
    writeDiskImage(image, [
      [
        { name: 'A.TXT', bytes: Buffer.from('some words\n') },
        { name: 'B.BIN', bytes: noise(1, 50_000) },
        { name: 'C.ICO', bytes: Buffer.concat([Buffer.from('00000200', 'hex'), Buffer.alloc(600)]) },
        { name: 'D.JPG', bytes: noise(2, 9_000), state: 'deleted' },
      ],
      [{ name: 'E.TXT', bytes: Buffer.from('other words\n') }],
    ])
    const trace = join(folder, 'trace')
    const words = `scan ${image} --case C --exhibit E --examiner X --ledger ${folder}/l.sqlite --phases inventory,known`
    const run = spawnSync(
      'strace',
      ['-f', '-qq', '-y', '-s', '300', '-o', trace, '-e', `trace=${CALLS}`, process.execPath]
        .concat(join(PROGRAM_ROOT, 'bin/seized.js'))
        .concat(words.split(' ')),
      { encoding: 'utf8' },
    )
    // No list of illegal material was given: never complete.
    expect([run.status, run.stderr.includes('bug')]).toEqual([3, false])
    const text = readFileSync(trace, 'latin1')
    const processes = processesOf(text, image)
    expect(new Set(processes.map(({ program }) => program))).toEqual(
      new Set(['image-lister', 'image-reader']),
    )
    // The one that says what the image is lists it, too.
    expect(processes.filter(({ program }) => program === 'image-lister')).toHaveLength(1)
    for (const { program, calls } of processes)
      expect([program, calls.filter((call) => !isOwn(call))]).toEqual([program, []])
    // The main process opens it: what is looked for would be seen.
    expect(text).toMatch(new RegExp(`open(at)?\\(.*"${image}"`))
  })

  it('would be seen if they did', () => {
    const image = '/case/disk.img'
    const trace = [
      '10 execve("/usr/bin/node", ["/usr/bin/node", "/p/image-lister.js"], 0x7 /* 9 vars */) = 0',
      '10 openat(AT_FDCWD</>, "/etc/ssl/openssl.cnf", O_RDONLY) = 7',
      `10 pread64(5<${image}>, "x"..., 512, 0) = 512`,
      '10 clone3({flags=CLONE_VM|CLONE_THREAD, stack_size=0x1 <unfinished ...>',
      '10 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11',
      '11 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY) = 8</etc/passwd>',
      '10 openat(AT_FDCWD</>, "/case/disk.img", O_RDONLY) = 9',
      '10 socket(AF_INET, SOCK_STREAM, 0) = 9',
    ].join('\n')
    expect(
      processesOf(trace, image).flatMap(({ calls }) => calls.filter((call) => !isOwn(call))),
    ).toHaveLength(3)
  })
})
