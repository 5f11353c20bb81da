/**
 * `seized decide`: a person's category for one content or for a list. Decisions are custody events; no decision
 * replaces another person's decision.
 */

import { resolve } from 'node:path'
import { SeizedError, UsageError } from '../../base/errors.ts'
import { osAccount } from '../../base/os-account.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { recordDecisions } from '../../ledger/custody/decisions.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import { type AskedDecision, type Checked, Deciding } from '../../review/deciding.ts'
import { readDecisionList, refuseListed } from '../../review/decision-list.ts'
import type { Given } from '../arguments/option.ts'
import type { DECIDE } from '../arguments/options-table.ts'
import { openCase } from '../services/case-ledgers.ts'
import { sayHead } from '../services/log-custody.ts'

type Options = Given<typeof DECIDE>

export async function decide([file]: readonly string[], given: Options): Promise<number> {
  const path = resolve(file!)
  const asked = given.from === undefined ? askedFor(given) : null
  for (const option of ['category', 'scale', 'operator'] as const)
    if (given[option]?.trim() === '') throw new UsageError(`--${option} is empty.`)
  const by = { operator: given.operator.trim(), pass: null, session: null }
  const [ledger] = (await openCase([path], { heads: given.heads }, { whileWritten: 'verify' })) as [
    LedgerReader,
  ]
  try {
    const checked = asked ? [checkedOne(ledger, given, asked, by)] : checkedList(ledger, given, by)
    const events = recordDecisions(
      path,
      checked.map(({ decision }) => decision),
      { operator: by.operator, account: osAccount() },
    )
    sayHead(path, events.at(-1)!, given.heads)
    process.stdout.write(given.from === undefined ? oneSaid(checked[0]!) : listSaid(checked))
    return 0
  } finally {
    ledger.close()
  }
}

type By = Parameters<Deciding['check']>[1]

/** @throws UsageError when the options do not name one content and one decision */
function askedFor({ entry, sha256, act, scale, category, note }: Options): AskedDecision {
  if ((entry === undefined) === (sha256 === undefined))
    throw new UsageError(
      'Name the content once: by --entry or by --sha256. A list of decisions comes with --from.',
    )
  if (scale === undefined)
    throw new UsageError('--scale is needed: a category means nothing without its scale.')
  if (category === undefined && act !== 'withdrawn') throw new UsageError('--category is needed.')
  return {
    content: entry === undefined ? { sha256: sha256! } : { entry },
    act,
    scale,
    category: category ?? null,
    note,
  }
}

function checkedOne(ledger: LedgerReader, { scaleTable }: Options, asked: AskedDecision, by: By): Checked {
  const deciding = new Deciding(ledger, scaleTable)
  try {
    return deciding.check(asked, by)
  } finally {
    deciding.close()
  }
}

/** @throws UsageError that names every line without a valid decision; no decision is then recorded */
function checkedList(ledger: LedgerReader, given: Options, by: By): readonly Checked[] {
  const { from, scale, category, note, scaleTable, entry, sha256, act } = given
  if (entry !== undefined || sha256 !== undefined || act !== 'decided')
    throw new UsageError(
      '--from takes contents and acts from its lines: leave out --entry, --sha256 and --act.',
    )
  const listed = readDecisionList(from!, { scale, category, note })
  const deciding = new Deciding(ledger, scaleTable)
  const checked: Checked[] = []
  const problems: string[] = []
  const lines = new Map<string, number>()
  try {
    for (const { line, asked } of listed) {
      const one = typeof asked === 'string' ? asked : attempted(() => deciding.check(asked, by))
      if (typeof one === 'string') {
        problems.push(`line ${line}: ${one}`)
        continue
      }
      const key = `${one.decision.sha256} ${one.decision.scale}`
      const before = lines.get(key)
      if (before === undefined) lines.set(key, line)
      else problems.push(`line ${line}: the content of line ${before} again, ${one.decision.sha256}`)
      checked.push(one)
    }
  } finally {
    deciding.close()
  }
  refuseListed(from!, problems)
  return checked
}

function attempted(check: () => Checked): Checked | string {
  try {
    return check()
  } catch (error) {
    if (error instanceof SeizedError && error.code === 'usage') return error.message
    throw error
  }
}

const VERBS = { decided: 'Decided', withdrawn: 'Withdrawn', adjudicated: 'Adjudicated' } as const

function oneSaid({ decision, places, before }: Checked): string {
  const { act, category, scale, sha256 } = decision
  const what = act === 'withdrawn' ? `the category on ${scale} for` : `category ${category} on ${scale} for`
  return `${VERBS[act]}: ${what} ${sha256}, ${plural(places, 'entry', 'entries')}.${before > 0 ? ` It supersedes ${plural(before, 'decision')}.` : ''}\n`
}

function listSaid(checked: readonly Checked[]): string {
  const counts = new Map<string, number>()
  for (const { decision } of checked) {
    const { act, scale, category } = decision
    const what = act === 'decided' ? `category ${category} on ${scale}` : `${act} on ${scale}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  const by = [...counts].map(([what, count]) => `${what}: ${formatCount(count)}`)
  return `Decided: ${plural(checked.length, 'content')}, of ${plural(
    checked.reduce((sum, { places }) => sum + places, 0),
    'entry',
    'entries',
  )} (${by.join('; ')}).\n`
}
