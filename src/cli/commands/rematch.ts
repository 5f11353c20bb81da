/** `seized rematch`: compares the stored digests of a sealed ledger with new lists, without the exhibit. */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UsageError } from '../../base/errors.ts'
import { printPath, printText } from '../../base/evidence-path.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { EntryView } from '../../contracts/view.ts'
import { appendCustody } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { createLedger } from '../../ledger/write/session.ts'
import { loadHashSets, makeNearFinder, parseHashSetDeclaration } from '../../match/index.ts'
import { makePlan } from '../../plan.ts'
import { rematch } from '../../rematch.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { fileSha256 } from '../file-sha256.ts'
import { describeTool } from '../tool-info.ts'

interface RematchOptions {
  readonly hashset: string[]
  readonly scaleTable: string[]
  readonly ledger: string
  readonly examiner?: string
}

const collect = (value: string, all: string[]) => [...all, value]

export function addRematch(program: Command, exit: (code: number) => void): void {
  program
    .command('rematch')
    .description(
      'compare the stored digests of a sealed ledger with new lists, into a new ledger; shows hits added and removed',
    )
    .argument('<ledger>', 'sealed ledger; it is not written to')
    .requiredOption(
      '--hashset <declared:file>',
      'the lists to compare with, repeatable; they replace those of the old ledger',
      collect,
      [],
    )
    .requiredOption('--ledger <file>', 'new ledger to create')
    .option(
      '--scale-table <file>',
      'mapping table (JSON) of a scale that is not built in, repeatable',
      collect,
      [],
    )
    .option('--examiner <name>', 'who rematches (default: the examiner of the old ledger)')
    .action(async (ledger: string, given: RematchOptions) => exit(await run(resolve(ledger), given)))
}

async function run(path: string, given: RematchOptions): Promise<number> {
  const old = openLedger(path)
  if (!old.seal)
    throw new UsageError(`${path} is not sealed. Resume it first: only a sealed ledger can be rematched.`)
  const matcher = await loadHashSets(given.hashset.map(parseHashSetDeclaration), {
    scaleTables: given.scaleTable,
    assumeSha256: true,
  })
  const target = resolve(given.ledger)
  const account = userInfo().username
  const session = createLedger({
    path: target,
    case: { ...old.case, examiner: given.examiner ?? old.case.examiner },
    exhibit: old.exhibit,
    plan: makePlan({ ...old.plan, hashSets: matcher.hashSets }),
    tool: await describeTool({ decodes: false }),
    account,
  })
  const oldHead = old.newestHead()
  session.recordEvent('rematch-of', { ledger: path, sha256: await fileSha256(path), head: oldHead })
  const near = makeNearFinder(matcher.pdqRecords())
  rematch(old, session, {
    exact: ({ digests, sizeBytes }) => matcher.match(digests, sizeBytes),
    near: near && ((hashes) => near.find(hashes)),
  })
  matcher.close()
  const made = openLedger(target)
  showChanges(old, made)
  const summary = made.summary()
  const detail = { ledgerSha256: await fileSha256(target), from: path, fromHead: oldHead }
  appendCustody(target, { event: 'sealed', operator: made.case.examiner, account, detail })
  appendCustody(path, { event: 'rematched', operator: made.case.examiner, account, detail: { into: target } })
  process.stdout.write(
    `new ledger    ${printText(target)}\nchain head    ${made.chainHead}\nrematch of    ${oldHead}\n`,
  )
  old.close()
  made.close()
  return exitCodeOf(summary)
}

function showChanges(old: LedgerReader, made: LedgerReader): void {
  const [before, after] = [matchesOf(old), matchesOf(made)]
  const added = [...after].filter(([key]) => !before.has(key))
  const removed = [...before].filter(([key]) => !after.has(key))
  for (const [, words] of added) process.stdout.write(`ADDED    ${words}\n`)
  for (const [, words] of removed) process.stdout.write(`REMOVED  ${words}\n`)
  process.stdout.write(`${added.length} added, ${removed.length} removed\n`)
}

/** Hits, conflicts and near matches with what a reader would call the same: path, list content, category, meaning. */
function matchesOf(ledger: LedgerReader): Map<string, string> {
  const all = new Map<string, string>()
  for (const view of ledger.findings()) for (const words of wordsOf(view)) all.set(words, words)
  return all
}

function wordsOf({ entry, hits, conflicts, near }: EntryView): string[] {
  const path = printPath(entry.path)
  const of = (kind: string, one: { hashSet: string; category: string | null; meaning: string }) =>
    `${kind} ${one.meaning}, ${printText(one.hashSet)}${one.category === null ? '' : `, category ${printText(one.category)}`}: ${path}`
  return [
    ...hits.map((hit) => of('hit', hit)),
    ...conflicts.map((conflict) => of('conflict', conflict)),
    ...near.map((match) => of('near match', match)),
  ]
}
