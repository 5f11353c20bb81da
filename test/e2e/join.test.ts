import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { LAVA_SCHEMA } from '../../src/report/exchange/lava-schema.ts'
import { digest } from '../../src/validate/exhibits/planted.ts'
import { seized } from './seized.ts'

/** A run as scripts/lavafuncs.py of iLEAPP makes its tables (LAVA_SCHEMA is compared with it elsewhere); LEAPP itself did not run. */
const folder = mkdtempSync(join(tmpdir(), 'seized-join-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const ledger = join(folder, 'case.sqlite')
const run = join(folder, 'iLEAPP_Output')
const inArchive = noise(11, 900)
const inFolder = noise(12, 900)
const PICTURE = 'private/var/mobile/Media/DCIM/IMG_0001.JPG'
const STORE = 'private/var/mobile/Library/SMS/sms.db'

beforeAll(() => {
  const exhibit = join(folder, 'exhibit')
  mkdirSync(join(exhibit, 'private/var/mobile/Library/SMS'), { recursive: true })
  writeFileSync(join(exhibit, STORE), inFolder)
  writeFileSync(join(exhibit, 'phone.zip'), zipSync({ [PICTURE]: inArchive }))
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${digest('sha256', inArchive)}\n`)
  const scanned = seized([
    ...['scan', exhibit, '--case', 'J', '--exhibit', 'J-1', '--examiner', 'A. Example', '--ledger', ledger],
    ...['--phases', 'inventory,known', '--allow-writable-mount', '--hashset', `illegal:${list}`],
  ])
  expect([10, 13], scanned.stderr).toContain(scanned.status)
  leappRun()
})

function leappRun(): void {
  mkdirSync(run)
  const db = new Database(join(run, '_lava_artifacts.db'))
  for (const sql of LAVA_SCHEMA) db.exec(sql)
  db.exec(`INSERT INTO _lava_media_items (id, source_path, is_embedded) VALUES ('i1', '${PICTURE}', 0),
      ('i2', 'private/var/mobile/Media/DCIM/GONE.JPG', 0), ('i3', '${STORE}', 1);
    INSERT INTO _lava_media_references (id, media_item_id) VALUES ('r1', 'i1'), ('r2', 'i2'), ('r3', 'i3');
    CREATE TABLE sms (timestamp INTEGER, message TEXT, attachment TEXT, attachment_file TEXT);
    INSERT INTO sms VALUES (1, 'meet and/or call', 'r1', NULL), (2, 'zebrafinch', 'r2', NULL), (3, 'kept', 'r3', '/${PICTURE}')`)
  db.close()
  const sms = { name: 'SMS', module: 'sms', tablename: 'sms', source_path: STORE }
  writeFileSync(join(run, '_lava_data.lava'), JSON.stringify({ artifacts: { Messages: [sms] } }))
}

const cells = (out: string) =>
  (parse(readFileSync(out), { columns: true }) as Record<string, string>[]).map(
    ({ artifact, row, column, as, pathOfRun, path, sha256, hits }) =>
      [artifact, row, column, as, pathOfRun, path, sha256, hits].join(' | '),
  )

it('joins media, paths in cells and the files of an artifact with the contents at the same paths, in an archive too', () => {
  const out = join(folder, 'joined.csv')
  const { status, stdout, stderr } = seized(['join', ledger, run, '--out', out, '--operator', 'A. Example'])
  expect([status, stdout], stderr).toEqual([
    0,
    '3 rows of 4 that name a path have a content here; 2 of 3 paths are on this exhibit.\n',
  ])
  const picture = `${PICTURE} | phone.zip » member ${PICTURE} | ${digest('sha256', inArchive)} | illegal: list.txt`
  expect(cells(out)).toEqual([
    `SMS |  |  | file | ${STORE} | ${STORE} | ${digest('sha256', inFolder)} | `,
    `SMS | 1 | attachment | media | ${picture}`,
    'SMS | 2 | attachment | media | private/var/mobile/Media/DCIM/GONE.JPG |  |  | ',
    `SMS | 3 | attachment_file | cell | ${picture}`,
  ])
  expect(readFileSync(out, 'utf8')).not.toMatch(/zebrafinch|and\/or/)
  const log = new Database(`${ledger}.custody.sqlite`, { readonly: true })
  const detail = log
    .prepare("SELECT detail FROM custody WHERE event = 'reported'")
    .pluck()
    .all()
    .map(String)
    .join()
  log.close()
  expect(detail).toContain('leapp-join')
  expect(detail).toContain(digest('sha256', readFileSync(join(run, '_lava_artifacts.db'))))
  expect(seized(['verify', ledger]).status).toBe(0)
})

it.each([
  ['a folder', '/cases/j/phone', '/cases/j/out', '/'],
  ['a folder, on Windows', 'D:\\cases\\j\\phone', 'D:\\cases\\j\\out', '\\'],
])(
  'joins a run on %s, which names media by their place on the machine that it ran on',
  (_, input, output, slash) => {
    const other = mkdtempSync(join(folder, 'run-'))
    const onMachine = (path: string) => `${input}${slash}${path.replaceAll('/', slash)}`
    const db = new Database(join(other, '_lava_artifacts.db'))
    for (const sql of LAVA_SCHEMA) db.exec(sql)
    db.prepare('INSERT INTO _lava_media_items (id, source_path, is_embedded) VALUES (?, ?, 0)').run(
      'i1',
      onMachine(PICTURE),
    )
    db.exec(`INSERT INTO _lava_media_references (id, media_item_id) VALUES ('r1', 'i1');
    CREATE TABLE sms (attachment TEXT, attachment_file TEXT)`)
    const copy = `${output}${slash}data${slash}${PICTURE.replaceAll('/', slash)}`
    db.prepare('INSERT INTO sms VALUES (?, ?)').run('r1', copy)
    db.close()
    const sms = {
      ...{ name: 'SMS', module: 'sms', tablename: 'sms' },
      source_path: STORE.replaceAll('/', slash),
    }
    writeFileSync(
      join(other, '_lava_data.lava'),
      JSON.stringify({ param_input: input, param_output: output, artifacts: { Messages: [sms] } }),
    )
    const out = join(other, 'joined.csv')
    const { status, stdout, stderr } = seized(['join', ledger, other, '--out', out])
    expect([status, stdout], stderr).toEqual([
      0,
      '3 rows of 3 that name a path have a content here; 2 of 2 paths are on this exhibit.\n',
    ])
    expect(cells(out).map((line) => line.split(' | ').slice(2, 5))).toEqual([
      ['', 'file', STORE],
      ['attachment', 'media', PICTURE],
      ['attachment_file', 'cell', PICTURE],
    ])
  },
)

it('refuses a folder that is no LEAPP run, and a database of another program', () => {
  const out = join(folder, 'none.csv')
  expect(seized(['join', ledger, folder, '--out', out])).toMatchObject({ status: 2 })
  const other = seized(['join', ledger, ledger, '--out', out])
  expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('schema 2')])
})
