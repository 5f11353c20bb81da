import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { noise } from '../../fixtures/pictures.ts'
import { exported, seized } from './seized.ts'

/**
 * Files as the sources of the two tools make them: CaseDatabaseFactory.java of The Sleuth Kit, ExportCSVTask.java and
 * CopyProperties.java of IPED. None was written by these tools.
 */
const folder = mkdtempSync(join(tmpdir(), 'seized-bookmarks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const ledger = join(folder, 'image.sqlite')
const contents = { first: noise(1, 900), second: noise(2, 800), third: noise(3, 700), other: noise(4, 700) }
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

beforeAll(() => {
  const image = join(folder, 'disk.dd')
  writeDiskImage(image, [
    [
      { name: 'FIRST.BIN', bytes: contents.first, state: 'live' },
      { name: 'SECOND.BIN', bytes: contents.second, state: 'live' },
      { name: 'BOTH.BIN', bytes: contents.third, state: 'live' },
    ],
    [{ name: 'BOTH.BIN', bytes: contents.other, state: 'live' }],
  ])
  const { status, stderr } = seized([
    ...['scan', image, '--case', 'B', '--exhibit', 'B-1', '--examiner', 'A. Example', '--ledger', ledger],
    ...['--phases', 'inventory,known'],
  ])
  expect([3, 0], stderr).toContain(status)
})

interface Tag {
  readonly file: string
  readonly tag: string
  readonly by: string
  readonly digest?: string
  readonly size?: number
}

function autopsyCase(name: string, tags: readonly Tag[]): string {
  const file = join(folder, name)
  const db = new Database(file)
  db.exec(`CREATE TABLE tsk_files (obj_id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER, md5 TEXT, sha256 TEXT, sha1 TEXT,
      parent_path TEXT);
    CREATE TABLE tag_names (tag_name_id INTEGER PRIMARY KEY, display_name TEXT UNIQUE, description TEXT NOT NULL,
      color TEXT NOT NULL, knownStatus INTEGER NOT NULL, tag_set_id INTEGER, rank INTEGER);
    CREATE TABLE tsk_examiners (examiner_id INTEGER PRIMARY KEY, login_name TEXT NOT NULL, display_name TEXT, UNIQUE(login_name));
    CREATE TABLE content_tags (tag_id INTEGER PRIMARY KEY, obj_id INTEGER NOT NULL, tag_name_id INTEGER NOT NULL,
      comment TEXT NOT NULL, begin_byte_offset INTEGER NOT NULL, end_byte_offset INTEGER NOT NULL, examiner_id INTEGER);
    CREATE TABLE blackboard_artifact_tags (tag_id INTEGER PRIMARY KEY, artifact_id INTEGER NOT NULL, tag_name_id INTEGER NOT NULL,
      comment TEXT NOT NULL, examiner_id INTEGER);
    INSERT INTO blackboard_artifact_tags VALUES (1, 1, 1, '', 1)`)
  for (const [i, { file: path, tag, by, digest, size }] of tags.entries()) {
    db.prepare('INSERT INTO tsk_files VALUES (?, ?, ?, ?, NULL, NULL, ?)').run(
      i + 1,
      path,
      size ?? null,
      digest ?? null,
      '/',
    )
    db.prepare(
      "INSERT OR IGNORE INTO tag_names (display_name, description, color, knownStatus) VALUES (?, '', '', 1)",
    ).run(tag)
    db.prepare('INSERT OR IGNORE INTO tsk_examiners (login_name) VALUES (?)').run(by)
    db.prepare(
      `INSERT INTO content_tags SELECT ?, ?, tag_name_id, 'as tagged', 0, 0, examiner_id FROM tag_names, tsk_examiners
       WHERE tag_names.display_name = ? AND login_name = ?`,
    ).run(i + 1, i + 1, tag, by)
  }
  db.close()
  return file
}

function imported(file: string, operator: string, ...more: readonly string[]) {
  return seized(['import', 'decisions', ledger, file, '--scale', 'vics-us', '--operator', operator, ...more])
}

const bookmarks = (categories: object): string[] => {
  const file = join(folder, 'bookmarks.json')
  writeFileSync(file, JSON.stringify(categories))
  return ['--bookmarks', file]
}

interface Exported {
  readonly path: string
  readonly decisions: readonly {
    readonly operator: string
    readonly category: string
    readonly note: string
    readonly sight: string
  }[]
}

const decided = (operator: string) =>
  (exported(ledger, folder) as Exported[])
    .flatMap(({ path, decisions }) =>
      decisions
        .filter((one) => one.operator === operator)
        .map(({ category, note, sight }) => `${path}: ${category}, ${note}, ${sight}`),
    )
    .sort()

it('takes the tags of the named examiner of Autopsy by digest and by path, as made in that tool and seen in none of ours', () => {
  const file = autopsyCase('autopsy.db', [
    { file: 'FIRST.BIN', tag: 'Notable Item', by: 'alice', digest: md5(contents.first) },
    { file: 'SECOND.BIN', tag: 'Notable Item', by: 'alice', size: 800 },
    { file: 'SECOND.BIN', tag: 'Follow Up', by: 'alice', size: 800 },
    { file: 'FIRST.BIN', tag: 'Bookmark', by: 'bob', digest: md5(contents.first) },
  ])
  expect(imported(file, 'alice').stderr).toContain(
    'bookmarks, which are no categories: "Follow Up", "Notable Item"',
  )
  expect(imported(file, 'carol', ...bookmarks({})).stderr).toContain('Its examiners are alice, bob')
  expect(decided('alice')).toEqual([])
  const { status, stdout } = imported(file, 'alice', ...bookmarks({ 'Notable Item': '1' }))
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining('2 decisions of alice taken in from autopsy.db (autopsy'),
  ])
  for (const why of [
    '1 row: another person tagged it',
    '1 row: it tags an artifact of the other tool',
    '1 row: it is bookmarked "Follow Up", which --bookmarks does not name',
  ])
    expect(stdout).toContain(`Passed over ${why}`)
  expect(decided('alice')).toEqual([
    'volume 1 » FIRST.BIN: 1, as tagged, imported',
    'volume 1 » SECOND.BIN: 1, as tagged, imported',
  ])
  const log = new Database(`${ledger}.custody.sqlite`, { readonly: true })
  const events = log.prepare("SELECT detail FROM custody WHERE event = 'decisions-imported'").pluck().all()
  log.close()
  expect(events.map(String).join()).toContain('"madeWith":"Autopsy"')
  expect(seized(['verify', ledger]).status).toBe(0)
})

it('decides nothing by a path that two volumes have, or whose size is another', () => {
  const both = autopsyCase('both.db', [{ file: 'BOTH.BIN', tag: 'Notable Item', by: 'dora', size: 700 }])
  expect(imported(both, 'dora', ...bookmarks({ 'Notable Item': '1' })).stderr).toContain(
    'BOTH.BIN is on 2 volumes',
  )
  const size = autopsyCase('size.db', [{ file: 'FIRST.BIN', tag: 'Notable Item', by: 'dora', size: 901 }])
  expect(imported(size, 'dora', ...bookmarks({ 'Notable Item': '1' })).stderr).toContain(
    '901 bytes in the file, and 900',
  )
  expect(decided('dora')).toEqual([])
})

it('takes the bookmarks of IPED, never its categories of files, from both of its tables', () => {
  const list = join(folder, 'FileList.csv')
  const head =
    '"Name","Link","Size","Extension","Bookmark","Category","MD5","SHA1","Deleted","Carved","Accessed","Modified","Created","Path","TrackId"'
  writeFileSync(
    list,
    `\uFEFF${head}\r\n${[
      `"FIRST.BIN","","900","BIN","Grave | Review","Images","${md5(contents.first).toUpperCase()}","","false","false","","","","disk.dd/vol_vol2/FIRST.BIN","x"`,
      `"SECOND.BIN","","800","BIN","Review","Images","","","false","false","","","","disk.dd/vol_vol2/SECOND.BIN","x"`,
      `"BOTH.BIN","","700","BIN","","1","${md5(contents.third)}","","false","false","","","","disk.dd/vol_vol2/BOTH.BIN","x"`,
    ].join('\r\n')}\r\n`,
  )
  const first = imported(list, 'E. Example', ...bookmarks({ Grave: '2' }))
  expect([first.status, first.stdout]).toEqual([0, expect.stringContaining('1 decision of E. Example')])
  expect(first.stdout).toContain('Passed over 1 row: it has no bookmark')
  expect(first.stdout).toContain('Passed over 2 rows: it is bookmarked "Review"')
  const table = join(folder, 'export.csv')
  writeFileSync(
    table,
    `\uFEFF"SCORE";"MARCADOR";"NAME";"SIZE";"HASH";"PATH";\r\n"1";"Review";"SECOND.BIN";"800";"";"disk.dd/vol_vol2/SECOND.BIN";\r\n`,
  )
  expect(imported(table, 'E. Example', ...bookmarks({ Review: '3' })).stdout).toContain(
    '1 decision of E. Example',
  )
  expect(decided('E. Example')).toEqual([
    'volume 1 » FIRST.BIN: 2, “Grave”, imported',
    'volume 1 » SECOND.BIN: 3, “Review”, imported',
  ])
})
