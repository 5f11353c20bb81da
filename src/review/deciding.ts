/**
 * Checks a requested decision before it is logged: the content exists, the scale has the category, and no other
 * person's decision is replaced.
 */
import { existsSync } from 'node:fs'
import { UsageError } from '../base/errors.ts'
import type { DecisionFact, Pass } from '../contracts/custody.ts'
import type { LedgerReader, RunHistory } from '../contracts/ledger-reader.ts'
import {
  decisionsOf,
  type NewDecision,
  outcomeOf,
  type RecordedDecision,
  standing,
} from '../ledger/custody/decisions.ts'
import { ContentLookup } from '../ledger/read/content-lookup.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import { findScale, readScaleTable, type ScaleTable } from '../match/records/scale.ts'
import { privilegeListOf, quarantineOf } from '../privilege/quarantine.ts'
import { PageRefusal } from './page-refusal.ts'

export const ACTS = ['decided', 'withdrawn', 'adjudicated'] as const

export interface AskedDecision {
  /** Evidence path in the notation of reports, or the SHA-256 of the content. */
  readonly content: { readonly entry: string } | { readonly sha256: string }
  readonly act: DecisionFact['act']
  readonly scale: string
  /** Null for a withdrawal. */
  readonly category: string | null
  readonly note: string
}

export interface Decider {
  readonly operator: string
  readonly pass: Pass | null
  readonly session: string | null
}

export interface Checked {
  readonly decision: NewDecision
  /** Number of entries with this content. */
  readonly places: number
  /** Number of earlier decisions of the same person on that scale. */
  readonly before: number
}

export class Deciding {
  readonly #ledger: LedgerReader
  readonly #contents: ContentLookup
  /** Used only where the run had a list of privileged contents. */
  readonly #facts: SearchFacts | null
  readonly #holds: (entry: number) => boolean
  readonly #tables: readonly ScaleTable[]
  readonly #made: ReadonlyMap<string, readonly RecordedDecision[]>

  /** @param scaleTables files of scales that are not built in */
  constructor(ledger: LedgerReader, scaleTables: readonly string[]) {
    this.#ledger = ledger
    this.#tables = scaleTablesOf(ledger, scaleTables)
    this.#made = decisionsOf(ledger.custody())
    this.#contents = new ContentLookup(ledger.path)
    this.#facts = privilegeListOf(ledger) === null ? null : new SearchFacts(ledger.path, ledger.plan)
    const { holds } = quarantineOf(ledger)
    this.#holds = (entry) => this.#facts !== null && holds(this.#facts.view(entry))
  }

  /** @throws UsageError with the reason why the decision is not possible */
  check(asked: AskedDecision, by: Decider): Checked {
    const { act, scale, category, note } = asked
    if (act === 'withdrawn' && category !== null)
      throw new UsageError('What is withdrawn has no category: leave it out.')
    if (act !== 'withdrawn') checkCategory(category, this.scale(scale))
    else this.scale(scale)
    const { sha256, places } = this.#content(asked.content)
    const made = this.#made.get(sha256) ?? []
    const mine = made.filter((one) => one.scale === scale && one.operator === by.operator)
    if (act === 'withdrawn' && (mine.at(-1)?.act ?? 'withdrawn') === 'withdrawn')
      throw new UsageError(
        `${by.operator} has no decision on ${scale} for ${sha256} that could be withdrawn.`,
      )
    const of = act === 'adjudicated' ? settledBy(made, asked, by.operator, sha256) : []
    return {
      decision: {
        kind: 'decision',
        sha256,
        scale,
        act,
        category,
        note,
        pass: by.pass,
        session: by.session,
        of,
        seen: 'none',
      },
      places,
      before: mine.length,
    }
  }

  /** @throws UsageError when the scale is unknown: a category means nothing without its table */
  scale(id: string): ScaleTable {
    return scaleCalled(id, this.#tables)
  }

  close(): void {
    this.#contents.close()
    this.#facts?.close()
  }

  /** @throws UsageError when the content does not exist, or is privileged */
  #content(named: AskedDecision['content']): { readonly sha256: string; readonly places: number } {
    const found =
      'sha256' in named ? this.#contents.bySha256(named.sha256) : this.#contents.byPlace(named.entry)
    const places = found ? this.#contents.placesOf(found.id) : []
    if (found === null || places.length === 0)
      throw new UsageError(
        `${'sha256' in named ? named.sha256 : named.entry} names no content that was read into ${this.#ledger.path}: nothing was decided.`,
      )
    if (places.some(this.#holds))
      throw new UsageError('That content is in quarantine: release it first, with a reason.')
    return { sha256: found.sha256, places: places.length }
  }
}

/** The tables named now, and those of the run whose files still exist. */
export function scaleTablesOf(ledger: RunHistory, named: readonly string[]): readonly ScaleTable[] {
  const ofRun = ledger
    .starts()
    .flatMap(({ inputs }) => inputs)
    .filter(({ role, file }) => role === 'scale-table' && existsSync(file))
    .map(({ file }) => file)
  return [...named, ...ofRun].map(readScaleTable)
}

/** @throws UsageError when the scale is unknown */
export function scaleCalled(id: string, tables: readonly ScaleTable[]): ScaleTable {
  return findScale(id, tables)
}

/** @throws UsageError when the scale has no such category: a typing error would stay in the log for ever */
export function checkCategory(category: string | null, { id, categories }: ScaleTable): void {
  if (category === null || !Object.hasOwn(categories, category))
    throw new UsageError(
      `The scale ${id} has no category "${category ?? ''}": ${Object.keys(categories).join(', ')}.`,
    )
}

/**
 * The decisions that an adjudication settles. @throws UsageError where no decisions differ, or the person made one of
 * them
 */
export function settledBy(
  made: readonly RecordedDecision[],
  { scale, note }: Pick<AskedDecision, 'scale' | 'note'>,
  operator: string,
  sha256: string,
): readonly number[] {
  if (note.trim() === '') throw new UsageError('An adjudication needs a reason: --note.')
  const stand = standing(made).filter((one) => one.scale === scale)
  const graders = stand.filter(({ act }) => act === 'decided')
  if (outcomeOf(made, scale).kind !== 'differing')
    throw new PageRefusal('refused-none-differ', { scale, sha256 })
  if (graders.some((one) => one.operator === operator))
    throw new PageRefusal('refused-own-settled', { operator, sha256 })
  return graders.map(({ number }) => number)
}
