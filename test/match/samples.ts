/**
 * One synthetic list for each format of HASH_SET_FORMATS, for the contract suite. The digests are of generated text.
 * A format without a sample here fails the suite.
 */
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { digestsOf, temporaryPath, vicsDocument } from './support.ts'

export interface Sample {
  readonly content: Buffer
  readonly records: number
  /** How the list is told apart in a declaration. */
  readonly declared: 'known' | 'vics-us' | 'interpol-baseline' | 'iped'
  /** Rows are lines after so many others: a list cut anywhere must account for each line that was begun. */
  readonly headerLines: number | null
}

const N = 40
const hashes = Array.from({ length: N }, (_, i) => ({
  ...digestsOf(`sample ${i}`),
  pdq: digestsOf(`pdq ${i}`).sha256,
}))

export const SAMPLES: Readonly<Record<string, Sample>> = {
  hashdeep: lines(
    '%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /synthetic\n',
    (h, i) => `${i + 8},${h.md5},${h.sha256},/files/a, b ${i}.jpg`,
    3,
  ),
  encase: { content: encase(), records: N, declared: 'known', headerLines: null },
  'nsrl-rds3': sqlite((db) => {
    db.exec(`CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
        file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL);
      CREATE TABLE VERSION (version VARCHAR, build_set VARCHAR, build_date TIMESTAMP, release_date TIMESTAMP, description VARCHAR);
      CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5, crc32 FROM FILE;
      INSERT INTO VERSION VALUES ('2026.03.1', 'synthetic minimal', '2026-03-01', '2026-03-02', 'made for tests')`)
    const insert = db.prepare('INSERT INTO FILE VALUES (?, ?, ?, ?, ?, ?, ?)')
    for (const [i, h] of hashes.entries()) {
      insert.run(upper(h.sha256), upper(h.sha1), upper(h.md5), '00000000', `f${i}`, i + 1, 1)
    }
  }),
  'tsk-kdb': sqlite((db) => {
    db.exec(`CREATE TABLE db_properties (name TEXT NOT NULL, value TEXT);
      INSERT INTO db_properties VALUES ('Schema Version', '1');
      CREATE TABLE hashes (id INTEGER PRIMARY KEY AUTOINCREMENT, md5 BINARY(16) UNIQUE, sha1 BINARY(20), sha2_256 BINARY(32));
      CREATE TABLE file_names (name TEXT NOT NULL, hash_id INTEGER NOT NULL);
      CREATE TABLE comments (comment TEXT NOT NULL, hash_id INTEGER NOT NULL);
      CREATE INDEX md5_index ON hashes(md5)`)
    const insert = db.prepare('INSERT INTO hashes (md5, sha1, sha2_256) VALUES (?, ?, ?)')
    for (const [i, h] of hashes.entries()) {
      insert.run(Buffer.from(h.md5, 'hex'), i % 2 === 0 ? Buffer.from(h.sha1, 'hex') : null, null)
    }
  }),
  'own-decisions': {
    ...lines(
      '"own_decision_of","sha256","md5","sha1","size","category","scale","agreement","persons","sight","decided","exhibits","laboratory"\r\n',
      (h, i) =>
        `"T-1","${h.sha256}","${h.md5}","${h.sha1}","${i + 8}","${i % 3}","vics-us","agreed","A. Example; B. Example","preview","2026-03-01T10:00:00.000Z","LTU-03","Example laboratory"\r`,
      1,
    ),
    declared: 'vics-us',
  },
  vics: {
    content: Buffer.from(
      vicsDocument(
        hashes.map((h, i) => ({
          MediaID: i + 1,
          Category: i % 6,
          MD5: upper(h.md5),
          SHA1: upper(h.sha1),
          MediaSize: i % 2 === 0 ? i + 1 : String(i + 1),
          PhotoDNA: Buffer.alloc(144, i).toString('base64'),
          VictimIdentified: 'false',
          Tags: 'synthetic "quoted"\n',
          MediaFiles: [{ MD5: upper(h.md5), FileName: 'a.jpg', FilePath: 'DCIM\\100\\a.jpg' }],
        })),
      ),
    ),
    records: N,
    declared: 'vics-us',
    headerLines: null,
  },
  'tsk-index': lines(
    `${'0'.repeat(41)}|md5sum\n${'0'.repeat(40)}1|Synthetic set\n`,
    (h, i) => `${upper(h.md5)}|${String(i * 40).padStart(16, '0')}`,
    2,
  ),
  'nsrl-rds2': lines(
    '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n',
    (h, i) => `"${upper(h.sha1)}","${upper(h.md5)}","00000000","f,""${i}\xe9",${i + 1},1,"1",""`,
    1,
  ),
  hashkeeper: lines(
    '"file_id","hashset_id","file_name","directory","hash","file_size","date_modified","time_modified","time_zone","comments","date_accessed","time_accessed"\n',
    (h, i) => `${i},1,"f${i}","c:\\x","${upper(h.md5)}",${i + 1},"","","","","",""`,
    1,
  ),
  ilook: lines(
    'V4Hash,HashSHA1,FileName,FilePath,FileSize,HashSHA256,HashSHA384,HashSHA512,CreateTime,ModTime,LastAccessTime\n',
    (h, i) => `${h.md5},${h.sha1},f${i},\\x,${i + 1},${h.sha256},,,,,`,
    1,
  ),
  icse: {
    ...lines(
      'MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;File Available;Media Type;Baseline\n',
      (h, i) => `${h.md5};${h.sha1};;${i};Y;N;No;;1;True;Image;${['Y', 'no', 'TRUE', 'f'][i % 4]}`,
      1,
    ),
    declared: 'interpol-baseline',
  },
  iped: {
    ...lines(
      'md5,sha1,edonkey,status,set,vicSeries\n',
      (h, i) => `${h.md5},${h.sha1},,${['known', 'alert', 'pedo', 'known|pedo'][i % 4]},synthetic,`,
      1,
    ),
    declared: 'iped',
  },
  signals: lines('', (h, i) => `vpdq ["${h.pdq},${60 + (i % 40)},${i}.000"]`, 0),
  vpdq: lines('', (h, i) => `${i},${60 + (i % 40)},${h.pdq},${(i / 30).toFixed(3)}`, 0),
  pdq: lines('', (h, i) => `${h.pdq},${60 + (i % 41)},f${i}.jpg`, 0),
  sum: lines('', (h, i) => `${h.sha256}  dir/f${i}.jpg`, 0),
  plain: lines('# synthetic\n', (h) => upper(h.md5), 1),
  csv: lines('Name\tFile Size\tMD5 Hash\tSHA-1\n', (h, i) => `"f ${i}"\t${i + 1}\t${h.md5}\t${h.sha1}`, 1),
}

function lines(
  header: string,
  line: (h: (typeof hashes)[number], i: number) => string,
  headerLines: number,
): Sample {
  const text = header + hashes.map((h, i) => `${line(h, i)}\n`).join('')
  return { content: Buffer.from(text, 'latin1'), records: N, declared: 'known', headerLines }
}

function sqlite(fill: (database: Database.Database) => void): Sample {
  const path = temporaryPath('sample.db')
  const database = new Database(path)
  fill(database)
  database.close()
  return { content: readFileSync(path), records: N, declared: 'known', headerLines: null }
}

function encase(): Buffer {
  const bytes = Buffer.alloc(0x480 + N * 18)
  Buffer.from([0x48, 0x41, 0x53, 0x48, 0x0d, 0x0a, 0xff, 0x00]).copy(bytes)
  bytes.writeUInt32LE(2, 8)
  bytes.writeUInt32LE(1, 12)
  bytes.writeUInt32LE(N, 16)
  bytes.write('Synthetic set', 0x408, 'utf16le')
  for (const [i, h] of hashes.entries()) Buffer.from(h.md5, 'hex').copy(bytes, 0x480 + i * 18)
  return bytes
}

function upper(hex: string): string {
  return hex.toUpperCase()
}
