/** SQLite files read from their bytes, against SQLite itself: live rows, those of a log, and those that were deleted. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import {
  CHROMIUM_BOOKMARKS,
  CHROMIUM_SCHEMA,
  CHROMIUM_TYPED_SCHEMAS,
  FIREFOX_SCHEMA,
  SAFARI_DOWNLOADS,
} from '../../../fixtures/device/browsers.ts'
import { SqliteFile } from '../../../src/formats/sqlite/sqlite-file.ts'
import { column, Tables } from '../../../src/formats/sqlite/sqlite-tables.ts'
import { newerPages } from '../../../src/formats/sqlite/write-ahead-log.ts'
import { mutant, recordsOf } from './records-of.ts'

const SQLITE = 'application/x-sqlite3'
const folder = mkdtempSync(join(tmpdir(), 'seized-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let made = 0
function database(
  fill: (db: Database.Database) => void,
  log = false,
  pragma = 'page_size = 4096',
): { file: Buffer; log: Buffer | null } {
  const path = join(folder, `${made++}.sqlite`)
  const db = new Database(path)
  db.pragma(pragma)
  if (log) db.pragma('journal_mode = WAL')
  db.pragma('wal_autocheckpoint = 0')
  db.pragma('synchronous = OFF')
  db.transaction(fill)(db)
  // Before it is closed, which would fold the log in.
  const copy = `${path}.copy`
  copyFileSync(path, copy)
  if (log) copyFileSync(`${path}-wal`, `${copy}-wal`)
  db.close()
  return { file: readFileSync(copy), log: log ? readFileSync(`${copy}-wal`) : null }
}

const WEBKIT_2020 = 13_222_310_400_000_000

function history(db: Database.Database, urls: number): void {
  db.exec(CHROMIUM_SCHEMA)
  const insert = db.prepare('INSERT INTO urls VALUES (?, ?, ?, ?, ?, ?, 0)')
  for (let i = 1; i <= urls; i++)
    insert.run(
      i,
      `https://example.org/${i}/${'x'.repeat(i % 90)}`,
      `page ${i}`,
      i % 9,
      0,
      WEBKIT_2020 + i * 1e6,
    )
}

describe('visits and bookmarks', () => {
  const visited = (program: string, seconds: number, times?: number) => ({
    what: {
      code: 'page-visited',
      params: { program, url: 'https://example.org/ferry', ...(times && { times }) },
    },
    when: { ns: `${seconds}000000000` },
  })

  it('of Chromium before the last stand by themselves, each with its time', () => {
    const { file } = database((db) => {
      db.exec(CHROMIUM_SCHEMA)
      const at = WEBKIT_2020
      db.exec(`INSERT INTO urls VALUES (1, 'https://example.org/ferry', '', 3, 0, ${at + 20e6}, 0);
        INSERT INTO visits (url, visit_time) VALUES (1, ${at}), (1, ${at + 10e6}), (1, ${at + 20e6}), (7, ${at})`)
    })
    const second = WEBKIT_2020 / 1e6 - 11_644_473_600
    expect(recordsOf(SQLITE, file).records).toMatchObject([
      visited('chromium', second + 20, 3),
      visited('chromium', second),
      visited('chromium', second + 10),
    ])
  })

  it('of Firefox too; bookmarks are those that did not come with the program', () => {
    const at = 1_600_000_000
    const { file } = database((db) => {
      db.exec(FIREFOX_SCHEMA)
      db.exec(
        'CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER, parent INTEGER, title LONGVARCHAR, dateAdded INTEGER)',
      )
      db.exec(`INSERT INTO moz_places (id, url, visit_count, last_visit_date) VALUES (1, 'https://example.org/ferry', 2, ${at + 5}000000), (2, 'https://www.mozilla.org/firefox/', 0, NULL);
        INSERT INTO moz_historyvisits (place_id, visit_date) VALUES (1, ${at}000000), (1, ${at + 5}000000);
        INSERT INTO moz_bookmarks VALUES (1, 2, NULL, 0, 'menu', 0), (2, 1, 1, 1, 'Ferry', ${at + 9}000000), (3, 1, 2, 1, 'Get help', ${at}000000)`)
    })
    expect(recordsOf(SQLITE, file).records).toMatchObject([
      visited('firefox', at + 5, 2),
      {
        what: {
          code: 'bookmark',
          params: { program: 'firefox', url: 'https://example.org/ferry', title: 'Ferry' },
        },
        when: { ns: `${at + 9}000000000` },
      },
      visited('firefox', at),
    ])
  })

  it('of Chromium are kept in a file of their own', () => {
    expect(
      recordsOf('application/x-chromium-bookmarks+json', Buffer.from(CHROMIUM_BOOKMARKS)).records,
    ).toMatchObject([
      {
        what: {
          code: 'bookmark',
          params: { program: 'chromium', url: 'https://example.org/ferry', title: 'Ferry' },
        },
        when: { ns: '1600000000000000000' },
      },
    ])
  })

  it('are led to by what was typed: the address bar with what was chosen, fields that words are searched by, and no other field', () => {
    const typed = (words: string, times: number) => ({
      code: 'words-typed',
      params: { program: 'chromium', words, url: 'https://example.org/ferry', times },
    })
    const of = (schema: string, rows: string) =>
      recordsOf(SQLITE, database((db) => db.exec(`${schema}; ${rows}`)).file)
    const { shortcuts, predictor, fields } = CHROMIUM_TYPED_SCHEMAS
    const chosen = of(
      shortcuts,
      `INSERT INTO omni_box_shortcuts (id, text, url, last_access_time, number_of_hits) VALUES ('a', 'fer', 'https://example.org/ferry', ${WEBKIT_2020}, 3)`,
    )
    expect(chosen.records).toMatchObject([
      { what: typed('fer', 3), when: { ns: `${WEBKIT_2020 / 1e6 - 11_644_473_600}000000000` } },
    ])
    const begun = of(
      predictor,
      "INSERT INTO network_action_predictor VALUES ('a', 'f', 'https://example.org/ferry', 1, 0), ('b', 'ferr', 'https://example.org/ferry', 2, 0), ('c', 'fe', 'https://example.org/ferry', 1, 0)",
    )
    expect(begun.records).toMatchObject([{ what: typed('ferr', 2), when: null }])
    const searched = of(
      fields,
      "INSERT INTO autofill VALUES ('q', 'Ferry times', 'ferry times', 1600000000, 1600000009, 2), ('email', 'x@example.org', 'x@example.org', 1600000000, 1600000000, 1)",
    )
    expect(searched.records).toMatchObject([
      {
        what: { code: 'words-searched', params: { program: 'chromium', words: 'Ferry times', times: 2 } },
        when: { ns: '1600000009000000000' },
      },
    ])
  })

  it('of Safari have a list of downloads, with what came and what broke off', () => {
    const download = (path: string, state: string, seconds: number, direction: string | null) => ({
      what: { code: 'download', params: { program: 'safari', path, state } },
      direction,
      when: { ns: `${seconds}000000000` },
    })
    expect(recordsOf('application/x-safari-downloads', SAFARI_DOWNLOADS).records).toMatchObject([
      download('/Users/x/Downloads/lake.zip', 'complete', 1_600_000_020, 'received'),
      download('~/Downloads/hill.zip', 'interrupted', 1_600_000_080, null),
    ])
  })
})

describe('an SQLite file read from its bytes', () => {
  it('has no value of a column that is made from others, and takes no comment for a column', () => {
    const { file } = database((db) => {
      db.exec(`CREATE TABLE t (a TEXT, -- it's a, or b
        b TEXT GENERATED ALWAYS AS (upper(a)) VIRTUAL, /* c, d */ c INTEGER DEFAULT 3, d AS (c + 1) STORED, e TEXT DEFAULT ' as (1)')`)
      db.exec("INSERT INTO t (a, e) VALUES ('lake', 'hill')")
    })
    const tables = new Tables(new SqliteFile(file))
    const [row] = [...tables.rowsOf(tables.get('t')!)]
    const names = ['a', 'b', 'c', 'd', 'e']
    expect(names.map((name) => column(row!, name))).toEqual(['lake', undefined, 3, 4, 'hill'])
  })

  it.each([512, 1024, 4096, 65_536])('with pages of %d bytes has the rows that SQLite reads', (pageSize) => {
    const { file } = database(
      (db) => {
        db.exec(
          'CREATE TABLE "odd names" (a, [b b] TEXT DEFAULT (1, 2), id INTEGER PRIMARY KEY, c REAL)'.replace(
            '(1, 2)',
            '(1)',
          ),
        )
        const insert = db.prepare('INSERT INTO "odd names" VALUES (?, ?, ?, ?)')
        for (let i = 0; i < 400; i++)
          insert.run(
            [null, i - 200, 2 ** 40 + i, 'é'.repeat(i * 20), Buffer.alloc(i * 7, i)][i % 5],
            `row ${i}`,
            i * 3 + 1,
            i / 7,
          )
      },
      false,
      `page_size = ${pageSize}`,
    )
    const path = join(folder, `${made - 1}.sqlite`)
    const expected = new Database(path, { readonly: true })
      .prepare('SELECT * FROM "odd names" ORDER BY id')
      .raw()
      .all()
    const tables = new Tables(new SqliteFile(file))
    const table = tables.get('odd names')!
    expect(table.columns).toEqual(['a', 'b b', 'id', 'c'])
    const rows = [...tables.rowsOf(table)].map((row) => table.columns.map((name) => column(row, name)))
    expect(rows).toEqual(expected)
  })

  it('in UTF-16 has the same texts', () => {
    for (const encoding of ['UTF-16le', 'UTF-16be']) {
      const { file } = database(
        (db) => db.exec("CREATE TABLE t (a); INSERT INTO t VALUES ('Žuvėdra 🜁')"),
        false,
        `encoding = '${encoding}'`,
      )
      const tables = new Tables(new SqliteFile(file))
      expect([...tables.rowsOf(tables.get('t')!)].map(({ values }) => values)).toEqual([['Žuvėdra 🜁']])
    }
  })

  it('is laid under its write-ahead log, up to the last commit', () => {
    const { file, log } = database((db) => history(db, 300), true)
    expect(file.length).toBeLessThan(log!.length)
    const without = recordsOf(SQLITE, file)
    expect(without.findings).toContainEqual({ kind: 'attribute', code: 'log-not-found', params: {} })
    const read = recordsOf(SQLITE, file, 10_000, log!)
    expect(read.records).toHaveLength(300)
    // A frame that was not written whole, and all after it, does not count.
    const torn = Buffer.from(log!)
    torn[torn.length - 100]! ^= 1
    const { frames, left } = newerPages(log!)!
    expect(left).toBe(0)
    expect(newerPages(torn)!.frames).toBeLessThan(frames)
  })
})

describe('rows that were deleted', () => {
  it('are found where nothing overwrote them, marked, with what they said', () => {
    const gone = new Set<string>()
    const { file } = database((db) => {
      history(db, 600)
      const urls = db
        .prepare('SELECT url FROM urls WHERE id % 10 = 3 OR id BETWEEN 200 AND 400')
        .pluck()
        .all()
      for (const url of urls as string[]) gone.add(url)
      db.exec('DELETE FROM urls WHERE id % 10 = 3 OR id BETWEEN 200 AND 400')
    })
    const { records } = recordsOf(SQLITE, file)
    const live = records.filter(({ status }) => status === 'live')
    const deleted = records.filter(({ status }) => status === 'deleted')
    expect(live).toHaveLength(600 - gone.size)
    const urls = new Set(deleted.map(({ what }) => (what.params as { url: string }).url))
    // Nothing is said to be deleted that was not, and nearly all that is still there is found (the rest was cut by what took its place).
    expect([...urls].filter((url) => !gone.has(url))).toEqual([])
    const there = [...gone].filter((url) => file.includes(`${url}page `))
    expect(there.length).toBeGreaterThan(100)
    expect(there.filter((url) => !urls.has(url)).length / there.length).toBeLessThan(0.03)
  })

  it('are none where the program wiped them', () => {
    const wiped = (db: Database.Database) => {
      history(db, 600)
      db.exec('DELETE FROM urls WHERE id BETWEEN 200 AND 400')
    }
    const { file } = database(wiped, false, 'secure_delete = ON')
    expect(recordsOf(SQLITE, file).records.filter(({ status }) => status === 'deleted')).toEqual([])
  })
})

describe('histories of browsers', () => {
  it('of the Chromium family give pages, searched words and downloads', () => {
    const { file } = database((db) => {
      history(db, 1)
      db.exec("INSERT INTO keyword_search_terms VALUES (2, 1, 'Lake Ferry Times', 'lake ferry times')")
      db.prepare(
        `INSERT INTO downloads (id, guid, current_path, target_path, start_time, received_bytes, total_bytes, state, danger_type, interrupt_reason, hash, end_time, opened, last_access_time, transient, referrer, site_url, embedder_download_data, tab_url, tab_referrer_url, http_method, by_ext_id, by_ext_name, by_web_app_id, etag, last_modified, mime_type, original_mime_type)
         VALUES (7, 'g', 'C:\\d\\a.zip', 'C:\\d\\a.zip', ?, 10, 10, 1, 0, 0, ?, 0, 0, 0, 0, 'https://example.org/', '', '', '', '', '', '', '', '', '', '', 'application/zip', '')`,
      ).run(WEBKIT_2020, Buffer.alloc(32, 0xab))
      db.exec(
        "INSERT INTO downloads_url_chains VALUES (7, 0, 'https://example.org/a'), (7, 1, 'https://cdn.example.org/a.zip')",
      )
    })
    const read = recordsOf(SQLITE, file)
    expect(read.result).toEqual({ result: 'done' })
    expect(read.records.map(({ what }) => what)).toEqual([
      {
        code: 'page-visited',
        params: { program: 'chromium', url: 'https://example.org/1/x', title: 'page 1', times: 1, typed: 0 },
      },
      {
        code: 'words-searched',
        params: { program: 'chromium', words: 'Lake Ferry Times', url: 'https://example.org/1/x' },
      },
      {
        code: 'download',
        params: {
          program: 'chromium',
          path: 'C:\\d\\a.zip',
          url: 'https://cdn.example.org/a.zip',
          referrer: 'https://example.org/',
          mediaType: 'application/zip',
          sizeBytes: 10,
          state: 'complete',
        },
      },
    ])
    const [page, , download] = read.records
    expect(page!.when).toEqual({ ns: '1577836801000000000', resolution: 'us', zone: 'utc' })
    expect([download!.direction, download!.digests]).toEqual(['received', { sha256: 'ab'.repeat(32) }])
  })

  it('of Firefox give pages, downloads by their annotations, and searched words', () => {
    const { file } = database((db) => {
      db.exec(FIREFOX_SCHEMA)
      db.exec(`
        INSERT INTO moz_places (id, url, title, visit_count, typed, last_visit_date) VALUES (1, 'https://example.org/map.zip', 'Map', 2, 1, 1577836800000000), (2, 'https://www.mozilla.org/', 'Help', 0, 0, NULL);
        INSERT INTO moz_anno_attributes VALUES (1, 'downloads/destinationFileURI'), (2, 'downloads/metaData');
        INSERT INTO moz_annos (place_id, anno_attribute_id, content, dateAdded) VALUES (1, 1, 'file:///home/x/my%20map.zip', 1577836801000000), (1, 2, '{"state":1,"endTime":1577836802000,"fileSize":99}', 0);
        INSERT INTO moz_formhistory (fieldname, value, timesUsed, lastUsed) VALUES ('searchbar-history', 'ferry', 3, 1577836803000000), ('name', 'nobody', 1, 0);`)
    })
    const { records } = recordsOf(SQLITE, file)
    expect(records.map(({ what, when }) => [what, when?.ns])).toEqual([
      [
        {
          code: 'page-visited',
          params: {
            program: 'firefox',
            url: 'https://example.org/map.zip',
            title: 'Map',
            times: 2,
            typed: 1,
          },
        },
        '1577836800000000000',
      ],
      [
        {
          code: 'download',
          params: {
            program: 'firefox',
            path: '/home/x/my map.zip',
            url: 'https://example.org/map.zip',
            sizeBytes: 99,
            state: 'complete',
          },
        },
        '1577836802000000000',
      ],
      [
        { code: 'words-searched', params: { program: 'firefox', words: 'ferry', times: 3 } },
        '1577836803000000000',
      ],
    ])
  })

  it('without a reader are not built, and counted by their tables; one without tables holds nothing', () => {
    const { file } = database((db) => db.exec('CREATE TABLE notes (a); CREATE TABLE more (b)'))
    const read = recordsOf(SQLITE, file)
    expect([read.result, read.records]).toEqual([
      { result: 'not-done', reason: 'not-built', detail: null },
      [],
    ])
    expect(read.findings).toEqual([{ kind: 'attribute', code: 'database-unknown', params: { tables: 2 } }])
    const empty = database((db) => db.exec('CREATE TABLE a (b); DROP TABLE a')).file
    expect(recordsOf(SQLITE, empty).result).toEqual({ result: 'done' })
  })

  it('with deleted rows and a log hold no mutant up', () => {
    const { file, log } = database((db) => {
      history(db, 300)
      db.exec('DELETE FROM urls WHERE id % 4 = 1')
    }, true)
    for (let i = 0; i < 200; i++)
      recordsOf(SQLITE, mutant(file, i), 10_000, i % 2 === 0 ? log! : mutant(log!, i))
  })
})
