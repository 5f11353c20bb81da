/**
 * A review of a synthetic ledger of many contents: how long until the first screen, a random jump, a stack of 5,000, and how much
 * memory the server takes. `npm run bench -- review [contents]`.
 *
 * The ledger's own writer makes the first 20,000; the others are copies of their rows under other names, digests and hashes, which
 * no chain covers: nothing here verifies, and a review of it stands for one of a ledger that does.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { keepHeapSmall } from '../src/base/small-heap.ts'
import { custodyPath } from '../src/ledger/custody/custody.ts'
import { openLedger } from '../src/ledger/read/read.ts'
import { findScale } from '../src/match/records/scale.ts'
import { Acts } from '../src/review/acts.ts'
import type { ViewAsked } from '../src/review/said.ts'
import { seededNumbers } from '../src/review/seeded-numbers.ts'
import { ReviewSession } from '../src/review/session.ts'
import { tilesOf } from '../src/review/tiles.ts'
import { measurePage } from './review-page.ts'
import { jumpsOfScreens } from './review-screens.ts'

const WRITTEN = 20_000
const STACK = 5000
const PAGE = 200
const JUMPS = 10

export async function run(args: readonly string[]): Promise<void> {
  // As the command does.
  keepHeapSmall()
  const contents = Number(args[0] ?? 1_000_000)
  const folder = join(tmpdir(), 'seized-bench-review')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${contents}.sqlite`)
  if (!existsSync(path)) {
    // What makes pictures is not loaded where the memory of a server is measured: run the bench twice.
    const { makeReviewLedger } = await import('../fixtures/ledgers/review.ts')
    timed(`a ledger of ${contents} contents`, () => {
      makeReviewLedger({ path, contents: Math.min(WRITTEN, contents), stackOf: 4, seal: false })
      if (contents > WRITTEN) multiply(path, Math.round(contents / WRITTEN))
    })
  }
  process.stdout.write(`before the ledger is opened: ${memory()}\n`)
  // Decisions of an earlier run would take memory in this one.
  rmSync(custodyPath(path), { force: true })
  const ledger = timed('open the ledger', () => openLedger(path))
  const session = timed(
    'list and rank its contents',
    () =>
      new ReviewSession(ledger, {
        operator: 'A. Example',
        account: 'bench',
        scale: findScale('vics-us')!,
        pass: 'first',
        sample: null,
        categories: [],
        onHead: () => {},
        pageSha256: '',
      }),
  )
  const asked: ViewAsked = { order: 'priority', queue: 'all', query: '', stacked: false, around: null }
  const { view, tiles } = timed('first view, by priority', () => session.view(asked))
  const page = (from: number) => tilesOf(session, session.viewCalled(view), { from, count: PAGE })
  const first = timed(`first page of ${PAGE}`, () => page(0))
  process.stdout.write(`  ${JSON.stringify(first).length} bytes\n`)
  const random = seededNumbers('pages')
  const jumps = Array.from({ length: JUMPS }, () => {
    const startMs = performance.now()
    page(Math.floor((random() * tiles) / PAGE) * PAGE)
    return performance.now() - startMs
  }).sort((a, b) => a - b)
  process.stdout.write(
    `${JUMPS} random pages: ${jumps[0]!.toFixed(1)} to ${jumps.at(-1)!.toFixed(1)} ms, median ${jumps[JUMPS / 2]!.toFixed(1)} ms\n`,
  )
  for (const order of ['place', 'time', 'camera', 'list'] as const)
    timed(`view by ${order}`, () => session.view({ ...asked, order }))
  for (const query of ['path:DCIM/0001', 'hit:interest', 'type:image', 'camera:"Example 1"', 'priority:1..4'])
    timed(`filter ${query}`, () => session.view({ ...asked, query }))
  timed('near copies of one, index included', () => session.stackOf(0))
  session.open()
  // The filters took the place of the first view.
  const again = session.view(asked)
  await jumpsOfScreens(session, again.view, again.tiles)
  const acts = new Acts(session)
  const sha256 = Array.from({ length: Math.min(STACK, contents) }, (_, i) => session.catalogue.sha256(i))
  timed(`${sha256.length} decided as one`, () =>
    acts.decide({ act: 'decided', category: '1', note: '', of: { contents: sha256, count: sha256.length } }),
  )
  timed('one decided, and what is left', () =>
    acts.decide({ act: 'decided', category: '2', note: '', of: { contents: [sha256[0]!], count: 1 } }),
  )
  process.stdout.write(`memory of the server: ${memory()}\n`)
  await measurePage(session)
  process.stdout.write(`the same with what drives the browser: ${memory()}\n`)
  session.release()
  ledger.close()
}

const COPIED = [
  'content',
  'entry',
  'reading',
  'examination',
  'hit',
  'score',
  'attribute',
  'perceptual_hash',
  'preview',
]

export function multiply(path: string, times: number): void {
  const db = new Database(path)
  db.pragma('journal_mode = MEMORY')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  db.transaction(() => {
    for (const table of COPIED) {
      const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).pluck().all() as string[]
      const step = 1_000_000
      const value = (name: string, k: number): string => {
        if (name === 'id' || name === 'content' || name === 'entry') return `"${name}" + ${k * step}`
        if (name === 'sha256') return 'randomblob(32)'
        if (name === 'hex') return 'lower(hex(randomblob(32)))'
        return name === 'name' ? `CAST('${k}-' || name AS BLOB)` : `"${name}"`
      }
      const where =
        table === 'entry' || table === 'content'
          ? `id < ${step}`
          : `${table === 'reading' ? 'entry' : 'content'} < ${step}`
      for (let k = 1; k < times; k++)
        db.exec(
          `INSERT INTO ${table} SELECT ${columns.map((name) => value(name, k)).join(', ')} FROM ${table} WHERE ${where}`,
        )
    }
  })()
  db.pragma('journal_mode = DELETE')
  db.close()
}

/** Says CPU time beside the clock: a machine that does other things makes the clock worthless. */
export function timed<T>(what: string, work: () => T): T {
  const startMs = performance.now()
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1e6).toFixed(2)
  const clock = ((performance.now() - startMs) / 1000).toFixed(2)
  process.stdout.write(`${what}: ${cpu} s of CPU, ${clock} s; ${memory()}\n`)
  return result
}

/** Memory that is in use, and the most that was. */
export function memory(): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
  const { rss, heapUsed, external } = process.memoryUsage()
  const most = process.resourceUsage().maxRSS * 1024
  return `${megabytes(rss)} MB (heap ${megabytes(heapUsed)}, arrays ${megabytes(external)}, most ${megabytes(most)})`
}
