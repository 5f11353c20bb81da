/**
 * What differs between two ledgers of one exhibit, in the order in which it explains itself: what was asked, the exhibit, hits, near
 * matches and conflicts, leads, stage results, decided contents to be looked at again, and totals that reconcile.
 */
import { UsageError } from '../base/errors.ts'
import { printPath } from '../base/evidence-path.ts'
import type { LedgerReader } from '../contracts/ledger.ts'
import { STAGES, type StageResult } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import type { Said } from '../report/court/difference-words.ts'
import { addMatches, categoriesIn, categoriesText, type Matched } from './matches.ts'
import { pairsOf } from './pairs.ts'
import { type Causes, causesOf, planChanges } from './plan-changes.ts'

export const SECTIONS = ['plan', 'exhibit', 'matches', 'leads', 'stages', 'decided', 'totals'] as const

export interface Difference {
  readonly section: (typeof SECTIONS)[number]
  /** `only-old`, `gained`, `score-moved` … */
  readonly what: string
  readonly said: Said
  readonly path: string | null
  readonly sha256: string | null
  /** Where the plans tell; null: they do not. */
  readonly cause: Said | null
}

/** A score that moved by less says nothing. Parts per 10,000. */
export const MOVED_PER_10K = 500

/** @throws UsageError when they are not of one exhibit, or one is not sealed */
export function requireComparable(old: LedgerReader, made: LedgerReader): void {
  for (const one of [old, made])
    if (!one.seal) throw new UsageError(`${one.path} is not sealed: only finished ledgers can be compared.`)
  if (old.case.caseId !== made.case.caseId || old.case.exhibitId !== made.case.exhibitId)
    throw new UsageError(
      `They are not of one exhibit: case ${old.case.caseId}, exhibit ${old.case.exhibitId}, and case ${made.case.caseId}, exhibit ${made.case.exhibitId}.`,
    )
}

/** In order of sections; totals come always, as the last ones. */
export function differencesOf(old: LedgerReader, made: LedgerReader): readonly Difference[] {
  requireComparable(old, made)
  const causes = causesOf(old, made)
  const found = new Map<Difference['section'], Difference[]>(SECTIONS.map((section) => [section, []]))
  const say = (difference: Difference) => found.get(difference.section)!.push(difference)
  for (const { key, old: before, new: after } of planChanges(old, made))
    say({
      ...NOWHERE,
      section: 'plan',
      what: 'differs',
      said: { code: 'diff-of-setting', params: { key, old: before, new: after } },
    })
  const touched = new Set<string>()
  const totals = new Totals()
  for (const pair of pairsOf(old, made)) {
    const changes = [...changesOf(pair.old, pair.made, causes)]
    for (const change of changes) {
      say(change)
      totals.add(change)
      if (change.sha256 !== null && (change.section === 'matches' || change.section === 'leads'))
        touched.add(change.sha256)
    }
    totals.count(pair.old, pair.made)
  }
  for (const difference of decidedAgain(old, made, touched)) say(difference)
  for (const difference of totals.said()) say(difference)
  return SECTIONS.flatMap((section) => found.get(section)!)
}

const NOWHERE = { path: null, sha256: null, cause: null } as const

function* changesOf(old: EntryView | null, made: EntryView | null, causes: Causes): Iterable<Difference> {
  const view = made ?? old!
  const at = {
    path: printPath(view.entry.path),
    sha256: view.content?.digests.sha256 ?? null,
  }
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

type At = Pick<Difference, 'sha256'> & { readonly path: string }

function matchSaid(one: Matched): Said {
  return { code: 'diff-of-match', params: { ...matchParams(one), categories: categoriesIn(one) } }
}

function matchParams({ kind, meaning, path }: Matched) {
  return { kind, meaning, path }
}

function* matchChanges(
  old: EntryView | null,
  made: EntryView | null,
  at: At,
  { lists, program }: Causes,
): Iterable<Difference> {
  const [before, after] = [
    old ? addMatches(old, new Map()) : new Map(),
    made ? addMatches(made, new Map()) : new Map(),
  ]
  const cause = lists ?? program
  for (const [key, now] of after) {
    const then = before.get(key)
    if (!then) yield { section: 'matches', what: 'gained', said: matchSaid(now), ...at, cause }
    else if (categoriesText(then) !== categoriesText(now))
      yield {
        section: 'matches',
        what: 'other-category',
        said: {
          code: 'diff-of-category',
          params: { ...matchParams(now), old: categoriesIn(then), new: categoriesIn(now) },
        },
        ...at,
        cause,
      }
  }
  for (const [key, then] of before)
    if (!after.has(key)) yield { section: 'matches', what: 'lost', said: matchSaid(then), ...at, cause }
}

function* leadChanges(
  old: EntryView | null,
  made: EntryView | null,
  at: At,
  { models }: Causes,
): Iterable<Difference> {
  const of = (view: EntryView | null) =>
    new Map((view?.leads ?? []).map((lead) => [`${lead.classifier}\0${lead.label}`, lead]))
  const [before, after] = [of(old), of(made)]
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [then, now] = [before.get(key), after.get(key)]
    const { classifier, label } = (now ?? then)!
    const moved = then && now ? now.scorePer10k - then.scorePer10k : null
    if (moved !== null && Math.abs(moved) <= MOVED_PER_10K) continue
    const what = then === undefined ? 'crossed-up' : now === undefined ? 'crossed-down' : 'score-moved'
    const scores = moved === null ? {} : { old: then!.scorePer10k, new: now!.scorePer10k }
    const said = { code: 'diff-of-lead', params: { classifier, label, path: at.path, ...scores } } as const
    yield { section: 'leads', what, said, ...at, cause: models(classifier, label) }
  }
}

/** Contents on which persons decided and of which the lists or models say something else now; and decided ones that are gone. */
function* decidedAgain(
  old: LedgerReader,
  made: LedgerReader,
  touched: ReadonlySet<string>,
): Iterable<Difference> {
  const decided = new Map<string, Said>()
  for (const ledger of [old, made])
    for (const [sha256, all] of decisionsOf(ledger.custody()))
      for (const { operator, category, scale } of standing(all))
        if (touched.has(sha256))
          decided.set(sha256, {
            code: 'diff-of-decision',
            params: { sha256, operator, category: category ?? '', scale },
          })
  for (const [sha256, said] of decided)
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

/** Places with a hit, near match or conflict: old + gained − lost = new, or the comparison itself is wrong. */
class Totals {
  readonly #counts = { old: 0, made: 0, gained: 0, lost: 0 }

  add({ section, what }: Difference): void {
    if (section === 'matches' && what === 'gained') this.#counts.gained++
    if (section === 'matches' && what === 'lost') this.#counts.lost++
  }

  count(old: EntryView | null, made: EntryView | null): void {
    if (old) this.#counts.old += addMatches(old, new Map()).size
    if (made) this.#counts.made += addMatches(made, new Map()).size
  }

  *said(): Iterable<Difference> {
    const { old, made, gained, lost } = this.#counts
    if (old + gained - lost !== made)
      throw new Error(`the totals do not reconcile: ${old} + ${gained} - ${lost} is not ${made}`)
    yield {
      ...NOWHERE,
      section: 'totals',
      what: 'matches',
      said: { code: 'diff-of-totals', params: { old, gained, lost, new: made } },
    }
  }
}

/** Without what is not there: a parameter that is absent has words of its own. */
function given(params: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value == null ? [] : [[name, value]])),
  )
}
