/** One content in every list format with a public description: it must be found through each. */
import { mkdirSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { noise } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

type Write = (file: string, contents: readonly Buffer[]) => string

const lines =
  (text: (bytes: Buffer) => string, head = ''): Write =>
  (file, contents) => {
    writeFileSync(file, `${head}${contents.map((bytes) => `${text(bytes)}\n`).join('')}`)
    return `illegal:${file}`
  }

const FORMATS: Readonly<Record<string, Write>> = {
  'MD5, one a line': lines((bytes) => digest('md5', bytes)),
  'SHA-1, upper case': lines((bytes) => digest('sha1', bytes).toUpperCase()),
  'SHA-256, one a line': lines((bytes) => digest('sha256', bytes)),
  md5sum: lines((bytes) => `${digest('md5', bytes)}  ./some name.bin`),
  'sha256sum, BSD': lines((bytes) => `SHA256 (some name.bin) = ${digest('sha256', bytes)}`),
  hashdeep: lines(
    (bytes) => `${bytes.length},${digest('md5', bytes)},${digest('sha256', bytes)},/x/a,b.bin`,
    '%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n',
  ),
  'CSV with headings': lines(
    (bytes) => `"a, b.bin",${bytes.length},${digest('sha1', bytes)}`,
    'name,size,sha1\n',
  ),
  'NSRL RDS 2': lines(
    (bytes) =>
      `"${digest('sha1', bytes).toUpperCase()}","${digest('md5', bytes).toUpperCase()}","00000000","x.bin",${bytes.length},1,"362",""`,
    '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n',
  ),
  'NSRL RDS 3': (file, contents) => {
    const database = new Database(file)
    database.exec(
      'CREATE TABLE METADATA (sha256 TEXT, sha1 TEXT, md5 TEXT, crc32 TEXT, file_name TEXT, file_size INTEGER, package_id INTEGER); CREATE VIEW FILE AS SELECT sha256, sha1, md5, crc32, file_name, file_size, package_id FROM METADATA; CREATE TABLE VERSION (version TEXT, build_set TEXT, build_date TEXT, release_date TEXT, description TEXT)',
    )
    const insert = database.prepare('INSERT INTO METADATA VALUES (?, ?, ?, ?, ?, ?, 1)')
    for (const bytes of contents)
      insert.run(
        ...(['sha256', 'sha1', 'md5'] as const).map((name) => digest(name, bytes).toUpperCase()),
        '00000000',
        'x.bin',
        bytes.length,
      )
    database.close()
    return `illegal:${file}`
  },
  'EnCase hash set': (file, contents) => {
    const bytes = Buffer.alloc(0x480 + contents.length * 18)
    Buffer.from([0x48, 0x41, 0x53, 0x48, 0x0d, 0x0a, 0xff, 0x00]).copy(bytes)
    for (const [at, value] of [
      [8, 2],
      [12, 1],
      [16, contents.length],
    ] as const)
      bytes.writeUInt32LE(value, at)
    bytes.write('Made for validation', 0x408, 'utf16le')
    for (const [i, one] of contents.entries())
      Buffer.from(digest('md5', one), 'hex').copy(bytes, 0x480 + i * 18)
    writeFileSync(file, bytes)
    return `illegal:${file}`
  },
  'Sleuth Kit database': (file, contents) => {
    const database = new Database(file)
    database.exec(`CREATE TABLE db_properties (name TEXT NOT NULL, value TEXT);
      INSERT INTO db_properties VALUES ('Schema Version', '1');
      CREATE TABLE hashes (id INTEGER PRIMARY KEY AUTOINCREMENT, md5 BINARY(16) UNIQUE, sha1 BINARY(20), sha2_256 BINARY(32));
      CREATE TABLE file_names (name TEXT NOT NULL, hash_id INTEGER NOT NULL);
      CREATE TABLE comments (comment TEXT NOT NULL, hash_id INTEGER NOT NULL)`)
    const insert = database.prepare('INSERT INTO hashes (md5) VALUES (?)')
    for (const one of contents) insert.run(Buffer.from(digest('md5', one), 'hex'))
    database.close()
    return `illegal:${file}`
  },
  'Sleuth Kit index': lines(
    (bytes) => `${digest('md5', bytes).toUpperCase()}|${'0'.repeat(16)}`,
    `${'0'.repeat(41)}|md5sum\n${'0'.repeat(40)}1|Made for validation\n`,
  ),
  HashKeeper: lines(
    (bytes) =>
      `1,1,"x.bin","c:\\x","${digest('md5', bytes).toUpperCase()}",${bytes.length},"","","","","",""`,
    '"file_id","hashset_id","file_name","directory","hash","file_size","date_modified","time_modified","time_zone","comments","date_accessed","time_accessed"\n',
  ),
  ILook: lines(
    (bytes) =>
      `${digest('md5', bytes)},${digest('sha1', bytes)},x.bin,\\x,${bytes.length},${digest('sha256', bytes)},,,,,`,
    'V4Hash,HashSHA1,FileName,FilePath,FileSize,HashSHA256,HashSHA384,HashSHA512,CreateTime,ModTime,LastAccessTime\n',
  ),
  'ICSE export': (file, contents) => {
    writeFileSync(
      file,
      `MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;File Available;Media Type;Baseline\n${contents.map((bytes, i) => `${digest('md5', bytes)};${digest('sha1', bytes)};;${i};Y;N;No;;1;True;Image;Y\n`).join('')}`,
    )
    return `interpol-baseline:${file}`
  },
  'IPED database': (file, contents) => {
    writeFileSync(
      file,
      `md5,sha1,edonkey,status,set,vicSeries\n${contents.map((bytes) => `${digest('md5', bytes)},${digest('sha1', bytes)},,pedo,made,\n`).join('')}`,
    )
    return `iped:${file}`
  },
  'VICS 2.0': (file, contents) => {
    const value = contents.map((bytes, i) => ({
      MediaID: i + 1,
      Category: 1,
      MD5: digest('md5', bytes),
      SHA1: digest('sha1', bytes),
      MediaSize: `${bytes.length}`,
    }))
    writeFileSync(
      file,
      JSON.stringify({
        '@odata.context': 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media',
        value,
      }),
    )
    return `vics-us:${file}`
  },
}

function formatOf(bench: Bench, declared: string): string {
  const { out, err, code } = bench.seized('hashset', 'info', declared, '--json')
  if (code !== 0) throw new Error(`hashset info ended with ${code}: ${err.trim()}`)
  return JSON.parse(out).info.format
}

export const lists: Scenario = {
  id: 'lists',
  title: `lists in ${Object.keys(FORMATS).length} forms`,
  speaksOf: ['list-formats', 'no-other-hit'],
  weight: { quick: 5, full: 6 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const listed = Array.from({ length: 20 }, (_, i) => noise(bench.seed * 17 + i, 500 + i))
    const others = Array.from({ length: 20 }, (_, i) => noise(bench.seed * 17 + 900 + i, 500 + i))
    for (const [i, bytes] of [...listed, ...others].entries())
      writeFileSync(bench.at('exhibit', `${i}.bin`), bytes)
    const found = new Checks(
      'list-formats',
      `seized scan of 40 files with a list of 20 of them, in ${Object.keys(FORMATS).length} formats`,
      '20 hits with each',
    )
    const other = new Checks('no-other-hit', 'the same', 'none on the 20 others')
    for (const [i, [name, write]] of Object.entries(FORMATS).entries()) {
      const declared = write(bench.at(`list-${i}${/RDS 3|database/.test(name) ? '.db' : ''}`), listed)
      const ledger = bench.at(`list-${i}.sqlite`)
      const ran = bench.scan(
        root,
        ledger,
        '--hashset',
        declared,
        '--phases',
        'inventory,known',
        '--workers',
        '1',
      )
      const { hits } = summaryOf(ran)
      bench.readsLists([formatOf(bench, declared)])
      found.equal(hits, 20, name)
      const wanted = new Set(listed.map((bytes) => digest('sha256', bytes)))
      const wrong = bench
        .entries(ledger)
        .filter((entry) => entry.hits.length > 0 && !wanted.has(entry.sha256 ?? ''))
      other.equal(wrong.length, 0, name)
    }
    return [found.observation, other.observation]
  },
}
