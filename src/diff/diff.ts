/**
 * `seized diff`: differences between two sealed ledgers of one exhibit, with the causes that the plans name. Totals
 * that reconcile and their meaning come first, then decided contents that need a new look, then the others by weight.
 */
import { UsageError } from '../base/errors.ts'
import { printPath } from '../base/evidence-path.ts'
import type { EntryViews, LedgerIdentity, LedgerReader } from '../contracts/ledger-reader.ts'
import { STAGES, type StageResult } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import { ContentSigns } from '../ledger/read/content-signs.ts'
import type { Said } from '../report/court/difference-words.ts'
import { type At, byWeight, type Difference, NOWHERE, SECTIONS, type Section } from './difference.ts'
import { leadChanges, matchChanges, recordChanges, signalChanges } from './finding-changes.ts'
import { addMatches } from './matches.ts'
import { meaningOf } from './meaning.ts'
import { type Pair, pairsOf } from './pairs.ts'
import { type Causes, causesOf, planChanges } from './plan-changes.ts'
import { Totals } from './totals.ts'

export type { Difference } from './difference.ts'

/** @throws UsageError when the ledgers are not of one exhibit, or one is not sealed */
function requireComparable(old: LedgerReader, made: LedgerReader): void {
  for (const one of [old, made])
    if (!one.seal) throw new UsageError(`${one.path} is not sealed: only finished ledgers can be compared.`)
  if (old.case.caseId !== made.case.caseId || old.case.exhibitId !== made.case.exhibitId)
    throw new UsageError(
      `They are not of one exhibit: case ${old.case.caseId}, exhibit ${old.case.exhibitId}, and case ${made.case.caseId}, exhibit ${made.case.exhibitId}.`,
    )
}

/** Differences in order of sections; totals and their meaning always come first. */
export function differencesOf(old: LedgerReader, made: LedgerReader): readonly Difference[] {
  requireComparable(old, made)
  const causes = causesOf(old, made)
  const found = new Map<Section, Difference[]>(SECTIONS.map((section) => [section, []]))
  const say = (difference: Difference) => found.get(difference.section)!.push(difference)
  const planned = planChanges(old, made)
  for (const { key, old: before, new: after } of planned)
    say({
      ...NOWHERE,
      section: 'plan',
      what: 'differs',
      said: { code: 'diff-of-setting', params: { key, old: before, new: after } },
    })
  const touched = new Set<string>()
  const totals = new Totals()
  for (const change of changesOfAll(old, made, causes, totals)) {
    say(change)
    totals.add(change)
    if (change.sha256 !== null && TOUCHING.includes(change.section)) touched.add(change.sha256)
  }
  for (const difference of decidedAgain(old, made, touched)) say(difference)
  const differs = [...found].some(([section, all]) => section !== 'plan' && all.length > 0)
  say(meaningOf(old, made, planned, differs))
  for (const difference of totals.said()) say(difference)
  found.get('matches')!.sort(byWeight)
  return SECTIONS.flatMap((section) => found.get(section)!)
}

/** Sections with changes that a person who decided on the content should know. */
const TOUCHING: readonly Section[] = ['matches', 'leads', 'signals']

function* changesOfAll(
  old: LedgerIdentity & EntryViews,
  made: LedgerIdentity & EntryViews,
  causes: Causes,
  totals: Totals,
): Iterable<Difference> {
  const before = new ContentSigns(old.path)
  try {
    const after = new ContentSigns(made.path)
    try {
      for (const pair of pairsOf(old, made)) {
        const at = placeOf(pair)
        yield* changesOf(pair, at, causes)
        count(pair, totals)
        const [then, now] = [signsAt(pair.old, before), signsAt(pair.made, after)]
        totals.count('record', { old: then.length, made: now.length })
        yield* recordChanges(then, now, at, causes)
      }
    } finally {
      after.close()
    }
  } finally {
    before.close()
  }
}

/** Records of a content, once, at its representative place. */
function signsAt(view: EntryView | null, signs: ContentSigns) {
  return view?.content && view.copyOf === null ? signs.of(view.content.digests.sha256) : []
}

function count({ old, made }: Pair, totals: Totals): void {
  const sum = (kind: Parameters<Totals['count']>[0], of: (view: EntryView) => number) =>
    totals.count(kind, { old: old ? of(old) : 0, made: made ? of(made) : 0 })
  for (const side of ['old', 'made'] as const) {
    const view = side === 'old' ? old : made
    if (view)
      for (const { kind } of addMatches(view, new Map()).values())
        totals.count(kind, side === 'old' ? { old: 1, made: 0 } : { old: 0, made: 1 })
  }
  sum('entry', () => 1)
  sum('lead', ({ leads }) => new Set(leads.map((one) => `${one.classifier}\0${one.label}`)).size)
  sum('signal', ({ signals }) => signals.length)
}

function placeOf({ old, made }: Pair): At {
  const { entry, content } = (made ?? old)!
  return { path: printPath(entry.path), sha256: content?.digests.sha256 ?? null }
}

function* changesOf({ old, made }: Pair, at: At, causes: Causes): Iterable<Difference> {
  if (old === null || made === null) {
    const what = made === null ? 'only-old' : 'only-new'
    const said = { code: 'path', params: { path: at.path } } as const
    yield { section: 'exhibit', what, said, ...at, cause: causes.program }
  } else if ((old.content?.digests.sha256 ?? null) !== at.sha256)
    yield {
      section: 'exhibit',
      what: 'other-content',
      said: {
        code: 'diff-of-content',
        params: { path: at.path, ...given({ old: old.content?.digests.sha256, new: at.sha256 }) },
      },
      ...at,
      cause: null,
    }
  yield* matchChanges(old, made, at, causes)
  yield* leadChanges(old, made, at, causes)
  yield* signalChanges(old, made, at, causes)
  if (old && made)
    for (const stage of STAGES) {
      const [then, now] = [resultText(old.stages[stage]), resultText(made.stages[stage])]
      if (then !== now)
        yield {
          section: 'stages',
          what: stage,
          said: { code: 'diff-of-stage', params: { path: at.path, stage, old: then, new: now } },
          ...at,
          cause: causes.program,
        }
    }
}

/** Decided contents with changed results of lists or models, and decided contents that are missing. */
function* decidedAgain(
  old: LedgerReader,
  made: LedgerReader,
  touched: ReadonlySet<string>,
): Iterable<Difference> {
  const decided = new Map<string, { readonly sha256: string; readonly said: Said }>()
  for (const ledger of [old, made])
    for (const [sha256, all] of decisionsOf(ledger.custody()))
      for (const { operator, category, scale } of standing(all))
        if (touched.has(sha256))
          decided.set([sha256, scale, operator].join('\0'), {
            sha256,
            said: {
              code: 'diff-of-decision',
              params: { sha256, operator, category: category ?? '', scale },
            },
          })
  for (const { sha256, said } of decided.values())
    yield {
      section: 'decided',
      what: 'to-be-looked-at-again',
      said,
      path: null,
      sha256,
      cause: null,
    }
}

function resultText(result: StageResult): string {
  return result.result === 'done' ? 'done' : `${result.result} (${result.reason})`
}

/** Drops absent parameters: messages have words of their own for these. */
function given(params: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value == null ? [] : [[name, value]])),
  )
}
