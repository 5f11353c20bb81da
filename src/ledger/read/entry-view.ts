/** Entries with all recorded facts about them, assembled from the tables for reports. */

import type { Statement } from 'better-sqlite3'
import type { Attribute } from '../../contracts/attribute.ts'
import type { Plan, PlanRules } from '../../contracts/case.ts'
import type { EntryTimes, EvidencePath } from '../../contracts/entry.ts'
import {
  FINDING_LISTS,
  type Finding,
  type FindingLists,
  type Preview,
  type Score,
} from '../../contracts/finding.ts'
import type { EntryView } from '../../contracts/view.ts'
import { attribute } from '../../findings/attribute.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { FINDINGS } from '../../findings/index.ts'
import { score } from '../../findings/score.ts'
import { extensionMismatch } from '../../media-types/extensions.ts'
import { secondOpinions } from '../../score/covered-face.ts'
import { firstGeneration } from '../../score/first-generation.ts'
import { leadsOf } from '../../score/leads.ts'
import { listedSeries } from '../../score/listed-series.ts'
import { rulesOf } from '../../score/rule-versions.ts'
import { rank } from '../../score/score.ts'
import { saysFolders } from '../../terms/agency-scores.ts'
import { type ContentRow, contentFromRow, matchedFromRow } from '../format/content-row.ts'
import type { Db } from '../format/database.ts'
import { Examinations } from '../format/entry-facts.ts'
import {
  type EntryRow,
  entryFromRow,
  type TimeRow,
  timesFromRow,
  walkedFromRow,
} from '../format/entry-row.ts'
import { IdSet } from '../format/id-set.ts'
import { resultFromRow } from '../format/result-row.ts'
import { type ContentFacts, stagesOf } from '../format/stages.ts'
import { type WideRows, wideRows } from '../format/wide-rows.ts'
import { Cameras } from './cameras.ts'
import { ContentRecords } from './content-records.ts'
import type { Paths } from './paths.ts'
import { ListedSeries } from './series.ts'
import { StatedReferences } from './stated-references.ts'

/** A row of `entry` with its read result. */
export interface ReadEntryRow extends EntryRow {
  readonly read_result: string | null
  readonly read_reason: string | null
  readonly read_detail_code: string | null
  readonly read_detail_params: string | null
  readonly content: bigint | null
}

/** Columns and joins of {@link ReadEntryRow}. */
export const READ_ENTRY = `e.*, r.result AS read_result, r.reason AS read_reason,
  r.detail_code AS read_detail_code, r.detail_params AS read_detail_params, r.content
  FROM entry e LEFT JOIN reading r ON r.entry = e.id`

type ContentViews = Omit<
  EntryView,
  'records' | 'entry' | 'copyOf' | 'followsFrom' | 'placesLeftOut' | 'stages' | 'content' | 'ranked'
>

export class EntryViews {
  readonly #plan: Plan
  readonly #rules: PlanRules
  readonly #examinations: Examinations
  readonly #content: WideRows<ContentRow>
  readonly #paths: Paths
  readonly #secondTimes: WideRows<TimeRow>
  readonly #cameras: Cameras
  readonly #series: ListedSeries
  readonly #lists: readonly (readonly [keyof FindingLists, FindingReader<Finding>])[]
  readonly #records: ContentRecords
  readonly #previews: FindingReader<Preview>
  readonly #entryScores: FindingReader<Score>
  readonly #entryAttributes: FindingReader<Attribute>
  readonly #stated: StatedReferences

  constructor(db: Db, plan: Plan, paths: Paths) {
    this.#plan = plan
    this.#paths = paths
    this.#rules = rulesOf(plan)
    this.#examinations = new Examinations(db)
    this.#cameras = new Cameras(db)
    this.#series = new ListedSeries(db, plan)
    this.#records = new ContentRecords(db, paths)
    this.#content = wideRows(db, 'SELECT * FROM content WHERE id = +?')
    this.#secondTimes = wideRows(db, 'SELECT * FROM second_times WHERE entry = +?')
    this.#lists = FINDINGS.map(
      ({ kind, table, fromRow }) =>
        [FINDING_LISTS[kind], new FindingReader<Finding>(db, table, fromRow)] as const,
    )
    this.#previews = new FindingReader(db, 'preview', previewFromRow)
    this.#entryScores = new FindingReader(db, 'entry_score', score.fromRow, 'entry')
    this.#entryAttributes = new FindingReader(db, 'entry_attribute', attribute.fromRow, 'entry')
    this.#stated = new StatedReferences(db)
  }

  /**
   * @param path path of the entry, when the caller knows it
   * @param representative id of the entry that represents this entry's content; the entry's own id when it does so
   * itself
   * @param placesLeftOut number of further places that follow from this one
   */
  view(row: ReadEntryRow, path: EvidencePath | null, representative: number, placesLeftOut = 0n): EntryView {
    const entry = entryFromRow(row, path ?? this.#paths.ofRow(row), this.#nameTimes(row))
    const content = row.content === null ? null : this.#content.get(row.content)!
    const mismatch = content && extensionMismatch(entry.path.steps.at(-1)!.name, content.media_type)
    const found = this.#findings(content)
    // These findings belong to the name, not to the content: a copy may have another name.
    const records = row.content === null ? [] : this.#records.of(Number(row.content))
    const findings = { ...this.#withNamed(Number(row.id), found, mismatch ? [mismatch] : []), records }
    return {
      entry,
      content: content && contentFromRow(content),
      copyOf: representative === Number(row.id) ? null : this.#paths.of(representative),
      followsFrom: null,
      placesLeftOut,
      stages: stagesOf(
        {
          kind: entry.kind,
          walked: walkedFromRow(row),
          reading:
            row.read_result === null
              ? null
              : resultFromRow(row.read_result, row.read_reason, row.read_detail_code, row.read_detail_params),
          content: content && this.#facts(content),
        },
        this.#plan,
      ),
      ...findings,
      ranked: rank({ path: entry.path, ...findings }, this.#rules),
    }
  }

  /**
   * The same view at a place that follows from a recorded place. Findings from the folder names of the recorded place
   * are left out.
   */
  at(path: EvidencePath, recorded: EntryView): EntryView {
    const { entry, content } = recorded
    const findings = {
      ...recorded,
      scores: recorded.scores.filter((one) => !saysFolders(one)),
      leads: recorded.leads.filter((one) => !saysFolders({ kind: 'score', ...one })),
      attributes: recorded.attributes.filter((one) => !saysFolders(one)),
    }
    return {
      ...findings,
      entry: { ...entry, path },
      copyOf: recorded.copyOf ?? (content && entry.path),
      followsFrom: entry.path,
      placesLeftOut: 0n,
      ranked: rank({ ...findings, path }, this.#rules),
    }
  }

  #findings(content: ContentRow | null): ContentViews {
    const id = content === null ? null : Number(content.id)
    const lists = Object.fromEntries(
      this.#lists.map(([name, reader]) => [name, reader.of(id)]),
    ) as unknown as FindingLists
    const leads = leadsOf(lists.scores)
    // Only where a rule can use it: the answer costs a query over every picture of that camera.
    const source =
      id === null || leads.length === 0 ? null : firstGeneration(this.#cameras.fit(id), this.#rules)
    const series = id === null ? null : listedSeries(this.#series.fit(id))
    const made = [source, series, ...secondOpinions(lists.scores, this.#plan)].filter((one) => one !== null)
    return {
      ...lists,
      attributes: made.length === 0 ? lists.attributes : [...lists.attributes, ...made],
      leads,
      preview: this.#previews.of(id)[0] ?? null,
    }
  }

  #withNamed(entry: number, found: ContentViews, mismatch: readonly Attribute[]): ContentViews {
    const scores = this.#entryScores.of(entry)
    const named = this.#entryAttributes.of(entry)
    if (scores.length + named.length + mismatch.length === 0) return found
    const { references, attributes } = this.#stated.apart(named)
    return {
      ...found,
      scores: [...found.scores, ...scores],
      leads: [...found.leads, ...leadsOf(scores)],
      references: references.length === 0 ? found.references : [...found.references, ...references],
      attributes: [...found.attributes, ...mismatch, ...attributes],
    }
  }

  #facts(row: ContentRow): ContentFacts {
    const examined = this.#examinations.of(Number(row.id))
    return {
      mediaType: row.media_type,
      empty: row.size === 0n,
      applicable: Number(row.applicable),
      matched: matchedFromRow(row),
      suppressed: row.suppressed_by !== null,
      examined: (stage) => {
        const found = examined.find((one) => one.stage === stage)
        return found
          ? resultFromRow(found.result, found.reason, found.detail_code, found.detail_params)
          : null
      },
    }
  }

  #nameTimes({ id, volume }: ReadEntryRow): EntryTimes | null {
    const row = volume === null ? undefined : this.#secondTimes.get(id)
    return row ? timesFromRow(row) : null
  }
}

/** The rows of one finding table that belong to a content (or an entry), in the order they were recorded. */
class FindingReader<T> {
  readonly #some: IdSet
  readonly #rows: Statement<[number], FindingRow>
  readonly #fromRow: (row: FindingRow) => T

  constructor(db: Db, table: string, fromRow: (row: FindingRow) => T, of: 'content' | 'entry' = 'content') {
    this.#some = IdSet.of(db, `SELECT DISTINCT ${of} FROM ${table}`)
    this.#rows = db
      .prepare<[number], FindingRow>(`SELECT * FROM ${table} WHERE ${of} = +? ORDER BY batch, ordinal`)
      .safeIntegers()
    this.#fromRow = fromRow
  }

  of(id: number | null): readonly T[] {
    return id === null || !this.#some.has(id) ? [] : this.#rows.all(id).map((row) => this.#fromRow(row))
  }
}

function previewFromRow(row: FindingRow): Preview {
  return { width: Number(row.width), height: Number(row.height), cells: row.cells as Buffer }
}
