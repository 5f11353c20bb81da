/**
 * Hosts that answer wrongly in good form: the share that the scan's host analyses again, what a wrong answer throws away, and what
 * ledger and report say of it. One host answers all contents once, honestly; the tests hand these answers in, as they are or changed.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { heldBefore, sharedLooksOf } from '../../src/contracts/shared-looks.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { snapshotOf } from '../../src/ledger/read/snapshot.ts'
import { shardDigest } from '../../src/wire/look-shard.ts'
import { seized, start, summaryOf } from '../e2e/seized.ts'

/** Fourteen shards, for one wrong answer of a hundred; the scan's own host takes the last one or two while they are offered. */
const MANY = 112
/** Six shards, of pictures that are among the many: for what does not need a hundred answers. */
const FEW = 48
const SETTLED_MS = 1500

interface Answer {
  n: number
  readonly sha256: string
  readonly header: { findings: unknown[]; result: unknown }
  readonly cells: string
}

interface Exhibit {
  readonly image: string
  /** What a scan on one host gives. */
  readonly local: readonly unknown[]
}

let folder: string
let many: Exhibit
let few: Exhibit
/** Of the honest host, by SHA-256. */
const answers = new Map<string, Answer>()
const children = new Set<ReturnType<typeof start>>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-liars-'))
  many = await exhibitOf('many', MANY)
  few = await exhibitOf('few', FEW)
  const { exchange, child } = await offering(many, 'offer', [])
  child.kill('SIGKILL')
  const shards = exchange.offered().map((name) => JSON.parse(exchange.shard(name)!))
  const joined = new ShardFolder(join(folder, 'joined'))
  const name = `${'0'.repeat(32)}-0`
  joined.offer(name, JSON.stringify({ ...shards[0], items: shards.flatMap(({ items }) => items) }))
  const file = join(joined.folder, `${name}.shard.json`)
  const none = ['--config', join(folder, 'none')]
  const run = seized(['lab', 'run-one', '--shard', file, '--out', joined.folder, '--workers', '2', ...none])
  expect(run.status, run.stderr).toBe(0)
  const { signed } = JSON.parse(joined.answerOf(name, 1 << 26)!)
  for (const answer of JSON.parse(signed).answers as Answer[]) answers.set(answer.sha256, answer)
  expect(answers.size).toBeGreaterThan(MANY / 2)
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function exhibitOf(name: string, pictures: number): Promise<Exhibit> {
  const image = join(folder, `${name}.dd`)
  await writeLookImage(image, pictures)
  return { image, local: digestsOf(seized(words('scan', image, `local-${name}.sqlite`))) }
}

function words(verb: string, what: string, ledger: string): string[] {
  const names = ['--case', 'T-1', '--exhibit', 'E-1', '--examiner', 'Test Examiner']
  return [
    verb,
    what,
    ...(verb === 'scan' ? ['--ledger', join(folder, ledger), ...names] : []),
    ...['--workers', '1', '--progress', 'json'],
  ]
}

function digestsOf(run: { readonly stdout: string; readonly stderr: string }): readonly unknown[] {
  const { evidenceDigest, analysisDigest, exitCode } = summaryOf(run)
  return [evidenceDigest, analysisDigest, exitCode]
}

/** A scan, or one that goes on, whose shards are all offered, and all left to others. */
async function offering(
  { image }: Exhibit,
  name: string,
  more: readonly string[],
  verb: 'scan' | 'resume' = 'scan',
) {
  const ledger = join(folder, `${name}.sqlite`)
  const exchange = new ShardFolder(join(folder, name))
  exchange.clear()
  const args = words(verb, verb === 'scan' ? image : ledger, `${name}.sqlite`)
  const child = start([...args, '--look-shards', exchange.folder, ...more])
  children.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (output.stdout += text))
  child.stderr.on('data', (text) => (output.stderr += text))
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  // A mark of an hour ahead: the scan's own host leaves these to others.
  const later = new Date(Date.now() + 3_600_000)
  let [count, since] = [0, performance.now()]
  while (child.exitCode === null && (count === 0 || performance.now() - since < SETTLED_MS)) {
    const now = exchange.offered()
    for (const name of now)
      if (exchange.take(name)) utimesSync(join(exchange.folder, `${name}.taken`), later, later)
    if (now.length !== count) [count, since] = [now.length, performance.now()]
    await pause(5)
  }
  expect(child.exitCode, output.stderr).toBe(null)
  return { ledger, exchange, child, output, ended }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Shards that the answers are known of, in the order of the queue. */
function known(exchange: ShardFolder): readonly string[] {
  const number = (name: string) => Number(name.split('-')[1])
  return exchange
    .offered()
    .filter((name) => itemsOf(exchange, name).every(({ sha256 }) => answers.has(sha256)))
    .sort((one, other) => number(one) - number(other))
}

function itemsOf(exchange: ShardFolder, name: string): readonly { readonly sha256: string }[] {
  return JSON.parse(exchange.shard(name)!).items
}

/** @param change of the answers to one shard @returns contents that are answered */
function answer(
  exchange: ShardFolder,
  names: readonly string[],
  change: (all: Answer[], i: number) => void,
): number {
  const contents = names.reduce((sum, name) => sum + itemsOf(exchange, name).length, 0)
  for (const [i, name] of names.entries()) {
    const text = exchange.shard(name)!
    const shard = JSON.parse(text)
    const all: Answer[] = shard.items.map(({ sha256 }: Answer, n: number) =>
      structuredClone({ ...answers.get(sha256)!, n }),
    )
    change(all, i)
    const about = {
      shard: shardDigest(text),
      planDigest: shard.planDigest,
      class: shard.class,
      host: 'scan2',
    }
    const signed = JSON.stringify({ bundle: 1, ...about, answers: all })
    exchange.answer(name, JSON.stringify({ signed, signature: null, publicKey: null }))
  }
  return contents
}

const honest = () => {}
/** Leaves out what was found in the first content of the last shard. */
const lieOnce = (last: number) => (all: Answer[], i: number) => {
  if (i === last) all[0]!.header.findings = []
}

function factsOf(ledger: string) {
  const reader = openLedger(ledger)
  const of = (kind: string) => reader.events().filter(({ event }) => event === kind)
  const facts = { shared: sharedLooksOf(reader), before: heldBefore(reader), merged: of('look-shard-merged') }
  const read = { ...facts, held: of('look-shard-held').length, discarded: of('look-shards-discarded') }
  reader.close()
  return read
}

describe('hosts that answer wrongly in good form', () => {
  it('33 B10: one wrong answer of a hundred, all checked, throws away all that its host answered, and the digests are those of one host', async () => {
    const { ledger, exchange, output, ended } = await offering(many, 'one', ['--look-shards-checked', '100'])
    const names = known(exchange)
    answer(exchange, names, lieOnce(names.length - 1))
    leaveRest(exchange)
    await ended
    expect(digestsOf(output)).toEqual(many.local)
    const { shared, held, discarded } = factsOf(ledger)
    expect(held).toBe(names.length - 1)
    expect(discarded.map(({ detail }) => [detail.key, detail.shards])).toEqual([
      ['none', String(names.length - 1)],
    ])
    expect(shared).toMatchObject({ contents: 0, checked: 0, refused: 1 })
    expect(existsSync(`${ledger}.looks`)).toBe(false)
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('33 B10: honest answers, all checked, are recorded, and the report says that all were analysed again', async () => {
    const { ledger, exchange, output, ended } = await offering(few, 'all', ['--look-shards-checked', '100'])
    const contents = answer(exchange, known(exchange), honest)
    leaveRest(exchange)
    await ended
    expect(digestsOf(output)).toEqual(few.local)
    expect(factsOf(ledger).shared).toMatchObject({ contents, checked: contents, leastShare: 1 })
    const page = reportOf(ledger)
    expect(page).toContain(`drawn at random after each answer had come: ${contents}, with the same result.`)
    expect(page).not.toContain('passed unnoticed')
  })

  it('33 B10: with 5 %, ledger and reports say what share was checked and with what probability wrong answers passed', async () => {
    const { ledger, exchange, output, ended } = await offering(few, 'some', ['--look-shards-checked', '5'])
    const shards = known(exchange)
    const contents = answer(exchange, shards, honest)
    leaveRest(exchange)
    await ended
    expect(digestsOf(output)).toEqual(few.local)
    // At least one of each shard; the largest have eight.
    const { shared } = factsOf(ledger)
    expect(shared).toMatchObject({ contents, checked: shards.length, leastShare: 1 / 8 })
    // 7/8, its tenth and its hundredth power, in percent, rounded up: 87.5, 26.3, 0.0002.
    const said =
      'one wrong answer would have passed unnoticed with a probability of at most 88 %, ten with at most 27 %, a hundred with at most 1 %'
    expect(reportOf(ledger)).toContain(said)
    expect(reportOf(ledger, '--edition', 'court')).toContain(said)
    expect(reportOf(ledger, '--edition', 'court', '--language', 'lt')).toContain(
      'ne didesne kaip 88 % tikimybe, dešimt – ne didesne kaip 27 %',
    )
  })

  it('33 B10: what was checked outlives a crash, and a wrong answer after it throws that away too', async () => {
    const first = await offering(few, 'crash', [])
    const names = known(first.exchange)
    answer(first.exchange, names.slice(0, 3), honest)
    await heldAndRecorded(first, 3)
    first.child.kill('SIGKILL')
    await first.ended
    expect(factsOf(first.ledger).before.bundles.size).toBe(3)
    const second = await offering(few, 'crash', ['--look-shards-checked', '100'], 'resume')
    const asked = second.exchange.offered().flatMap((name) => itemsOf(second.exchange, name))
    expect(asked.length).toBeLessThanOrEqual(FEW - 24)
    const left = known(second.exchange)
    answer(second.exchange, left, lieOnce(0))
    leaveRest(second.exchange)
    await second.ended
    expect(digestsOf(second.output)).toEqual(few.local)
    const { discarded, shared } = factsOf(second.ledger)
    expect(discarded.map(({ detail }) => detail.contents)).toEqual(['24'])
    expect(shared).toMatchObject({ contents: 0, refused: left.length })
    expect(seized(['verify', second.ledger]).status).toBe(0)
  })

  it('33 B10: what was checked before a crash is recorded by the run that goes on, unless its file was changed', async () => {
    const first = await offering(few, 'kept', [])
    const names = known(first.exchange)
    answer(first.exchange, names.slice(0, 3), honest)
    await heldAndRecorded(first, 3)
    first.child.kill('SIGKILL')
    await first.ended
    changeFile(join(`${first.ledger}.looks`, `${names[0]}.held`))
    const second = await offering(few, 'kept', [], 'resume')
    answer(second.exchange, known(second.exchange), honest)
    leaveRest(second.exchange)
    await second.ended
    expect(digestsOf(second.output)).toEqual(few.local)
    const merged = factsOf(second.ledger).merged
    expect(merged.map(({ detail }) => detail.shard)).toEqual(expect.arrayContaining(names.slice(1, 3)))
    expect(merged.map(({ detail }) => detail.shard)).not.toContain(names[0])
  })
})

/** The file of a held answer is written before its row: a kill between the two leaves an answer that is asked again. */
async function heldAndRecorded(
  { ledger, child }: { readonly ledger: string; readonly child: ReturnType<typeof start> },
  answers: number,
): Promise<void> {
  while (heldFiles(ledger) < answers && child.exitCode === null) await pause(10)
  while (child.exitCode === null && heldRows(ledger) < answers) await pause(50)
}

/** Of a ledger that a scan is writing. */
function heldRows(ledger: string): number {
  const snapshot = snapshotOf(ledger)
  if (snapshot === null) return 0
  const rows = factsOf(snapshot.path).before.bundles.size
  snapshot.remove()
  return rows
}

function heldFiles(ledger: string): number {
  const kept = `${ledger}.looks`
  return existsSync(kept) ? readdirSync(kept).filter((name) => name.endsWith('.held')).length : 0
}

/** What nobody answered is for the scan's own host. */
function leaveRest(exchange: ShardFolder): void {
  for (const name of exchange.offered()) if (!exchange.isAnswered(name)) exchange.release(name)
}

/** Another result in the same form. */
function changeFile(file: string): void {
  const text = readFileSync(file, 'utf8')
  const changed = text.replace('\\"findings\\":[{', '\\"findings\\":[],\\"x\\":[{')
  expect(changed).not.toBe(text)
  writeFileSync(file, changed)
}

function reportOf(ledger: string, ...more: readonly string[]): string {
  const out = `${ledger}.${more.length}.html`
  const run = seized(['report', ledger, '--format', 'html', '--out', out, ...more])
  expect(run.status, run.stderr).toBe(0)
  return readFileSync(out, 'utf8')
}
