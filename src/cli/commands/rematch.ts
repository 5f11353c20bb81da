/** `seized rematch`: compares the stored digests of a sealed ledger with new lists, without the exhibit. */

import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printPath, printText } from '../../base/evidence-path.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { EntryView } from '../../contracts/view.ts'
import { appendCustody } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { createLedger } from '../../ledger/write/session.ts'
import { loadHashSets, makeNearFinder, parseHashSetDeclaration } from '../../match/index.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { makePlan } from '../../plan.ts'
import { rematch as rematchLedger } from '../../rematch.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { fileSha256 } from '../file-sha256.ts'
import type { Given } from '../table/option.ts'
import type { REMATCH } from '../table/options.ts'
import { describeTool } from '../tool-info.ts'

export async function rematch([file]: readonly string[], given: Given<typeof REMATCH>): Promise<number> {
  const path = resolve(file!)
  if (given.hashset.length === 0)
    throw new UsageError('rematch compares with lists: give --hashset illegal:FILE, once or more.')
  const old = openLedger(path)
  if (!old.seal)
    throw new UsageError(`${path} is not sealed. Resume it first: only a sealed ledger can be rematched.`)
  const parts = digestPartsAside()
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
    tool: await describeTool({ decodes: false, parts: await parts }),
    account,
  })
  const oldHead = old.newestHead()
  session.recordEvent('rematch-of', { ledger: path, sha256: await fileSha256(path), head: oldHead })
  const near = makeNearFinder(matcher.pdqRecords())
  rematchLedger(old, session, {
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
