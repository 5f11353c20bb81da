import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { encase } from '../../src/match/formats/encase.ts'
import { nsrlRds3 } from '../../src/match/formats/nsrl-rds3.ts'
import { tskKdb } from '../../src/match/formats/tsk-kdb.ts'
import { describeHashSet, loadHashSets, parseHashSetDeclaration } from '../../src/match/index.ts'
import { SAMPLES } from './samples.ts'
import { digestsOf, listFile, readAll, temporaryPath } from './support.ts'

const first = digestsOf('sample 0')

/** Every pointer of every inner page of a table to the page's first child: 40 rows become as many as nobody can read. */
function repeatPages(path: string, root: number): void {
  const bytes = readFileSync(path)
  const visit = (page: number): void => {
    const at = (page - 1) * 512
    if (bytes[at] !== 5) return
    const cells = bytes.readUInt16BE(at + 3)
    const child = bytes.readUInt32BE(at + bytes.readUInt16BE(at + 12))
    for (let i = 0; i < cells; i++) bytes.writeUInt32BE(child, at + bytes.readUInt16BE(at + 12 + 2 * i))
    bytes.writeUInt32BE(child, at + 8)
    visit(child)
  }
  visit(root)
  writeFileSync(path, bytes)
}

describe('NSRL RDSv3', () => {
  it('takes name and edition from VERSION, and counts duplicate rows itself', async () => {
    const path = listFile(SAMPLES['nsrl-rds3']!.content)
    const database = new Database(path)
    database.exec(
      'INSERT INTO FILE SELECT sha256, sha1, md5, crc32, file_name || 1, file_size, 2 FROM FILE LIMIT 10',
    )
    database.close()
    const { info } = await describeHashSet(path, { kind: 'meaning', meaning: 'known' })
    expect(info).toMatchObject({
      name: 'NSRL RDS synthetic minimal',
      edition: '2026.03.1, released 2026-03-02',
      rowsRead: 50,
      recordsKept: 40,
      duplicates: 10,
    })
    const { suppressedBy } = (await loadHashSets([parseHashSetDeclaration(`known:${path}`)])).match(first, 1n)
    expect(suppressedBy).toBe('NSRL RDS synthetic minimal')
  })

  it('computes nothing that its maker wrote: no check, no computed column', async () => {
    const path = listFile(SAMPLES['nsrl-rds3']!.content)
    const database = new Database(path)
    // Never true: where the check were evaluated, the list would be called damaged.
    database.pragma('ignore_check_constraints = ON')
    database.exec(
      'CREATE TABLE other (x, CHECK (length(hex(zeroblob(1000))) = 1)); INSERT INTO other VALUES (1)',
    )
    await expect(describeHashSet(path, { kind: 'meaning', meaning: 'known' })).resolves.toBeDefined()
    database.exec('ALTER TABLE VERSION ADD COLUMN x AS (length(hex(zeroblob(1000))))')
    database.close()
    await expect(describeHashSet(path, { kind: 'meaning', meaning: 'known' })).rejects.toThrow(
      /its table VERSION has a column that is computed/,
    )
  })

  it('ends where pages are used again and again, in a list too large to be checked first', async () => {
    const path = temporaryPath('again.db')
    const database = new Database(path)
    database.exec(
      `PRAGMA page_size = 512; CREATE TABLE FILE (sha1 TEXT);
       WITH n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
       INSERT INTO FILE SELECT '${first.sha1}' FROM n`,
    )
    const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'FILE'").pluck().get()
    database.close()
    repeatPages(path, Number(root))
    // As large as a list of which SQLite is not asked for a check; the rest of the file is a hole.
    truncateSync(path, 1024 ** 3 + 512)
    await expect(describeHashSet(path, { kind: 'meaning', meaning: 'known' })).rejects.toThrow(
      /was made to keep a reader busy: page \d+ is used twice/,
    )
  })

  it('reads the full set, whose table is METADATA', async () => {
    const path = temporaryPath('full.db')
    const database = new Database(path)
    database.exec(`CREATE TABLE METADATA (object_id INTEGER, crc32 VARCHAR, md5 VARCHAR, sha1 VARCHAR, sha256 VARCHAR, bytes INTEGER, extension VARCHAR);
      INSERT INTO METADATA VALUES (1, '', '${first.md5}', '${first.sha1}', '${first.sha256}', 12, 'x'), (2, '', 'short', NULL, NULL, 1, '')`)
    database.close()
    const { records, rejected } = await readAll(nsrlRds3, readFileSync(path))
    expect(records[0]).toMatchObject({
      digests: { md5: first.md5, sha1: first.sha1, sha256: first.sha256 },
      size: 12,
    })
    expect(rejected).toEqual([{ line: 2, reason: 'column md5 holds no MD5 digest' }])
  })
})

describe('SQLite lists', () => {
  it('in WAL mode are read without writing beside them', async () => {
    const folder = temporaryPath('wal')
    mkdirSync(folder)
    const path = join(folder, 'list.db')
    writeFileSync(path, SAMPLES['tsk-kdb']!.content)
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.exec('DELETE FROM hashes WHERE id > 30')
    database.close()
    expect(readFileSync(path)[18]).toBe(2)
    expect(existsSync(`${path}-wal`)).toBe(false)
    chmodSync(folder, 0o500)
    const matcher = await loadHashSets([parseHashSetDeclaration(`known:${path}`)])
    expect(matcher.hashSets[0]!.recordsKept).toBe(30)
    chmodSync(folder, 0o700)
    expect(readdirSync(folder)).toEqual(['list.db'])
  })

  it('are refused while a write-ahead log holds part of them', async () => {
    const path = listFile(SAMPLES['tsk-kdb']!.content)
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.exec('DELETE FROM hashes WHERE id > 30')
    const list = loadHashSets([parseHashSetDeclaration(`known:${path}`)])
    await expect(list).rejects.toThrow(/is not complete without .*-wal/)
    database.close()
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('-shm'))).toEqual([])
  })

  it('are refused when truncated or damaged inside', async () => {
    const { content } = SAMPLES['nsrl-rds3']!
    await expect(readAll(nsrlRds3, content.subarray(0, content.length - 4096))).rejects.toThrow(/truncated/)
    const damaged = Buffer.from(content)
    damaged.fill(0xff, 4096 + 3, 4096 + 5)
    await expect(readAll(nsrlRds3, damaged)).rejects.toThrow(/damaged|cannot be read/)
  })

  it('of other kinds are not taken for hash lists', async () => {
    const path = temporaryPath('other.db')
    const database = new Database(path)
    database.exec('CREATE TABLE messages (text TEXT)')
    database.close()
    await expect(loadHashSets([parseHashSetDeclaration(`known:${path}`)])).rejects.toThrow(
      /no hash list that seized reads/,
    )
    expect(tskKdb.detect(readFileSync(path), 0, path).matches).toBe(false)
  })
})

describe('EnCase', () => {
  it('takes its name from the header, and refuses a count that is not what follows', async () => {
    const { content } = SAMPLES.encase!
    expect((await readAll(encase, content)).facts).toEqual([{ name: 'Synthetic set' }])
    await expect(readAll(encase, content.subarray(0, -18))).rejects.toThrow(
      /states 40 records .* room for 39/,
    )
  })
})
