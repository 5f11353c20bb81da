/** `seized rematch`: compares the stored digests of a sealed ledger with new lists, without the exhibit. */

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { osAccount } from '../../base/os-account.ts'
import type { EntryViews } from '../../contracts/ledger-reader.ts'
import { categoriesText, type Matched, matchesOf } from '../../diff/matches.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { createLedger } from '../../ledger/write/session.ts'
import { alternativesOf, loadHashSets, makeNearFinder, parseHashSetDeclaration } from '../../match/index.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { makePlan } from '../../plan.ts'
import { rematch as rematchLedger } from '../../rematch/rematch.ts'
import type { Given } from '../arguments/option.ts'
import type { REMATCH } from '../arguments/options-table.ts'
import { exitCodeOf } from '../services/exit-code-of.ts'
import { noteHead } from '../services/heads.ts'
import { listWarnings } from '../services/list-remarks.ts'
import { recordCustody } from '../services/log-custody.ts'
import { describeTool } from '../services/tool-info.ts'
import { verifyFirst } from '../services/verified.ts'

export async function rematch([file]: readonly string[], given: Given<typeof REMATCH>): Promise<number> {
  const path = resolve(file!)
  if (given.hashset.length === 0)
    throw new UsageError('rematch compares with lists: give --hashset illegal:FILE, once or more.')
  await verifyFirst(path, { heads: given.heads })
  const old = openLedger(path)
  if (!old.seal)
    throw new UsageError(`${path} is not sealed. Resume it first: only a sealed ledger can be rematched.`)
  const parts = digestPartsAside()
  const matcher = await loadHashSets(given.hashset.map(parseHashSetDeclaration), {
    scaleTables: given.scaleTable,
    assumeSha256: true,
    alternatives: alternativesOf(old.plan.models),
  })
  for (const warning of listWarnings(matcher.hashSets)) process.stderr.write(`${printText(warning)}\n`)
  const target = resolve(given.ledger)
  const account = osAccount()
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
  const near = makeNearFinder(matcher.pdqRecords(), matcher.hasherRecords(old.plan.models))
  rematchLedger(old, session, {
    exact: ({ digests, sizeBytes }) => matcher.match(digests, sizeBytes),
    near: near && ((hashes) => near.find(hashes)),
    named: (digests) => matcher.matchNamed(digests, null),
  })
  matcher.close()
  const made = openLedger(target)
  showChanges(old, made)
  const summary = made.summary()
  const detail = { ledgerSha256: await fileSha256(target), from: path, fromHead: oldHead }
  const operator = made.case.examiner
  noteHead(target, made.chainHead, given.heads)
  process.stderr.write(`new ledger ${printText(target)}:\n`)
  recordCustody(target, { event: 'sealed', operator, detail }, given.heads)
  process.stderr.write(`ledger that was matched again, ${printText(path)}:\n`)
  recordCustody(path, { event: 'rematched', operator, detail: { into: target } }, given.heads)
  process.stdout.write(
    `new ledger    ${printText(target)}\nchain head    ${made.chainHead}\nrematch of    ${oldHead}\n`,
  )
  old.close()
  made.close()
  return exitCodeOf(summary)
}

function showChanges(old: EntryViews, made: EntryViews): void {
  const [before, after] = [matchesOf(old), matchesOf(made)]
  const added = [...after].filter(([key]) => !before.has(key))
  const removed = [...before].filter(([key]) => !after.has(key))
  const changed = [...after].filter(([key, now]) => {
    const then = before.get(key)
    return then !== undefined && categoriesText(then) !== categoriesText(now)
  })
  for (const [, one] of added) process.stdout.write(`ADDED    ${one.words}${inCategories(one)}\n`)
  for (const [, one] of removed) process.stdout.write(`REMOVED  ${one.words}${inCategories(one)}\n`)
  for (const [key, one] of changed)
    process.stdout.write(
      `CHANGED  ${one.words}: ${categoriesText(before.get(key)!)} → ${categoriesText(one)}\n`,
    )
  process.stdout.write(
    `${added.length} added, ${removed.length} removed${changed.length === 0 ? '' : `, ${changed.length} with other categories`}\n`,
  )
}

function inCategories(one: Matched): string {
  return one.categories.size === 0 ? '' : ` (${categoriesText(one)})`
}
