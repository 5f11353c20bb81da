/** `seized decide`: a person's category of a content, with scale and note; a custody event that a later one supersedes. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { parseEvidencePath, printPath } from '../../base/evidence-path.ts'
import { osAccount } from '../../base/os-account.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { decisionsOf, recordDecisions } from '../../ledger/custody/decisions.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { SearchFacts } from '../../ledger/read/search-facts.ts'
import { findScale, readScaleTable, type ScaleTable, shippedScales } from '../../match/scale.ts'
import { quarantineOf } from '../../privilege/quarantine.ts'
import { plural } from '../../report/format.ts'
import { sayHead } from '../log-custody.ts'
import type { Given } from '../table/option.ts'
import type { DECIDE } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'

export async function decide([file]: readonly string[], given: Given<typeof DECIDE>): Promise<number> {
  const path = resolve(file!)
  const { category, scale, note, operator } = given
  if ((given.entry === undefined) === (given.sha256 === undefined))
    throw new UsageError('Name the content once: by --entry or by --sha256.')
  for (const [option, text] of Object.entries({ category, scale, operator }))
    if (text.trim() === '') throw new UsageError(`--${option} is empty.`)
  await verifyFirst(path, { heads: given.heads })
  const ledger = openLedger(path)
  try {
    checkCategory(category, scaleOf(ledger, given))
    const { sha256, entries } = contentFor(ledger, given)
    const before = (decisionsOf(ledger.custody()).get(sha256) ?? []).filter(
      (made) => made.scale === scale && made.operator === operator,
    ).length
    const decision = { sha256, scale, act: 'decided', category, note, pass: null, session: null } as const
    const by = { operator, account: osAccount() }
    const [event] = recordDecisions(path, [{ kind: 'decision', ...decision }], by)
    sayHead(path, event!, given.heads)
    process.stdout.write(
      `Decided: category ${category} on ${scale} for ${sha256}, ${plural(entries, 'entry', 'entries')}.${before > 0 ? ` It supersedes ${plural(before, 'decision')}.` : ''}\n`,
    )
    return 0
  } finally {
    ledger.close()
  }
}

/** @throws UsageError when nobody knows the scale: a category means nothing without its table */
function scaleOf(ledger: LedgerReader, { scale, scaleTable }: Given<typeof DECIDE>): ScaleTable {
  const ofRun = ledger
    .starts()
    .flatMap(({ inputs }) => inputs)
    .filter(({ role, file }) => role === 'scale-table' && existsSync(file))
    .map(({ file }) => file)
  const tables = [...scaleTable, ...ofRun].map(readScaleTable)
  const found = findScale(scale, tables)
  if (found) return found
  const known = [...tables, ...shippedScales()].map(({ id }) => id)
  throw new UsageError(
    `There is no scale "${scale}": known are ${[...new Set(known)].join(', ')}. A scale of your own comes with --scale-table FILE, which says what its categories mean.`,
  )
}

/** @throws UsageError when the scale has no such category: a slip would stand in the log for good */
function checkCategory(category: string, { id, categories }: ScaleTable): void {
  if (!Object.hasOwn(categories, category))
    throw new UsageError(
      `The scale ${id} has no category "${category}": ${Object.keys(categories).join(', ')}.`,
    )
}

/** @throws UsageError when there is none, or it is privileged */
function contentFor(
  ledger: LedgerReader,
  { entry, sha256 }: Given<typeof DECIDE>,
): { readonly sha256: string; readonly entries: number } {
  const facts = new SearchFacts(ledger.path, ledger.plan)
  try {
    const wanted = sha256?.toLowerCase() ?? digestAt(facts, entry!)
    const { holds } = quarantineOf(ledger)
    let entries = 0
    for (const one of facts.entries('sha256')) {
      if (one.content?.digests[0]?.toString('hex') !== wanted) continue
      if (holds(facts.view(one.id)))
        throw new UsageError('That content is in quarantine: release it first, with a reason.')
      entries++
    }
    if (wanted === null || entries === 0)
      throw new UsageError(
        `${entry ?? sha256} names no content that was read into ${ledger.path}: nothing was decided.`,
      )
    return { sha256: wanted, entries }
  } finally {
    facts.close()
  }
}

function digestAt(facts: SearchFacts, entry: string): string | null {
  for (const { path, content } of facts.entries('sha256'))
    if (printPath(parseEvidencePath(path)) === entry) return content?.digests[0]?.toString('hex') ?? null
  return null
}
