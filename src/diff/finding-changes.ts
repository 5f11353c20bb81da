/** Differences in the findings of one place, and in the device records of its content. */
import type { Signal } from '../contracts/finding.ts'
import type { Sign } from '../contracts/record.ts'
import type { EntryView } from '../contracts/view.ts'
import { listOf } from '../findings/index.ts'
import type { At, Difference } from './difference.ts'
import { addMatches, categoriesIn, categoriesText, comparedIn, type Matched } from './matches.ts'
import type { Causes } from './plan-changes.ts'

/** A smaller change of a score is not reported. Parts per 10,000. */
const MOVED_PER_10K = 500

type Place = EntryView | null

export function* matchChanges(
  old: Place,
  made: Place,
  at: At,
  { lists, program }: Causes,
): Iterable<Difference> {
  const of = (view: Place): Map<string, Matched> => (view ? addMatches(view, new Map()) : new Map())
  const [before, after] = [of(old), of(made)]
  const said = (one: Matched) =>
    ({ code: 'diff-of-match', params: { ...matchParams(one), categories: categoriesIn(one) } }) as const
  const cause = lists ?? program
  for (const [key, now] of after) {
    const then = before.get(key)
    if (!then) yield { section: 'matches', what: 'gained', said: said(now), ...at, cause }
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
    if (!after.has(key)) yield { section: 'matches', what: 'lost', said: said(then), ...was(at, old), cause }
}

/** A finding that is gone belongs to the content that lay there, which can be another than now, or none now. */
function was(at: At, old: Place): At {
  return { ...at, sha256: old?.content?.digests.sha256 ?? null }
}

function matchParams({ kind, meaning, path, digest }: Matched) {
  return { kind, meaning, path, ...(digest !== '' && { digest }) }
}

export function* leadChanges(old: Place, made: Place, at: At, { models }: Causes): Iterable<Difference> {
  const leads = (view: Place) =>
    new Map((view?.leads ?? []).map((lead) => [`${lead.classifier}\0${lead.label}`, lead]))
  const [before, after] = [leads(old), leads(made)]
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [then, now] = [before.get(key), after.get(key)]
    const { classifier, label } = (now ?? then)!
    const moved = then && now ? now.scorePer10k - then.scorePer10k : null
    if (moved !== null && Math.abs(moved) <= MOVED_PER_10K) continue
    const what = then === undefined ? 'crossed-up' : now === undefined ? 'crossed-down' : 'score-moved'
    const scores = moved === null ? {} : { old: then!.scorePer10k, new: now!.scorePer10k }
    const said = { code: 'diff-of-lead', params: { classifier, label, path: at.path, ...scores } } as const
    const of = now === undefined ? was(at, old) : at
    yield { section: 'leads', what, said, ...of, cause: models(classifier, label) }
  }
}

/** Text is not quoted: the ledgers contain it, and a comparison may become part of a court's edition. */
export function* signalChanges(old: Place, made: Place, at: At, { models }: Causes): Iterable<Difference> {
  for (const { kind, compared } of comparedIn('signals')) {
    const of = (view: Place) =>
      (view ? (listOf(view, { kind }) as readonly Signal[]) : []).flatMap((one) => {
        const key = compared.key(one)
        return key === null ? [] : [{ one, key: key.join('\0'), group: `${one.classifier}\0${one.rule}` }]
      })
    for (const { what, count, one } of countedApart(of(old), of(made))) {
      const { classifier, rule } = one
      const said = { code: 'diff-of-signal', params: { classifier, rule, path: at.path, count } } as const
      const where = what === 'lost' ? was(at, old) : at
      yield { section: 'signals', what, said, ...where, cause: models(classifier, rule) }
    }
  }
}

export function* recordChanges(
  old: readonly Sign[],
  made: readonly Sign[],
  at: At,
  { program }: Causes,
): Iterable<Difference> {
  const of = (signs: readonly Sign[]) =>
    signs.map((one) => ({ one, key: identityOf(one), group: one.what.code }))
  for (const { what, count, one } of countedApart(of(old), of(made))) {
    const said = { code: 'diff-of-record', params: { record: one.what.code, path: at.path, count } } as const
    yield { section: 'records', what, said, ...at, cause: program }
  }
}

function identityOf(sign: Sign): string {
  return JSON.stringify(sign, (_key, value) => (typeof value === 'bigint' ? String(value) : value))
}

interface Counted<T> {
  readonly one: T
  readonly key: string
  readonly group: string
}

/** Equal items cancel out; the others are counted by group as added and removed. */
function countedApart<T>(
  before: readonly Counted<T>[],
  after: readonly Counted<T>[],
): readonly { readonly what: 'gained' | 'lost'; readonly count: number; readonly one: T }[] {
  const left = new Map<string, Counted<T>[]>()
  for (const each of before) {
    const same = left.get(each.key)
    if (same) same.push(each)
    else left.set(each.key, [each])
  }
  const gained = after.filter(({ key }) => left.get(key)?.pop() === undefined)
  const grouped = (what: 'gained' | 'lost', all: readonly Counted<T>[]) => {
    const groups = new Map<string, Counted<T>[]>()
    for (const each of all) {
      const same = groups.get(each.group)
      if (same) same.push(each)
      else groups.set(each.group, [each])
    }
    return [...groups.values()].map((of) => ({ what, count: of.length, one: of[0]!.one }))
  }
  return [...grouped('gained', gained), ...grouped('lost', [...left.values()].flat())]
}
