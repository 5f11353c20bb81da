/** LAVA: the tables and the manifest that its published writer makes, our findings in them, and nothing that shows a picture. */
import Database from 'better-sqlite3'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { filePath } from '../../../src/base/evidence-path.ts'
import { lava } from '../../../src/report/exchange/lava.ts'
import { exported } from '../collect.ts'
import { hostileNames } from '../hostile-names.ts'
import { caseLedger, emptyLedger, hostileLedger } from '../ledgers.ts'
import { contentOf, hit, scored, syntheticLedger, view } from '../synthetic-ledger.ts'
import { decidedLedger } from './decided-ledger.ts'

/** Columns of every table of schema 2, from scripts/lavafuncs.py of iLEAPP at 423798fa539d (2026-08-22). */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  _artifact_search_patterns: ['id', 'module_name', 'artifact_name', 'regex'],
  _file_path_list: ['id', 'file_path'],
  _artifact_pattern_to_file: ['id', 'artifact_search_pattern_id', 'file_path_id'],
  _lava_media_items: [
    ...[
      'id',
      'source_path',
      'extraction_path',
      'type',
      'metadata',
      'created_at',
      'updated_at',
      'is_embedded',
    ],
  ],
  _lava_media_references: ['id', 'media_item_id', 'module_name', 'artifact_name', 'name'],
  _lava_media_info: [
    ...['media_ref_id', 'media_item_id', 'module_name', 'artifact_name', 'name', 'source_path'],
    ...['extraction_path', 'type', 'metadata', 'created_at', 'updated_at', 'is_embedded'],
  ],
}

async function opened(ledger: Parameters<typeof exported>[1]) {
  const files = unzipSync(await exported(lava, ledger))
  expect(Object.keys(files).sort()).toEqual(['_lava_artifacts.db', '_lava_data.lava'])
  const manifest = JSON.parse(Buffer.from(files['_lava_data.lava']!).toString('utf8'))
  const db = new Database(Buffer.from(files['_lava_artifacts.db']!))
  const all = (sql: string) => db.prepare(sql).all() as Readonly<Record<string, unknown>>[]
  return { manifest, all }
}

describe('LAVA', () => {
  it('has the published tables, and in its manifest every table of ours with its columns and number of rows', async () => {
    for (const ledger of [decidedLedger(), emptyLedger(), hostileLedger(hostileNames().slice(0, 40))]) {
      const { manifest, all } = await opened(ledger)
      for (const [table, columns] of Object.entries(PUBLISHED))
        expect([table, all(`PRAGMA table_info("${table}")`).map(({ name }) => name)]).toEqual([
          table,
          columns,
        ])
      expect([manifest.lava_schema_version, manifest.lava_db_name, manifest.processing_status]).toEqual([
        ...[2, '_lava_artifacts.db', 'Complete'],
      ])
      expect(manifest.artifacts.seized).toHaveLength(3)
      // A reader of another hand (of iLEAPP's output) refuses tables that only one of the two files names, and repeated headings.
      const tables = all("SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) =>
        String(name),
      )
      expect(tables.filter((name) => !name.startsWith('_')).sort()).toEqual(
        manifest.artifacts.seized.map(({ tablename }: { tablename: string }) => tablename).sort(),
      )
      for (const { tablename, column_map, record_count, object_columns } of manifest.artifacts.seized) {
        expect(new Set(Object.values(column_map)).size).toBe(Object.keys(column_map).length)
        for (const { name } of object_columns)
          for (const { kind } of all(`SELECT typeof("${name}") AS kind FROM "${tablename}"`))
            expect(['integer', 'null']).toContain(kind)
        const columns = all(`PRAGMA table_info("${tablename}")`)
        expect(Object.keys(column_map)).toEqual(columns.map(({ name }) => name))
        expect(all(`SELECT count(*) AS n FROM "${tablename}"`)).toEqual([{ n: record_count }])
        for (const { name, type } of object_columns)
          expect([type, columns.find((one) => one.name === name)!.type]).toEqual(['datetime', 'INTEGER'])
      }
      expect(all('SELECT * FROM _lava_media_items')).toEqual([])
    }
  })

  it('states no time of a clock whose zone nobody knows, and the others the same on a machine in any zone', async () => {
    const times = (zone: 'utc' | 'local-unknown') => ({
      ...{ changed: null, accessed: null, born: null },
      modified: { ns: 1_700_000_000_500_000_000n, source: 'stat', resolution: '2s', zone } as const,
    })
    const views = () => [
      view('camera.jpg', { hits: [hit()], entry: { times: times('local-unknown') } }),
      view('phone.jpg', { hits: [hit()], entry: { times: times('utc') } }),
    ]
    const before = process.env.TZ
    process.env.TZ = 'Europe/Vilnius'
    try {
      const { all } = await opened(syntheticLedger({ views }))
      expect(all('SELECT path, modified FROM seized_findings')).toEqual([
        { path: 'camera.jpg', modified: null },
        { path: 'phone.jpg', modified: 1_700_000_000 },
      ])
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })

  it('has the lead that belongs to the name of a copy, and not the silence of the first place', async () => {
    const content = contentOf('copied', 2_000_000n)
    const copyOf = filePath(Buffer.from('a.jpg'))
    const views = () => [view('a.jpg', { content }), view('b.jpg', { content, copyOf, ...scored(6_000) })]
    const { all } = await opened(syntheticLedger({ views }))
    expect(all('SELECT path, kind FROM seized_findings')).toEqual([{ path: 'b.jpg', kind: 'lead' }])
  })

  it('has hits and decisions with their places, and every path once in the list of paths', async () => {
    const { all } = await opened(decidedLedger())
    const found = all('SELECT path, kind, list_or_model, sha256 FROM seized_findings')
    expect(found.filter(({ kind }) => kind === 'hit').map(({ path }) => path)).toContain(
      'Backup/IMG_0001 (copy).jpg',
    )
    expect(found.map(({ path }) => path)).not.toContain('Windows/explorer.exe')
    const listed = all('SELECT file_path FROM _file_path_list').map(({ file_path }) => file_path)
    expect(listed.sort()).toEqual([...new Set(found.map(({ path }) => path))].sort())
    expect(all("SELECT * FROM seized_decisions WHERE act = 'decided'").length).toBeGreaterThan(6)
  })

  it('has sizes as numbers, which the viewer sorts by', async () => {
    const { all, manifest } = await opened(decidedLedger())
    const kinds = all('SELECT DISTINCT typeof(bytes) AS kind FROM seized_findings')
    expect(kinds).toEqual([{ kind: 'integer' }])
    expect(JSON.stringify(manifest)).not.toContain('"integer"')
  })

  it('says of a run that is not finished that it is not', async () => {
    const { all, manifest } = await opened(caseLedger(false))
    expect(all("SELECT value FROM seized_examination WHERE property = 'Ledger'")).toEqual([
      { value: 'PARTIAL' },
    ])
    expect(manifest.modules).toEqual([{ module_name: 'seized', module_status: 'PARTIAL' }])
    expect(manifest.processing_status).toBe('In Progress')
  })
})
