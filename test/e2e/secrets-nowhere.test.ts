/**
 * Secrets of a whole run, searched for wherever a run could leave them: scan, kill, resume, verify, report, and a reveal in a
 * review. Command lines and environments of every process are sampled while they run; files are searched at the end.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Locked, lockPartition } from '../../fixtures/bitlocker.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { sevenZipOf } from '../child/archives.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { formsOf } from './locked-files.ts'
import { processesBelow } from './process-memory.ts'
import { openReview, shown } from './running-review.ts'
import { BIN } from './seized.ts'

const folder = temporaryFolderForFile()
const [state, temporary] = [join(folder, 'out'), join(folder, 'tmp')]
const image = join(folder, 'disk.img')
const keys = join(folder, 'keys.json')
const ledger = join(state, 'case.sqlite')
const RECOVERY = '235818-357951-253979-013365-241120-245575-342914-591910'
const PASSWORD = 'the heron of the 4th pond'
const SAMPLE_MS = 25

let locked: Locked
let sha256: string
let forms: readonly Buffer[]

beforeAll(async () => {
  for (const one of [state, temporary]) mkdirSync(one)
  const picture = await jpeg({ seed: 9, width: 320, height: 240 })
  sha256 = (await import('node:crypto')).createHash('sha256').update(picture).digest('hex')
  const zip = await sevenZipOf('zip', { 'inside.jpg': picture }, `-p${PASSWORD}`, '-mem=AES256')
  writeDiskImage(image, [[], [{ name: 'PHOTOS.ZIP', bytes: zip }]])
  locked = lockPartition(image, 1, { recoveryPassword: RECOVERY })
  const secrets = [
    { kind: 'recovery-password', secret: RECOVERY },
    { kind: 'password', secret: PASSWORD, for: 'files' },
  ]
  writeFileSync(keys, JSON.stringify({ keys: 1, secrets }), { mode: 0o600 })
  const typed = [RECOVERY, PASSWORD].flatMap((one) => [...formsOf(one), Buffer.from(one, 'utf16le')])
  const made = [locked.volumeKey, locked.masterKey].flatMap(formsOf)
  forms = [...typed, ...made]
}, 120_000)

/** Where a form of a secret stands, by its number. */
function standsIn(bytes: Buffer): number[] {
  return forms.flatMap((form, i) => (bytes.includes(form) ? [i] : []))
}

/** What was seen of the processes of one tree: how many, how often, and where a secret stood. */
class Samples {
  readonly pids = new Set<number>()
  readonly found: string[] = []
  looks = 0

  look(pid: number): void {
    for (const one of processesBelow(pid))
      for (const what of ['cmdline', 'environ']) {
        const stands = standsIn(readOr(`/proc/${one}/${what}`))
        if (stands.length > 0) this.found.push(`${what} of ${one}: ${stands}`)
        this.pids.add(one)
      }
    this.looks++
  }
}

/** A process may have ended. */
function readOr(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return Buffer.alloc(0)
    throw error
  }
}

async function sampled(samples: Samples, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, TMPDIR: temporary, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: temporary,
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (piece: Buffer) => said.push(piece))
  const timer = setInterval(() => samples.look(child.pid!), SAMPLE_MS)
  const [status, signal] = await once(child, 'close')
  clearInterval(timer)
  return { status, signal, said: Buffer.concat(said) }
}

/** Every file below a folder. */
function filesIn(root: string): Buffer[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((one) =>
    one.isFile() ? [readFileSync(join(one.parentPath, one.name))] : [],
  )
}

const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
const how = ['--progress', 'json', '--verbose', '--keys', keys]

describe('the secrets of a whole run', { timeout: 300_000 }, () => {
  it('stand in no ledger, log, report, command line, environment, temporary or core file', async () => {
    const samples = new Samples()
    const said: Buffer[] = []
    const run = async (wanted: unknown, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
      const ran = await sampled(samples, args, env)
      said.push(ran.said)
      expect([args[0], ran.signal ?? ran.status, ran.said.toString().slice(-400)]).toEqual([
        args[0],
        wanted,
        expect.any(String),
      ])
    }
    const phases = ['--phases', 'inventory,known,unknown']
    await run('SIGKILL', ['scan', image, ...who, ...how, ...phases, '--basis', 'a test'], {
      SEIZED_CRASH_AT: 'known:before-commit:1',
    })
    await run(expect.any(Number), ['resume', ledger, '--keys', keys, '--progress', 'json'])
    await run(0, ['verify', ledger])
    await run(expect.any(Number), ['verify', ledger, '--against', image, '--keys', keys])
    const list = join(folder, 'decisions.csv')
    writeFileSync(list, `sha256,category\n${sha256},2\n`)
    await run(0, ['decide', ledger, '--from', list, '--scale', 'vics-us', '--operator', 'B'])
    const page = (name: string) => ['--format', 'html', '--out', join(state, name)]
    await run(0, ['report', ledger, ...page('report.html')])
    await run(0, ['report', ledger, '--edition', 'court', ...page('court.html')])
    expect(said.at(-1)!.toString()).not.toContain('Error')

    const asked = [ledger, '--scale', 'vics-us', '--operator', 'A', '--pass', 'second', '--image', image]
    const review = await openReview([...asked, '--keys', keys], { TMPDIR: temporary })
    const { pid } = review.child
    const timer = setInterval(() => samples.look(pid!), SAMPLE_MS)
    const { head } = await shown(
      await review.post('reveal', { sha256, reason: 'unclear', words: '', colour: true, blur: 0 }),
    )
    clearInterval(timer)
    expect(head.frames).toHaveLength(1)
    // The kernel writes no core file of a process that holds keys.
    const cores = processesBelow(pid!).map(
      (one) =>
        /Max core file size +(\d+) +(\d+)/.exec(readOr(`/proc/${one}/limits`).toString())?.slice(1) ?? [],
    )
    expect(cores.flat().filter((bytes) => bytes !== '0')).toEqual([])
    const before = readdirSync('.').filter((name) => name.startsWith('core'))
    review.child.kill('SIGABRT')
    await review.ended
    expect(readdirSync('.').filter((name) => name.startsWith('core'))).toEqual(before)
    said.push(Buffer.from(review.said()))

    expect(samples.found).toEqual([])
    // Main process, lister, readers and decoders of each command were seen.
    expect(samples.pids.size).toBeGreaterThan(15)
    expect(samples.looks).toBeGreaterThan(20)
    // The search finds what is there.
    expect(standsIn(readFileSync(keys)).length).toBeGreaterThan(0)
    const files = [...filesIn(state), ...filesIn(temporary)]
    expect(files.length).toBeGreaterThan(3)
    for (const bytes of [...files, ...said]) expect(standsIn(bytes)).toEqual([])
  })
})
