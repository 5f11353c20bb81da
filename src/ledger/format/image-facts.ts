/** Reads the image of an exhibit and its medium back from the tables. */

import { parseStoredJson } from '../../base/stored-json.ts'
import type {
  BlockSample,
  ByteClass,
  ByteCount,
  ExhibitImage,
  ListedRange,
} from '../../contracts/image-exhibit.ts'
import type { RecordedHash } from '../../contracts/ledger.ts'
import type { Lock } from '../../contracts/lock.ts'
import type { Db } from '../format/database.ts'
import { resultFromRow } from '../format/result-row.ts'
import { LOCK_REMARK } from './lock-remark.ts'

/** Null when the exhibit is not an image. */
export function readImage(db: Db): ExhibitImage | null {
  const image = db.prepare('SELECT format, size AS sizeBytes FROM image').get() as
    | Pick<ExhibitImage, 'format' | 'sizeBytes'>
    | undefined
  if (!image) return null
  const remarks = db
    .prepare('SELECT code, params FROM remark WHERE volume IS NULL ORDER BY batch, ordinal')
    .all() as {
    code: string
    params: string
  }[]
  return {
    ...image,
    segments: db
      .prepare('SELECT file AS name, size AS sizeBytes FROM segment ORDER BY number')
      .all() as ExhibitImage['segments'],
    stated: statedOf(db, null),
    storedHashes: readImageHashes(db)
      .filter(({ origin }) => origin === 'stored')
      .map(({ algorithm, hex }) => ({ algorithm, hex })),
    remarks: remarks.map(({ code, params }) => ({
      code,
      params: parseStoredJson(params) as ExhibitImage['remarks'][number]['params'],
    })),
  }
}

export function readImageHashes(db: Db): readonly RecordedHash[] {
  return db
    .prepare('SELECT origin, algorithm, lower(hex(digest)) AS hex FROM image_hash ORDER BY batch, ordinal')
    .all() as RecordedHash[]
}

export function readByteClasses(db: Db): readonly ByteCount[] {
  return db.prepare('SELECT volume, class, bytes FROM byte_class ORDER BY volume, batch, ordinal').all() as {
    volume: number | null
    class: ByteClass
    bytes: number
  }[]
}

/** Empty for formats before 3. */
export function readSamples(db: Db): readonly BlockSample[] {
  return db
    .prepare(
      `SELECT volume, CAST(seed AS TEXT) AS seed, block AS blockBytes, blocks, drawn, "read", empty, matched,
         hash_set_sha256 AS hashSetSha256 FROM sample ORDER BY volume, batch, ordinal`,
    )
    .all() as BlockSample[]
}

interface RangeRow {
  readonly offset: number
  readonly length: number
  readonly kind: ListedRange['range']['kind']
  readonly number: number | null
  readonly scheme: string
  readonly type: string
  readonly name: string
  readonly holds: string
  readonly file_system: string | null
  readonly label: string
  readonly uuid: string
  readonly cluster: number
  readonly result: string
  readonly reason: string | null
  readonly detail_code: string | null
  readonly detail_params: string | null
}

/** In order of offset. */
export function readRanges(db: Db): readonly ListedRange[] {
  const classes = readByteClasses(db)
  return (db.prepare('SELECT * FROM volume ORDER BY offset').all() as RangeRow[]).map((row) => {
    const { offset, length, kind, number, scheme, type, name, holds: content } = row
    return {
      range: { offset, length, kind, number, scheme, type, name, content },
      fileSystem:
        row.file_system === null
          ? null
          : {
              kind: row.file_system,
              label: row.label,
              uuid: row.uuid,
              clusterBytes: row.cluster,
              stated: statedOf(db, number),
            },
      listed: resultFromRow(row.result, row.reason, row.detail_code, row.detail_params),
      classes: row.file_system === null ? null : classesOf(classes, number),
      problems: number === null ? [] : problemsOf(db, number),
      ...lockOf(db, number),
    }
  })
}

function classesOf(all: readonly ByteCount[], volume: number | null): ListedRange['classes'] {
  const bytes = (name: ByteClass) =>
    all.find((one) => one.volume === volume && one.class === name)?.bytes ?? 0
  return {
    metadata: bytes('metadata'),
    allocated: bytes('allocated'),
    unallocated: bytes('unallocated'),
    slack: bytes('slack'),
    bad: bytes('bad'),
  }
}

function statedOf(db: Db, volume: number | null): ExhibitImage['stated'] {
  return db
    .prepare('SELECT name, value FROM stated WHERE volume IS ? ORDER BY batch, ordinal')
    .all(volume) as ExhibitImage['stated']
}

function lockOf(db: Db, volume: number | null): Pick<ListedRange, 'lock'> {
  if (volume === null) return {}
  const row = db
    .prepare('SELECT params FROM remark WHERE volume = +? AND code = ? LIMIT 1')
    .get(volume, LOCK_REMARK) as { params: string } | undefined
  return row ? { lock: { ...(parseStoredJson(row.params) as Omit<Lock, 'volume'>), volume } } : {}
}

function problemsOf(db: Db, volume: number): ListedRange['problems'] {
  return db
    .prepare('SELECT code, record, detail FROM volume_problem WHERE volume = +? ORDER BY batch, ordinal')
    .all(volume) as ListedRange['problems']
}
