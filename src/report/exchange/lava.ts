/**
 * LAVA, the viewer of the LEAPP family: findings and decisions as the output of one more parser, in its schema 2. The
 * archive holds `_lava_data.lava` (the manifest, by which LAVA opens the folder) and `_lava_artifacts.db`.
 *
 * No picture goes along: the tables of media stay empty. Memory grows with the findings.
 * @see https://github.com/abrignoni/iLEAPP scripts/lavafuncs.py at 423798fa539d (2026-08-22), LAVA_SCHEMA_VERSION 2
 */
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { printPath, printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type {
  CustodyRecord,
  EntryViews,
  ExaminationFacts,
  LedgerIdentity,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { carriesFinding } from '../../findings/index.ts'
import { decisionsOf } from '../../ledger/custody/decisions.ts'
import type { Exporter } from '../export/exporter.ts'
import { contentsOf } from '../model/contents.ts'
import { writeBytes } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { runTime } from './graph-nodes.ts'
import { LAVA_SCHEMA, type LavaColumn, lavaColumn, lavaTable } from './lava-schema.ts'
import { xsdTime } from './times.ts'

export const lava: Exporter = {
  id: 'lava',
  title: 'Findings and decisions for LAVA (a folder as ZIP)',
  extension: '.zip',
  isBinary: true,
  leavesOut: {},
  async write(ledger, out) {
    await writeBytes(out, lavaFolder(ledger))
  },
}

type Cell = string | number | bigint | null

interface Artifact {
  readonly key: string
  readonly name: string
  readonly description: string
  readonly columns: readonly LavaColumn[]
  readonly rows: readonly (readonly Cell[])[]
}

type Examination = ExaminationFacts & LedgerIdentity & CustodyRecord & RunHistory

function lavaFolder(ledger: Examination & EntryViews): Buffer {
  const artifacts = [aboutOf(ledger), findingsOf(ledger), decisionRows(ledger)]
  const made = zipSync(
    {
      '_lava_data.lava': Buffer.from(`${JSON.stringify(manifest(ledger, artifacts), null, 4)}\n`),
      '_lava_artifacts.db': database(artifacts),
    },
    // The same in every time zone: one ledger gives one file.
    { mtime: new Date(1980, 0, 1) },
  )
  return Buffer.from(made.buffer, made.byteOffset, made.byteLength)
}

function database(artifacts: readonly Artifact[]): Buffer {
  const made = new Database(':memory:')
  try {
    for (const sql of LAVA_SCHEMA) made.exec(sql)
    for (const { key, columns, rows } of artifacts) {
      made.exec(lavaTable(key, columns))
      const insert = made.prepare(`INSERT INTO "${key}" VALUES (${columns.map(() => '?').join(', ')})`)
      made.transaction(() => {
        for (const row of rows) insert.run(...row)
      })()
    }
    const paths = new Set(artifacts.flatMap(({ columns, rows }) => pathsIn(columns, rows)))
    const path = made.prepare('INSERT INTO _file_path_list (file_path) VALUES (?)')
    for (const one of paths) path.run(one)
    return made.serialize()
  } finally {
    made.close()
  }
}

function pathsIn(columns: readonly LavaColumn[], rows: readonly (readonly Cell[])[]): string[] {
  const at = columns.findIndex(([name]) => name === 'Path')
  return at === -1 ? [] : rows.map((row) => String(row[at]))
}

function manifest(ledger: Examination, artifacts: readonly Artifact[]) {
  const seconds = (utc: string) => Math.floor(Date.parse(utc) / 1000)
  const module = 'seized'
  return {
    lava_schema_version: 2,
    parser_info: {
      leapp_name: 'seized',
      leapp_version: VERSION,
      leapp_mode: 'CLI',
      package: 'Source code',
      OS: 'Linux',
      start_timestamp: seconds(runTime(ledger)),
      end_timestamp: seconds(ledger.seal?.utc ?? runTime(ledger)),
    },
    param_input: printText(ledger.exhibit.root),
    param_output: '.',
    param_type: 'fs',
    param_profile: null,
    profile_used: false,
    // The words of LEAPP: a ledger without a seal may be of a run that goes on.
    processing_status: ledgerState(ledger) === 'sealed' ? 'Complete' : 'In Progress',
    lava_db_name: '_lava_artifacts.db',
    modules: [{ module_name: module, module_status: ledgerState(ledger) }],
    artifacts: {
      seized: artifacts.map(({ key, name, columns, rows }) => ({
        artifact_key: key,
        name,
        tablename: key,
        module,
        column_map: Object.fromEntries(columns.map(([title]) => [lavaColumn(title), title])),
        record_count: rows.length,
        object_columns: columns.flatMap(([title, type]) =>
          type === 'datetime' ? [{ name: lavaColumn(title), type }] : [],
        ),
      })),
    },
    meta: {
      modules: [
        {
          module_name: module,
          module_filename: 'seized',
          artifacts: artifacts.map(({ key, name, description }) => ({
            ...{ artifact_key: key, tablename: key, name, description },
            ...{ author: 'seized', created_date: '', last_updated_date: '', notes: '', category: 'seized' },
          })),
        },
      ],
    },
  }
}

function aboutOf(ledger: Examination): Artifact {
  const rows: [string, string][] = [
    ['Case', printText(ledger.case.caseId)],
    ['Exhibit', printText(ledger.case.exhibitId)],
    ['Ledger', ledgerState(ledger)],
    ['Newest head', ledger.newestHead()],
    ['A hit', 'the digests of a content equal those of a record of a list'],
    ['A lead', 'the opinion of a model, and no match'],
  ]
  return {
    key: 'seized_examination',
    name: 'Examination',
    description: 'Case, exhibit, state of the ledger',
    columns: [['Property'], ['Value']],
    rows,
  }
}

function findingsOf(ledger: EntryViews): Artifact {
  const rows: Cell[][] = []
  for (const { view, content, places } of contentsOf(ledger, carriesFinding)) {
    const { sha256, md5 } = content.digests
    const found = findingCells(view)
    for (const { path, times } of places) {
      // LAVA shows a number as a time in UTC.
      const { modified: time } = times
      const modified = time && time.zone !== 'local-unknown' ? xsdTime(time) : null
      const about = [sha256, md5, printText(content.mediaType), content.sizeBytes]
      for (const cells of found)
        rows.push([
          modified ? Math.floor(Date.parse(modified) / 1000) : null,
          printPath(path),
          ...cells,
          ...about,
        ])
    }
  }
  return {
    key: 'seized_findings',
    name: 'Findings',
    description:
      'What lists and models say of contents, one row a finding and place. A time without a zone is left out',
    columns: [
      ...([['Modified', 'datetime'], ['Path'], ['Kind'], ['List or model'], ['Category or label']] as const),
      ...([['Meaning or score'], ['SHA-256'], ['MD5'], ['Media type'], ['Bytes', 'integer']] as const),
    ],
    rows,
  }
}

/** Kind, list or model, category or label, meaning or score. A content with another kind of finding has one empty row. */
function findingCells(view: EntryView): readonly (readonly [string, string, string, string])[] {
  const cells = [
    ...[...view.hits, ...view.near, ...view.conflicts, ...view.references].map(
      (one) => [one.kind, printText(one.hashSet), printText(one.category ?? ''), one.meaning] as const,
    ),
    ...view.leads.map(
      (one) => ['lead', one.classifier, printText(one.label), `${one.scorePer10k} of 10,000`] as const,
    ),
  ]
  return cells.length > 0 ? cells : [['other', '', '', '']]
}

function decisionRows(ledger: CustodyRecord): Artifact {
  const made = [...decisionsOf(ledger.custody())].flatMap(([, all]) => all)
  return {
    key: 'seized_decisions',
    name: 'Decisions',
    description: 'Every decision of a person, also superseded and withdrawn ones',
    columns: [['Decided', 'datetime'], ['SHA-256'], ['Scale'], ['Category'], ['Act'], ['Person'], ['Note']],
    rows: made.map((one) => [
      Math.floor(Date.parse(one.utc) / 1000),
      ...[one.sha256, one.scale, one.category ?? '', one.act, one.operator, one.note].map(printText),
    ]),
  }
}
