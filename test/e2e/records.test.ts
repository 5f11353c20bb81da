/** What programs on a device recorded, from a scan to the report: a digest that a list holds, of a content that is there or not. */
import { spawnSync } from 'node:child_process'
import { createHash, hash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { bencoded, extractionReport, torrentOfTrees } from '../../fixtures/device/bencode.ts'
import { CHROMIUM_SCHEMA } from '../../fixtures/device/browsers.ts'
import { knownMet } from '../../fixtures/device/emule.ts'
import { aresPartial } from '../../fixtures/device/sharing.ts'
import { digestsOf, ed2kDigest } from '../../src/hash/digest.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const HERE = Buffer.from('a drawing of a lighthouse\n'.repeat(40))
const GONE = Buffer.from('a drawing of a harbour\n'.repeat(50))
const UNLISTED = Buffer.from('a drawing of a meadow\n'.repeat(60))

const ed2k = (bytes: Buffer) => digestsOf(bytes, ed2kDigest()).ed2kRed!
const row = (bytes: Buffer, name: string, more: object) => ({
  ed2k: ed2k(bytes),
  name,
  sizeBytes: bytes.length,
  modified: 1_600_000_000,
  ...more,
})

function exhibit(folder: string): { readonly root: string; readonly list: string } {
  const root = join(folder, 'exhibit')
  const config = join(root, 'Users/x/AppData/Local/eMule/config')
  mkdirSync(config, { recursive: true })
  writeFileSync(
    join(config, 'known.met'),
    knownMet([
      row(HERE, 'lighthouse.txt', { sentBytes: 4000, requests: 5, accepted: 3 }),
      row(GONE, 'harbour.txt', { sentBytes: 0, requests: 0, accepted: 0 }),
      row(UNLISTED, 'meadow.txt', {}),
    ]),
  )
  writeFileSync(join(root, 'lighthouse.txt'), HERE)
  const list = join(folder, 'list.csv')
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
  // The content that is gone is listed by its eD2k digest, the one that is here by another.
  writeFileSync(list, `md5,ed2k\n,${ed2k(GONE)}\n${md5(HERE)},\n`)
  return { root, list }
}

/** A history whose newest pages lie in its log alone, a torrent of a listed file, and the catalogue. */
function browsed(folder: string): { readonly root: string; readonly list: string } {
  const made = exhibit(folder)
  const profile = join(made.root, 'Users/x/AppData/Local/Chrome/Default')
  mkdirSync(profile, { recursive: true })
  const db = new Database(join(folder, 'History'))
  db.pragma('journal_mode = WAL')
  db.pragma('wal_autocheckpoint = 0')
  db.exec(CHROMIUM_SCHEMA)
  db.exec("INSERT INTO urls VALUES (1, 'https://example.org/ferry', 'Ferry', 2, 1, 13222310400000000, 0)")
  db.exec("INSERT INTO keyword_search_terms VALUES (2, 1, 'ferry times', 'ferry times')")
  for (const name of ['History', 'History-wal']) copyFileSync(join(folder, name), join(profile, name))
  db.close()
  const pieces = hash('sha1', HERE, 'buffer')
  const info = { length: HERE.length, name: 'lighthouse.txt', 'piece length': 16_384, pieces }
  writeFileSync(join(profile, 'a.torrent'), bencoded({ 'creation date': 1_500_000_000, info }))
  return made
}

describe('a database with a journal beside it', () => {
  it('is read as SQLite would see it, and gives rows that only the journal keeps as deleted', () => {
    const folder = temporaryFolder()
    const { root, list } = exhibit(folder)
    const put = (name: string, mode: string, ...steps: string[]) => {
      const db = new Database(join(folder, name))
      db.pragma(`journal_mode = ${mode}`)
      db.pragma('secure_delete = ON')
      db.exec(CHROMIUM_SCHEMA)
      const add = db.prepare('INSERT INTO urls VALUES (?, ?, ?, 1, 0, 13222310400000000, 0)')
      for (let i = 1; i <= 200; i++) add.run(i, `https://${name}.example.org/${i}`, 'x'.repeat(200))
      db.pragma('cache_size = 2')
      for (const step of steps) db.exec(step)
      mkdirSync(join(root, name))
      copyFileSync(join(folder, name), join(root, name, 'History'))
      copyFileSync(join(folder, `${name}-journal`), join(root, name, 'History-journal'))
      if (db.inTransaction) db.exec('ROLLBACK')
      db.close()
    }
    put('cut', 'DELETE', 'BEGIN; DELETE FROM urls WHERE id > 5')
    put('kept', 'PERSIST', 'DELETE FROM urls WHERE id > 195')
    // Wiped to nothing, as most Android phones leave them.
    put('empty', 'TRUNCATE', 'DELETE FROM urls WHERE id > 3')
    const ledger = join(folder, 'case.sqlite')
    const basis = ['--text', '--basis', 'warrant 7/2026', '--phases', 'inventory,known', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], '--ed2k', ...basis)).status).toBe(10)
    const run = seized(['timeline', ledger, '--format', 'jsonl'])
    const told = run.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    const count = (path: string, status: string) =>
      told.filter((one) => one.path === `${path}/History` && one.recordStatus === status).length
    expect([count('cut', 'live'), count('cut', 'deleted')]).toEqual([200, 0])
    expect([count('kept', 'live'), count('kept', 'deleted')]).toEqual([195, 5])
    expect([count('empty', 'live'), count('empty', 'deleted')]).toEqual([3, 0])
    const of = (path: string) => exported(ledger, folder).find((one) => one.path === path)
    expect(of('empty/History').stages['records-read']).toMatchObject({ result: 'done' })
    expect(of('empty/History').stages.opened).toMatchObject({ result: 'done' })
  }, 180_000)
})

describe('a database inside an archive', () => {
  it('is read with the write-ahead log that lies beside it in that archive', () => {
    const folder = temporaryFolder()
    const { root, list } = browsed(folder)
    const profile = join(root, 'Users/x/AppData/Local/Chrome/Default')
    const packed = spawnSync('zip', ['-q', '-m', join(root, 'profile.zip'), 'History', 'History-wal'], {
      cwd: profile,
    })
    expect(packed.status).toBe(0)
    const ledger = join(folder, 'case.sqlite')
    const phases = ['--phases', 'inventory,known', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], '--ed2k', ...phases)).status).toBe(10)
    const history = exported(ledger, folder).find(({ path }) => path === 'profile.zip » member History')
    for (const stage of ['opened', 'records-read'])
      expect(history.stages[stage]).toMatchObject({ result: 'done', reason: null })
    expect(JSON.stringify(history.attributes)).toContain('log-laid-over')
    expect(JSON.stringify(history.attributes)).not.toContain('log-not-found')
  })
})

describe('the timeline', () => {
  const lines = (ledger: string, ...more: string[]) => {
    const run = seized(['timeline', ledger, '--format', 'jsonl', ...more])
    return run.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  }

  it('has what records say in order of time, each with its place and basis', () => {
    const folder = temporaryFolder()
    const { root, list } = browsed(folder)
    const ledger = join(folder, 'case.sqlite')
    const basis = ['--text', '--basis', 'warrant 7/2026', '--phases', 'inventory,known', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], '--ed2k', ...basis)).status).toBe(10)
    const told = lines(ledger)
    expect(told.map(({ record, datetime, basis: on }) => [record, datetime?.slice(0, 10), on])).toEqual([
      ['torrent-file', '2017-07-14', 'finding: a listed content is named'],
      ['torrent', '2017-07-14', 'stated legal basis for text'],
      ['page-visited', '2020-01-01', 'stated legal basis for text'],
      ['emule-known', '2020-09-13', 'finding: a listed content is named'],
      ['emule-known', '2020-09-13', 'finding: a listed content is named'],
      ['emule-known', '2020-09-13', 'stated legal basis for text'],
      ['words-searched', undefined, 'stated legal basis for text'],
    ])
    // By the pieces of a file of that size, as no digest of the whole is in it.
    expect(told[0]).toMatchObject({ found: true, digest: `sha1-of-pieces:${hash('sha1', HERE)}` })
    expect(told[2]).toMatchObject({
      says: expect.stringContaining('A record on the device says: page https://example.org/ferry'),
      path: 'Users/x/AppData/Local/Chrome/Default/History',
      recordStatus: 'live',
    })
    expect(lines(ledger, '--from', '2020-01-01', '--to', '2020-02-01')).toHaveLength(1)
    expect(lines(ledger, '--list', 'list.csv')).toHaveLength(3)
    expect(lines(ledger, '--path', 'emule/config')).toHaveLength(3)

    const out = join(folder, 'timeline.html')
    expect(seized(['timeline', ledger, '--format', 'html', '--out', out]).status).toBe(0)
    const page = readFileSync(out, 'utf8')
    expect(page).toContain('7 records')
    expect(page).not.toMatch(/<script|\b(he|she) (shared|visited|searched)\b/i)
    expect(seized(['timeline', ledger, '--format', 'csv']).stdout.trim().split('\n')).toHaveLength(8)
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it.each([[[]], [['--text', '--basis', 'warrant 7/2026', '--no-private']]])(
    'has findings alone without a basis for the rest (%j)',
    (more) => {
      const folder = temporaryFolder()
      const { root, list } = browsed(folder)
      const ledger = join(folder, 'case.sqlite')
      const asked = ['--ed2k', '--phases', 'inventory,known', '--workers', '1', ...more]
      seized(scanArgs(root, ledger, [`illegal:${list}`], ...asked))
      expect(lines(ledger).map(({ record }) => record)).toEqual([
        'torrent-file',
        'emule-known',
        'emule-known',
      ])
      expect(readFileSync(ledger).includes('ferry')).toBe(false)
    },
  )
})

describe('records that programs on the device kept', () => {
  it('are references where a list holds what they name, found or not, and never hits', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const { root, list } = exhibit(folder)
    const more = ['--ed2k', '--phases', 'inventory,known', '--workers', '1']
    const run = seized(scanArgs(root, ledger, [`illegal:${list}`], ...more))
    expect([run.status, run.stderr]).toEqual([10, expect.any(String)])
    const summary = summaryOf(run)
    expect(summary).toMatchObject({ references: 1, hits: 1 })
    expect(summary.stages['records-read']).toMatchObject({ done: 1 })
    const catalogue = exported(ledger, folder).find((line) => line.path.endsWith('known.met'))
    expect(catalogue.hits).toEqual([])
    const references = [...catalogue.references].sort((a, b) => Number(a.found) - Number(b.found))
    expect(references).toMatchObject([
      { record: { params: { name: 'harbour.txt' } }, direction: null, times: null, found: false },
      { record: { params: { name: 'lighthouse.txt' } }, direction: 'shared', times: 3, found: true },
    ])
    expect(references.map(({ algorithm, digest }) => [algorithm, digest])).toEqual([
      ['ed2k', ed2k(GONE)],
      ['ed2k', ed2k(HERE)],
    ])

    // From the other side: the hit says what a record says of it.
    const here = exported(ledger, folder).find((line) => line.path === 'lighthouse.txt')
    expect(here.records).toMatchObject([
      { path: expect.stringMatching(/known\.met$/), record: 'emule-known', direction: 'shared' },
    ])
    expect(here.reasons[0]).toMatchObject({
      code: 'hit-illegal-and-given-on',
      params: { shared: 1 },
    })

    const out = join(folder, 'report.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', out]).status).toBe(0)
    const page = readFileSync(out, 'utf8')
    expect(page).toContain('a record on the device')
    expect(page).toContain('“lighthouse.txt”')
    expect(page).toContain(
      'it says that the content was shared 3 times; the content was found on this exhibit',
    )
    expect(page).toMatch(/A record on the device says: catalogue of eMule[^<]*; it was shared/)
    expect(page).not.toMatch(/\b(he|she|the suspect) (shared|downloaded|sent)\b/i)
    expect(seized(['search', ledger, 'harbour']).stdout).toContain('known.met')
    expect(seized(['verify', ledger]).status).toBe(0)

    // New lists are compared with what the ledger holds: the digests of all records.
    const again = join(folder, 'again.sqlite')
    const rematched = seized(['rematch', ledger, '--hashset', `illegal:${list}`, '--ledger', again])
    expect([rematched.status, rematched.stdout]).toEqual([10, expect.any(String)])
    const second = exported(again, folder).find((line) => line.path.endsWith('known.met'))
    const rematchedReferences = [...second.references].sort((a, b) => Number(a.found) - Number(b.found))
    expect(rematchedReferences).toEqual(references)
    expect(second.stages['records-read']).toMatchObject({ result: 'done' })
  })

  it('are links in a text too, where text may be read, and a rematch finds them again', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const link = `ed2k://|file|harbour.txt|${GONE.length}|${ed2k(GONE).toUpperCase()}|/`
    writeFileSync(join(root, 'note.txt'), `fetch this later:\n${link}\n`)
    const list = join(folder, 'list.csv')
    writeFileSync(list, `ed2k\n${ed2k(GONE)}\n`)
    const basis = ['--ed2k', '--text', '--basis', 'warrant 7/2026', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], ...basis)).status).toBe(10)
    const again = join(folder, 'again.sqlite')
    expect(seized(['rematch', ledger, '--hashset', `illegal:${list}`, '--ledger', again]).status).toBe(10)
    for (const made of [ledger, again]) {
      const note = exported(made, folder).find((line) => line.path === 'note.txt')
      expect(note.references).toMatchObject([
        { record: { code: 'ed2k-link', params: { name: 'harbour.txt' } }, digest: ed2k(GONE), found: false },
      ])
      expect(seized(['verify', made]).status).toBe(0)
    }
  })

  it('are not said to be missing where eD2k digests were not made: that is said instead', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const { root, list } = exhibit(folder)
    const run = seized(
      scanArgs(root, ledger, [`illegal:${list}`], '--phases', 'inventory,known', '--workers', '1'),
    )
    expect(run.status).toBe(10)
    const catalogue = exported(ledger, folder).find((line) => line.path.endsWith('known.met'))
    expect(catalogue.references).toHaveLength(1)
    expect(catalogue.attributes).toContainEqual(expect.objectContaining({ code: 'ed2k-not-made' }))
  })
})

describe('digests that a report states, and trees of torrents', () => {
  it('name listed contents: of a report those alone that are not here, of a torrent that which has the tree', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const md5 = (bytes: Buffer) => hash('md5', bytes)
    const large = Buffer.concat([HERE, Buffer.alloc(50_000, 7)])
    const files = [HERE, GONE, UNLISTED].map((bytes, i) => ({
      path: `/data/${i}.txt`,
      sizeBytes: bytes.length,
      md5: md5(bytes),
    }))
    writeFileSync(join(root, 'report.xml'), extractionReport(files))
    writeFileSync(join(root, 'here.txt'), HERE)
    writeFileSync(join(root, 'large.bin'), large)
    const blocks = [0, 1, 2, 3].map((i) =>
      hash('sha256', large.subarray(i * 16_384, (i + 1) * 16_384), 'buffer'),
    )
    const pair = (a: Buffer, b: Buffer) => hash('sha256', Buffer.concat([a, b]), 'buffer')
    const tree = pair(pair(blocks[0]!, blocks[1]!), pair(blocks[2]!, blocks[3]!))
    writeFileSync(join(root, 'a.torrent'), torrentOfTrees('large.bin', { 'large.bin': [large.length, tree] }))
    const list = join(folder, 'list.csv')
    writeFileSync(list, `md5\n${[HERE, GONE, large].map(md5).join('\n')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const asked = ['--phases', 'inventory,known', '--workers', '1', '--text', '--basis', 'warrant 7/2026']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], ...asked)).status).toBe(10)
    const run = seized(['timeline', ledger, '--format', 'jsonl'])
    const told = run.stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    expect(
      told.map(({ record, found, digest, path }) => [path, record, found ?? null, digest ?? null]),
    ).toEqual([
      ['a.torrent', 'torrent-file', true, `sha256-of-tree:${tree.toString('hex')}`],
      ['a.torrent', 'torrent', null, null],
      ['report.xml', 'reported-file', false, `md5:${md5(GONE)}`],
    ])
  })
})

describe('a partial download of Ares', () => {
  it('is the picture or text that it begins as, and a reference by the state behind it', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const sha1 = createHash('sha1').update(GONE).digest('hex')
    const file = { name: 'harbour.txt', sha1, sizeBytes: GONE.length }
    writeFileSync(
      join(root, '___ARESTRA___harbour.txt'),
      aresPartial(file, GONE.subarray(0, 100), 1_600_000_000),
    )
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha1\n${sha1}\n`)
    const ledger = join(folder, 'case.sqlite')
    const asked = ['--phases', 'inventory,known', '--workers', '1']
    expect(seized(scanArgs(root, ledger, [`illegal:${list}`], ...asked)).status).toBe(10)
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout.trim().split('\n')
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      {
        path: '___ARESTRA___harbour.txt » embedded ARESTRA',
        record: 'ares-partial',
        found: false,
        direction: 'received',
        digest: `sha1:${sha1}`,
        datetime: expect.stringMatching(/^2020-09-13T12:26:40/),
      },
    ])
  })
})

describe('what only a place or a name says', () => {
  it('is asked of nobody where no place tells of a content that nothing recognises', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(join(root, 'Documents'), { recursive: true })
    for (const one of ['other.db', 'noise.bin'])
      writeFileSync(join(root, 'Documents', one), hash('sha512', one, 'buffer'))
    const ledger = join(folder, 'case.sqlite')
    expect(seized(scanArgs(root, ledger, [], '--phases', 'inventory,known')).status).toBe(3)
    const db = new Database(ledger, { readonly: true })
    const rows = (sql: string) => db.prepare(sql).pluck().all()
    expect(rows('SELECT DISTINCT media_type FROM content')).toEqual(['application/octet-stream'])
    expect(rows('SELECT stage FROM examination')).toEqual([])
    expect(rows("SELECT event FROM event WHERE event = 'children-started'")).toEqual([])
    db.close()
    const said = exported(ledger, folder).map(({ stages }) => stages?.['records-read'])
    expect(said.filter((one) => one?.reason === 'not-recognised')).toHaveLength(2)
  })

  it('is said of a content wherever it lies, whichever copy is read first', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    const place = 'data/data/org.thoughtcrime.securesms/databases'
    for (const one of [place, 'DCIM', 'zz']) mkdirSync(join(root, one), { recursive: true })
    const noise = Buffer.concat(Array.from({ length: 128 }, (_, i) => hash('sha256', `${i}`, 'buffer')))
    for (const one of ['DCIM/copy.jpg', `${place}/signal.db`, 'zz/copy.bin'])
      writeFileSync(join(root, one), noise)
    const results = ['1', '2'].map((workers) => {
      const ledger = join(folder, `${workers}.sqlite`)
      const run = seized(scanArgs(root, ledger, [], '--phases', 'inventory,known', '--workers', workers))
      const said = exported(ledger, folder).flatMap(({ path, stages }) =>
        /copy|signal/.test(path) ? [stages['records-read'].result] : [],
      )
      return { said, analysis: summaryOf(run).analysisDigest }
    })
    expect(results[0]!.said).toEqual(['not-done', 'not-done', 'not-done'])
    expect(results[1]).toEqual(results[0])
  })

  it('an encrypted database of a messenger is told by its place, the router of this device by its name', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    const signal = 'data/data/org.thoughtcrime.securesms/databases'
    for (const one of [signal, 'i2pd/netDb/ra']) mkdirSync(join(root, one), { recursive: true })
    const noise = (seed: number) =>
      Buffer.concat(Array.from({ length: 128 }, (_, i) => hash('sha256', `${seed} ${i}`, 'buffer')))
    writeFileSync(join(root, signal, 'signal.db'), noise(1))
    writeFileSync(join(root, signal, 'other.db'), noise(2))
    writeFileSync(join(root, 'signal.db'), noise(3))
    // Told by its place, and not what its place says; told by its name, and not read.
    const session = 'data/data/network.loki.messenger/databases'
    const thumbnails = 'mobile/Media/PhotoData/Thumbnails'
    for (const one of [session, thumbnails]) mkdirSync(join(root, one), { recursive: true })
    writeFileSync(join(root, session, 'session.db'), Buffer.alloc(4096, '\x81\x00\x82'))
    writeFileSync(join(root, thumbnails, '158x158.ithmb'), noise(4))
    const router = readFileSync(join(import.meta.dirname, '../../fixtures/device/i2pd/router.info'))
    const another = Buffer.from(router)
    another[0]! ^= 1
    writeFileSync(join(root, 'i2pd/router.info'), router)
    writeFileSync(join(root, 'i2pd/netDb/ra/routerInfo-ab.dat'), another)
    const ledger = join(folder, 'case.sqlite')
    const asked = ['--phases', 'inventory,known', '--workers', '1', '--text', '--basis', 'warrant 7/2026']
    expect(seized(scanArgs(root, ledger, [], ...asked)).status).toBe(3)
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout.trim().split('\n')
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      {
        record: 'i2p-router',
        path: 'i2pd/router.info',
        datetime: expect.stringMatching(/^2026-11-27T00:19:47/),
      },
    ])
    const locked = exported(ledger, folder).flatMap(({ path, attributes = [] }) =>
      attributes
        .filter(({ code }: { code: string }) => code === 'locked-store')
        .map(({ params }: { params: object }) => [path, params]),
    )
    expect(locked).toEqual([
      [`${session}/session.db`, { program: 'session', form: 'database' }],
      [`${signal}/signal.db`, { program: 'signal', form: 'database' }],
    ])
    const read = exported(ledger, folder).map(({ path, stages }) => [path, stages?.['records-read']])
    const result = (path: string) => read.find(([of]) => of === path)![1]
    expect(result(`${signal}/signal.db`)).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    expect(result(`${session}/session.db`)).toMatchObject({ result: 'not-done', reason: 'decode-failed' })
    expect(result(`${thumbnails}/158x158.ithmb`)).toMatchObject({ result: 'not-done', reason: 'not-built' })
    for (const other of [`${signal}/other.db`, 'signal.db'])
      expect(result(other)).toMatchObject({ result: 'not-applicable', reason: 'not-recognised' })
    // Compared with other lists they are what they were: no record of them names a digest that the ledger does not hold.
    const list = join(folder, 'list.csv')
    writeFileSync(list, `md5\n${'ab'.repeat(16)}\n`)
    const again = [
      'rematch',
      ledger,
      '--ledger',
      join(folder, 'again.sqlite'),
      '--hashset',
      `illegal:${list}`,
    ]
    expect(seized(again).status).toBe(3)
    expect(
      exported(join(folder, 'again.sqlite'), folder).map(({ path, stages }) => [
        path,
        stages?.['records-read'],
      ]),
    ).toEqual(read)
  })
})
