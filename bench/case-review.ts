/**
 * List and filters of a review of a case of several ledgers, against one ledger of as many contents.
 * `npm run bench -- case-review [ledgers] [contents of each]`. Each side is a process of its own, so that neither has the other's memory.
 *
 * The first 20,000 contents are the same in every ledger; the others are copies of their rows under other names and digests, which no
 * chain covers (review.ts): nothing here verifies.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepHeapSmall } from '../src/base/small-heap.ts'
import { type JoinNotes, keptJoin } from '../src/case/kept-join.ts'
import { openLedger } from '../src/ledger/read/read.ts'
import { findScale } from '../src/match/records/scale.ts'
import { ReviewedLedger } from '../src/review/reviewed-ledger.ts'
import type { ViewAsked } from '../src/review/said.ts'
import { ReviewSession } from '../src/review/session.ts'
import { tilesOf } from '../src/review/tiles.ts'
import { fourPersons } from './case-served.ts'
import { memory, multiply, timed } from './review.ts'

const WRITTEN = 20_000
const FOLDER = join(tmpdir(), 'seized-bench-case')

export async function run(args: readonly string[]): Promise<void> {
  const [ledgers = 10, contents = 100_000] = args.slice(0, 2).map(Number)
  const side = args[2]
  if (side === 'served' || side === 'apart') return served(ledgers, contents, side === 'served')
  if (side === 'case') return ofCase(ledgers, contents)
  if (side === 'one') return ofOne(ledgers, contents)
  await make(ledgers, contents)
  for (const one of ['one', 'case', 'apart', 'served'])
    spawnSync(
      process.execPath,
      [
        fileURLToPath(new URL('main.js', import.meta.url)),
        'case-review',
        String(ledgers),
        String(contents),
        one,
      ],
      { stdio: 'inherit' },
    )
}

/** Distinct contents of the case: the written ones are shared. */
function distinct(ledgers: number, contents: number): number {
  return WRITTEN + ledgers * (contents - WRITTEN)
}

const ledgerAt = (contents: number, i: number) => join(FOLDER, `${contents}-${i}.sqlite`)

async function make(ledgers: number, contents: number): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const base = join(FOLDER, 'base.sqlite')
  if (!existsSync(base)) {
    const { makeReviewLedger } = await import('../fixtures/ledgers/review.ts')
    makeReviewLedger({ path: base, contents: WRITTEN, stackOf: 4, seal: false })
  }
  const sizes = [...Array.from({ length: ledgers }, () => contents), distinct(ledgers, contents)]
  for (const [i, size] of sizes.entries()) {
    const path = ledgerAt(contents, i)
    if (existsSync(path)) continue
    copyFileSync(base, path)
    multiply(path, Math.round(size / WRITTEN))
  }
}

function ofOne(ledgers: number, contents: number): void {
  keepHeapSmall()
  const ledger = timed('one ledger: open', () => openLedger(ledgerAt(contents, ledgers)))
  measured('one ledger', () => sessionOf(ledger), ledger)
}

function casesOf(ledgers: number, contents: number) {
  return Array.from({ length: ledgers }, (_, i) => {
    const ledger = openLedger(ledgerAt(contents, i))
    // Copies of one file: each stands for another exhibit.
    Object.defineProperty(ledger, 'case', { value: { ...ledger.case, exhibitId: `EX-${i}` } })
    return ledger
  })
}

/** In the folder of the ledgers. */
function joinedOf(ledgers: readonly ReturnType<typeof openLedger>[]) {
  const file = (folder: string) => join(FOLDER, `noted-${basename(folder)}`)
  const notes: JoinNotes = {
    noted: (folder) => (existsSync(file(folder)) ? readFileSync(file(folder), 'utf8') : null),
    note: (folder, digest) => writeFileSync(file(folder), digest),
  }
  return keptJoin(FOLDER, 'synthetic', ledgers, notes, (sentence) => process.stderr.write(sentence))
}

function ofCase(ledgers: number, contents: number): void {
  keepHeapSmall()
  const all = casesOf(ledgers, contents)
  const joined = timed('case: join the ledgers, where nothing is kept', () => joinedOf(all))
  const ledger = timed('case: open', () => openLedger(joined.path))
  measured('case', () => sessionOf(ledger, new ReviewedLedger(ledger, joined.priorities)), ledger)
  joined.remove()
}

async function served(ledgers: number, contents: number, shared: boolean): Promise<void> {
  keepHeapSmall()
  const all = casesOf(ledgers, contents)
  const joined = timed('case: the joined ledger at a further start', () => joinedOf(all))
  const ledger = openLedger(joined.path)
  await fourPersons(ledger, joined.priorities, shared)
  ledger.close()
  joined.remove()
}

function sessionOf(ledger: ReturnType<typeof openLedger>, reviewed?: ReviewedLedger): ReviewSession {
  return new ReviewSession(ledger, {
    operator: 'A. Example',
    account: 'bench',
    scale: findScale('vics-us')!,
    pass: 'first',
    sample: null,
    categories: [],
    onHead: () => {},
    pageSha256: '',
    ...(reviewed === undefined
      ? {}
      : {
          ofCase: {
            root: ledger.path,
            reviewed,
            isAtHand: () => false,
            isPathAtHand: () => false,
            onDecided: () => {},
          },
        }),
  })
}

function measured(of: string, open: () => ReviewSession, ledger: ReturnType<typeof openLedger>): void {
  const session = timed(`${of}: list and rank its contents`, open)
  process.stdout.write(`${of}: ${session.catalogue.size} contents\n`)
  const asked: ViewAsked = { order: 'priority', queue: 'all', query: '', stacked: false, around: null }
  const { view } = timed(`${of}: first view, by priority`, () => session.view(asked))
  timed(`${of}: first page of 200`, () => tilesOf(session, session.viewCalled(view), { from: 0, count: 200 }))
  for (const order of ['place', 'time', 'camera', 'list'] as const)
    timed(`${of}: view by ${order}`, () => session.view({ ...asked, order }))
  for (const query of ['path:DCIM/0001', 'hit:interest', 'type:image', 'camera:"Example 1"', 'priority:1..4'])
    timed(`${of}: filter ${query}`, () => session.view({ ...asked, query }))
  timed(`${of}: queue of rescue`, () => session.view({ ...asked, queue: 'rescue' }))
  process.stdout.write(`${of}: memory ${memory()}\n`)
  session.release()
  ledger.close()
}
