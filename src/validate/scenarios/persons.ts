/** Decisions and reveals of persons: the custody log contains each, a reveal before its pixels are made. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { jpeg } from '../../../fixtures/pictures.ts'
import { PROGRAM_ROOT } from '../../base/version.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks, type Observation } from '../model/observation.ts'
import type { Bench, Scenario } from '../model/scenario.ts'

const OPERATOR = ['--operator', 'A. Example', '--scale', 'vics-us']

export const persons: Scenario = {
  id: 'persons',
  title: 'decisions of two persons, and reveals',
  speaksOf: ['decisions-kept', 'reveals-logged'],
  weight: { quick: 3, full: 4 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const pictures = await Promise.all(
      Array.from({ length: bench.of(6, 20) }, (_, i) =>
        jpeg({ seed: bench.seed + i, width: 400, height: 300 }),
      ),
    )
    for (const [i, bytes] of pictures.entries()) writeFileSync(bench.at('exhibit', `${i}.jpg`), bytes)
    const ledger = bench.at('persons.sqlite')
    bench.scan(root, ledger, '--phases', 'inventory,known')
    const wanted = pictures.map((bytes) => digest('sha256', bytes))
    return [decided(bench, ledger, wanted), await revealed(bench, ledger, root, wanted)]
  },
}

const NOTE = 'seen twice, once in grey'

function decided(bench: Bench, ledger: string, wanted: readonly string[]): Observation {
  const checks = new Checks(
    'decisions-kept',
    'seized decide --from, by two persons; one bad list',
    'one event a decision, nobody’s replaced, all or none of a list',
  )
  const list = (name: string, rows: readonly string[]) => {
    writeFileSync(bench.at(name), `sha256,category\n${rows.join('\n')}\n`)
    return bench.at(name)
  }
  const first = list(
    'first.csv',
    wanted.map((sha256) => `${sha256},2`),
  )
  const bad = list('bad.csv', [`${wanted[0]},1`, `${'0'.repeat(64)},1`])
  checks.equal(bench.seized('decide', ledger, '--from', first, ...OPERATOR).code, 0, 'the first person')
  checks.equal(
    bench.seized(
      'decide',
      ledger,
      '--sha256',
      wanted[0]!,
      '--category',
      '1',
      '--scale',
      'vics-us',
      '--operator',
      'B. Example',
      '--note',
      NOTE,
    ).code,
    0,
    'the second person',
  )
  checks.equal(
    bench.seized('decide', ledger, '--from', bad, ...OPERATOR).code,
    2,
    'a list with one content that is not there',
  )
  checks.equal(
    bench.seized('decide', ledger, '--sha256', wanted[0]!, '--category', '99', ...OPERATOR).code,
    2,
    'a category that the scale lacks',
  )
  checks.equal(count(ledger, 'decision'), wanted.length + 1, 'decisions in the custody log')
  const entries = bench.entries(ledger)
  for (const sha256 of wanted)
    checks.equal(
      entries.find((entry) => entry.sha256 === sha256)?.decisions.length,
      sha256 === wanted[0] ? 2 : 1,
      `decisions of ${sha256}`,
    )
  checks.equal(
    JSON.stringify(entries.find(({ sha256 }) => sha256 === wanted[0])?.decisions).includes(NOTE),
    true,
    'the note of the second person',
  )
  const out = bench.at('graded.json')
  bench.seized('report', ledger, '--format', 'vics', '--scale', 'vics-us', '--out', out)
  const { value }: { value: { Media: { SHA1: string; Category: number | null }[] }[] } = JSON.parse(
    readFileSync(out, 'utf8'),
  )
  const categories = value[0]!.Media.map(({ Category }) => Category)
  checks.equal(
    categories.filter((category) => category === null).length,
    1,
    'contents on which two persons differ, without a category',
  )
  checks.equal(
    categories.filter((category) => category === 2).length,
    wanted.length - 1,
    'contents with the category of one person',
  )
  checks.equal(bench.seized('verify', ledger).code, 0, 'verify')
  return checks.observation
}

async function revealed(
  bench: Bench,
  ledger: string,
  exhibit: string,
  wanted: readonly string[],
): Promise<Observation> {
  const checks = new Checks(
    'reveals-logged',
    'seized review --pass second, reveals asked for over its own protocol',
    'an event in the custody log when the pixels arrive, one each; none without a reason',
  )
  const child = spawn(
    process.execPath,
    [
      join(PROGRAM_ROOT, 'bin/seized.js'),
      'review',
      ledger,
      ...OPERATOR,
      '--pass',
      'second',
      '--exhibit',
      exhibit,
      '--allow-writable-mount',
      '--heads',
      bench.at('review-heads.jsonl'),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = once(child, 'exit')
  try {
    const url = await addressOf(child)
    let key = url.hash.slice(1)
    const post = (what: string, body: object = {}) =>
      fetch(`${url.origin}/api/${what}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      })
    key = ((await (await post('hello')).json()) as { key: string }).key
    const ask = (sha256: string, reason: string) =>
      post('reveal', { sha256, reason, words: '', colour: false, blur: 0 })
    const without = await ask(wanted[0]!, '')
    checks.see(without.status !== 200, () => 'shown without a reason')
    const refused = count(ledger, 'reveal', `act = 'asked'`)
    for (const [i, sha256] of wanted.slice(0, 3).entries()) {
      const answer = await ask(sha256, 'unclear')
      const bytes = Buffer.from(await answer.arrayBuffer())
      checks.equal(
        answer.status,
        200,
        `reveal ${i}: ${answer.status === 200 ? '' : bytes.toString().slice(0, 200)}`,
      )
      checks.equal(count(ledger, 'reveal', `act = 'asked'`), refused + i + 1, 'events when the pixels arrive')
      await post('hidden', { by: 'key' })
    }
  } finally {
    child.kill('SIGINT')
    await ended
  }
  checks.equal(
    bench.seized('verify', ledger, '--heads', bench.at('review-heads.jsonl')).code,
    0,
    'verify after the session',
  )
  return checks.observation
}

async function addressOf(child: ReturnType<typeof spawn>): Promise<URL> {
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (piece: Buffer) => {
      said += piece
    })
  for (let tries = 0; tries < 600; tries++) {
    const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(said)
    if (found) return new URL(found[0])
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the review gave no address: ${said.trim().slice(-300)}`)
}

function count(ledger: string, table: 'decision' | 'reveal', where = '1'): number {
  const database = new Database(`${ledger}.custody.sqlite`, { readonly: true })
  try {
    return database.prepare(`SELECT count(*) FROM ${table} WHERE ${where}`).pluck().get() as number
  } finally {
    database.close()
  }
}
