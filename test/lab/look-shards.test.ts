/** One exhibit on several hosts: answers of other hosts give the digests of a scan on one host, whatever those hosts do. */
import { spawn } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { clip } from '../../fixtures/clips.ts'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { BIN, seized, start, summaryOf } from '../e2e/seized.ts'
import { drawn } from '../whole.ts'

const PICTURES = 44

interface Made {
  readonly folder: string
  readonly image: string
  readonly local: ReturnType<typeof summaryOf>
}

/** One image for all, and what a scan on one host says of it. */
let exhibit: Made

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-shards-'))
  const image = join(folder, 'image.dd')
  const small = { width: 160, height: 120, seconds: 2, framesPerSecond: 10 }
  const videos = { 'A.MP4': await clip(1, 'as it is', small), 'B.MP4': await clip(2, 'as it is', small) }
  await writeLookImage(image, PICTURES, videos)
  exhibit = { folder, image, local: summaryOf(seized(scan(image, join(folder, 'local.sqlite')))) }
})
afterAll(() => rmSync(exhibit.folder, { recursive: true, force: true }))

function scan(image: string, ledger: string, ...more: string[]): string[] {
  const names = ['--case', 'T-1', '--exhibit', 'E-1', '--examiner', 'Test Examiner']
  return ['scan', image, '--ledger', ledger, ...names, '--workers', '1', '--progress', 'json', ...more]
}

/** What a host does with the text of the bundle that it made; null: nothing is answered. */
type Deed = (bundle: string, name: string, exchange: ShardFolder) => string | null | Promise<string | null>

/** A host takes one shard after the other until the scan is over. @param most shards that it takes */
async function lookHost(own: string, exchange: ShardFolder, isOver: () => boolean, deed: Deed, most = 99) {
  mkdirSync(own, { recursive: true })
  for (let taken = 0; !isOver() && taken < most; await pause(10)) {
    const name = exchange.offered().find((one) => !exchange.isTaken(one))
    const text = name === undefined ? null : exchange.shard(name)
    if (name === undefined || text === null || !exchange.take(name)) continue
    taken++
    const file = join(own, `${name}.shard.json`)
    writeFileSync(file, text)
    await ran([
      'lab',
      'run-one',
      '--shard',
      file,
      '--out',
      own,
      '--workers',
      '1',
      '--config',
      join(own, 'none'),
    ])
    const answer = await deed(readFileSync(join(own, `${name}.bundle.json`), 'utf8'), name, exchange)
    if (answer !== null) exchange.answer(name, answer)
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function ran(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  return new Promise((resolve, reject) =>
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said)))),
  )
}

const honest: Deed = (bundle) => bundle

/** @param deeds one a host */
async function shared(name: string, deeds: readonly Deed[], most?: number) {
  const { folder, image, local } = exhibit
  const ledger = join(folder, `${name}.sqlite`)
  const exchange = new ShardFolder(join(folder, name))
  const child = start(scan(image, ledger, '--look-shards', exchange.folder))
  onTestFinished(() => void child.kill('SIGKILL'))
  let [over, stdout, stderr] = [false, '', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const ended = new Promise<void>((resolve) =>
    child.on('close', () => {
      over = true
      resolve()
    }),
  )
  const hosts = deeds.map((deed, i) =>
    lookHost(join(folder, `${name}-${i}`), exchange, () => over, deed, most),
  )
  await Promise.all([ended, ...hosts])
  const reader = openLedger(ledger)
  const events = reader.events().filter(({ event }) => event.startsWith('look-shard'))
  reader.close()
  const { evidenceDigest, analysisDigest, exitCode } = summaryOf({ stdout, stderr })
  expect([evidenceDigest, analysisDigest, exitCode]).toEqual([
    local.evidenceDigest,
    local.analysisDigest,
    local.exitCode,
  ])
  expect(exchange.offered()).toEqual([])
  expect(seized(['verify', ledger]).status).toBe(0)
  return {
    merged: events.filter(({ event }) => event === 'look-shard-merged'),
    refused: events.flatMap(({ event, detail }) =>
      event === 'look-shard-refused' ? [detail.why ?? ''] : [],
    ),
  }
}

/** A bundle that says otherwise. */
function changed(text: string, change: (bundle: Record<string, unknown>) => void): string {
  const envelope = JSON.parse(text)
  const bundle = JSON.parse(envelope.signed)
  change(bundle)
  return JSON.stringify({ ...envelope, signed: JSON.stringify(bundle) })
}

/** A signature of something else. */
const FOREIGN = (() => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const signature = sign(null, Buffer.from('another text'), privateKey).toString('base64')
  return { signature, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
})()

describe('one exhibit on several hosts', () => {
  for (const hosts of drawn([1, 4, 2], 0, 2))
    it(`33 B10: gives the digests of one host with ${hosts} that analyse for it`, async () => {
      const { merged, refused } = await shared(
        `hosts-${hosts}`,
        Array.from({ length: hosts }, () => honest),
      )
      expect(refused).toEqual([])
      expect(merged.length).toBeGreaterThan(0)
    })

  it('33 B10: a host that dies costs time only', async () => {
    const dies: Deed = (_, name, exchange) => {
      const long = new Date(Date.now() - 3_600_000)
      utimesSync(join(exchange.folder, `${name}.taken`), long, long)
      return null
    }
    expect(await shared('dies', [dies], 1)).toEqual({ merged: [], refused: [] })
  })

  it('33 B10: a host that answers by another plan, class or shard is refused, and so is all that it says later', async () => {
    const other = 'a'.repeat(64)
    const lies: readonly Deed[] = ['planDigest', 'class', 'shard'].map(
      (field) => (text) => changed(text, (bundle) => Object.assign(bundle, { [field]: other })),
    )
    const { merged, refused } = await shared('plan', lies, 1)
    expect(merged).toEqual([])
    expect(refused.sort()).toEqual([
      'it answered with answers by another plan',
      'it answered with answers of another class of processor',
      'it answered with answers to another shard',
    ])
  })

  it('33 B10: a host that reports other results is found by those that are made again', async () => {
    const lie: Deed = (text) =>
      changed(text, (bundle) => {
        for (const { header } of bundle.answers as { header: { findings: unknown[] } }[]) header.findings = []
      })
    const { merged, refused } = await shared('lies', [lie])
    expect(merged).toEqual([])
    expect(refused[0]).toContain('another result about one of its contents')
  })

  it('33 B10: an answer that comes twice is recorded once, and one of another form is refused', async () => {
    const twice: Deed = async (text, name, exchange) => {
      exchange.answer(name, text)
      while (exchange.isAnswered(name)) await pause(20)
      return text
    }
    const unsigned: Deed = (text) => JSON.stringify({ ...JSON.parse(text), ...FOREIGN })
    const { merged, refused } = await shared('twice', [twice, (text) => text.slice(0, -9), unsigned], 2)
    expect(new Set(merged.map(({ detail }) => detail.shard)).size).toBe(merged.length)
    expect(merged.length).toBeGreaterThan(0)
    for (const why of ['a text that is no JSON', 'a signature that is not of its key'])
      expect(refused).toContain(`it answered with ${why}`)
  })

  it('33 B11: a host refuses a shard of another image, class, plan or form, and asks to be asked again where the image is away', async () => {
    const { folder, image } = exhibit
    const exchange = new ShardFolder(join(folder, 'refusing'))
    const child = start(scan(image, join(folder, 'refusing.sqlite'), '--look-shards', exchange.folder))
    onTestFinished(() => void child.kill('SIGKILL'))
    while (exchange.offered().length === 0) await pause(10)
    const text = exchange.shard(exchange.offered()[0]!)!
    child.kill('SIGKILL')
    const other = join(folder, 'other.dd')
    await writeLookImage(other, 1)
    const changes: readonly [number, string, (shard: Record<string, unknown>) => unknown][] = [
      [2, 'another image', (shard) => Object.assign(shard.image as object, { path: other })],
      [
        75,
        'could not be opened (ENOENT)',
        (shard) => Object.assign(shard.image as object, { path: join(folder, 'away.dd') }),
      ],
      [2, 'another class', (shard) => Object.assign(shard, { class: 'a'.repeat(64) })],
      [2, 'another plan', (shard) => Object.assign(shard.plan as object, { limits: {} })],
      [2, 'no shard of this version', (shard) => Object.assign(shard, { more: 1 })],
    ]
    for (const [i, [status, said, change]] of changes.entries()) {
      const own = new ShardFolder(join(folder, `refusing-${i}`))
      const shard = JSON.parse(text)
      change(shard)
      const name = `${'0'.repeat(32)}-${i}`
      own.offer(name, JSON.stringify(shard))
      const file = join(own.folder, `${name}.shard.json`)
      const run = seized([
        'lab',
        'run-one',
        '--shard',
        file,
        '--out',
        own.folder,
        '--config',
        join(folder, 'none'),
      ])
      expect([said, run.status, run.stderr]).toEqual([said, status, expect.stringContaining(said)])
      expect([own.isTaken(name), own.isAnswered(name)]).toEqual([false, false])
    }
  })
})
