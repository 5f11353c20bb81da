/** Catalogues of Ares and Shareaza, where files came from and what a photo library says; public samples are compared in docs/reference/device.md. */
import { describe, expect, it } from 'vitest'
import {
  aresPartial,
  aresShareH,
  aresShareL,
  aresTorrentH,
  shareazaLibrary,
} from '../../../fixtures/device/sharing.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { databaseOf } from '../sample.ts'
import { checkedRecord, mutant, recordsOf } from './records-of.ts'

const ARES = 'application/x-ares-catalogue'
const SQLITE = 'application/x-sqlite3'
const SHA1 = 'a1'.repeat(20)
const MD5 = 'b2'.repeat(16)
const AT = 1_600_000_000
const COCOA = AT - 978_307_200
const FILES = [
  { name: 'map.jpg', sha1: SHA1, sizeBytes: 7_000_000_000, uploads: 3, md5: MD5 },
  { name: 'pond.jpg', sha1: 'c3'.repeat(20), sizeBytes: 9 },
]

describe('Ares', () => {
  it('names what lies in shared folders by SHA-1, path and size', () => {
    const { records } = recordsOf(ARES, aresShareL(FILES, AT))
    expect(records).toMatchObject([
      {
        what: {
          code: 'ares-file',
          params: { catalogue: 'local', path: 'C:\\My Shared Folder\\map.jpg', sizeBytes: 7_000_000_000 },
        },
        direction: 'shared',
        when: { ns: `${AT}000000000` },
        digests: { sha1: SHA1 },
      },
      { digests: { sha1: 'c3'.repeat(20) } },
    ])
  })

  it('says of its history whether a file was marked as shared', () => {
    expect(recordsOf(ARES, aresShareH(FILES, true, AT)).records[0]).toMatchObject({
      what: { params: { shared: true } },
      direction: 'shared',
    })
    expect(recordsOf(ARES, aresShareH(FILES, false, AT)).records[0]).toMatchObject({
      what: { params: { shared: false } },
      direction: null,
    })
  })

  it('has torrents in a file that begins as its history does', () => {
    const { records } = recordsOf(ARES, aresTorrentH('Lake', 'd4'.repeat(20), AT))
    expect(records).toMatchObject([
      {
        what: {
          code: 'torrent-download',
          params: { program: 'ares', name: 'Lake', infoHash: 'd4'.repeat(20) },
        },
      },
    ])
  })

  it.each([1, 3] as const)(
    'keeps behind a partial file the SHA-1 of the whole, how much came and since when (version %s)',
    async (version) => {
      const file = { name: 'map.jpg', sha1: SHA1, sizeBytes: 9000 }
      const received = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(500, 7)])
      const partial = aresPartial(file, received, AT, version)
      expect(await identifyContent(partial)).toEqual({ mediaType: 'image/jpeg', hasAppended: true })
      // Of a picture that breaks off something is behind anyhow: what nothing recognises says it alone.
      const unknown = aresPartial(file, Buffer.alloc(500, 7), AT, version)
      expect((await identifyContent(unknown)).hasAppended).toBe(true)
      expect((await identifyContent(unknown.subarray(0, -1))).hasAppended).toBe(undefined)
      const state = partial.subarray(-4096)
      expect((await identifyContent(state)).mediaType).toBe('application/x-ares-partial')
      const read = recordsOf('application/x-ares-partial', state)
      expect(read.result).toEqual({ result: 'done' })
      expect(read.records).toMatchObject([
        {
          what: {
            code: 'ares-partial',
            params: { title: 'map.jpg', sizeBytes: 9000, receivedBytes: received.length, paused: true },
          },
          direction: 'received',
          when: { ns: `${AT}000000000` },
          digests: { sha1: SHA1 },
          sizeBytes: 9000,
        },
      ])
    },
  )

  it('says of a state that breaks off where, and keeps what stands before', () => {
    const state = aresPartial({ name: 'map.jpg', sha1: SHA1, sizeBytes: 9000 }, Buffer.alloc(9), AT)
    const gaps = 9000 + 13 + 16
    const read = recordsOf('application/x-ares-partial', state.subarray(9000, gaps + 40))
    expect(read.records).toMatchObject([{ what: { params: { sizeBytes: 9000 } }, digests: {} }])
    expect(read.result).toMatchObject({ detail: { params: { records: 1, offset: 13 + 16 + 32 } } })
  })

  it('that breaks off gives what stands before', () => {
    const whole = aresShareL(FILES, AT)
    const read = recordsOf(ARES, whole.subarray(0, whole.length - 3))
    expect(read.records).toHaveLength(1)
    expect(read.result).toMatchObject({ detail: { code: 'device-records-damaged', params: { records: 1 } } })
  })
})

describe('Shareaza', () => {
  it('names files by their digests, with uploads as times shared', () => {
    const { records } = recordsOf('application/x-shareaza-library', shareazaLibrary(FILES, AT * 1000))
    expect(records).toMatchObject([
      {
        what: {
          code: 'shareaza-file',
          params: { name: 'map.jpg', folder: 'C:\\Shared\\Pictures', shared: true, hits: 4, uploads: 3 },
        },
        direction: 'shared',
        times: 3,
        digests: { sha1: SHA1, md5: MD5 },
        when: { ns: `${AT}000000000` },
      },
      { direction: null, times: null },
    ])
  })
})

describe('where files came from', () => {
  it('Windows says with the zone, the address and the page', () => {
    const stream =
      '[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://example.org/\r\nHostUrl=https://example.org/map.jpg\r\n'
    expect(recordsOf('text/x-zone-identifier', Buffer.from(stream)).records).toMatchObject([
      {
        what: {
          code: 'download',
          params: { program: 'windows-zone', url: 'https://example.org/map.jpg', state: 'zone 3' },
        },
        direction: 'received',
      },
    ])
  })

  it('macOS says with the program; Safari has its visits, and what was removed', () => {
    const quarantine = databaseOf(
      'CREATE TABLE LSQuarantineEvent (LSQuarantineEventIdentifier TEXT PRIMARY KEY NOT NULL, LSQuarantineTimeStamp REAL, LSQuarantineAgentName TEXT, LSQuarantineDataURLString TEXT, LSQuarantineSenderAddress TEXT, LSQuarantineOriginURLString TEXT)',
      `INSERT INTO LSQuarantineEvent VALUES ('A', ${COCOA}.5, 'Safari', 'https://example.org/map.zip', NULL, 'https://example.org/')`,
    )
    expect(recordsOf(SQLITE, quarantine).records).toMatchObject([
      {
        what: { params: { program: 'macos-quarantine', app: 'Safari', url: 'https://example.org/map.zip' } },
        when: { ns: `${AT}500000000` },
      },
    ])
    const history = databaseOf(
      'CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, visit_count INTEGER); CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER NOT NULL, visit_time REAL NOT NULL, title TEXT, origin INTEGER); CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL, end_time REAL, url TEXT)',
      `INSERT INTO history_items VALUES (1, 'https://example.org/ferry', 2); INSERT INTO history_visits VALUES (1, 1, ${COCOA}.0, 'Ferry', 0), (2, 1, ${COCOA + 60}.0, 'Ferry', 1); INSERT INTO history_tombstones VALUES (1, 0, ${COCOA + 90}.0, 'https://example.org/gone')`,
    )
    expect(
      recordsOf(SQLITE, history).records.map(({ what, when }) => [what.code, what.params, when?.ns]),
    ).toEqual([
      [
        'page-visited',
        { program: 'safari', url: 'https://example.org/ferry', title: 'Ferry' },
        `${AT}000000000`,
      ],
      [
        'page-visited',
        { program: 'safari', url: 'https://example.org/ferry', title: 'Ferry', elsewhere: true },
        `${AT + 60}000000000`,
      ],
      ['history-removed', { program: 'safari', url: 'https://example.org/gone' }, `${AT + 90}000000000`],
    ])
  })

  it('Android and older Firefox have lists of downloads', () => {
    const android = databaseOf(
      'CREATE TABLE downloads (_id INTEGER PRIMARY KEY AUTOINCREMENT, uri TEXT, _data TEXT, mimetype TEXT, status INTEGER, lastmod BIGINT, notificationpackage TEXT, referer TEXT, total_bytes INTEGER, deleted BOOLEAN NOT NULL DEFAULT 0)',
      `INSERT INTO downloads VALUES (1, 'https://example.org/map.jpg', '/storage/emulated/0/Download/map.jpg', 'image/jpeg', 200, ${AT}000, 'com.android.chrome', NULL, 7, 1)`,
    )
    expect(recordsOf(SQLITE, android).records).toMatchObject([
      {
        what: {
          code: 'download',
          params: { program: 'android', app: 'com.android.chrome', state: 'complete', removed: true },
        },
        direction: 'received',
        when: { ns: `${AT}000000000` },
      },
    ])
    const firefox = databaseOf(
      'CREATE TABLE moz_downloads (id INTEGER PRIMARY KEY, name TEXT, source TEXT, target TEXT, startTime INTEGER, endTime INTEGER, state INTEGER, referrer TEXT, maxBytes INTEGER, mimeType TEXT)',
      `INSERT INTO moz_downloads VALUES (1, 'm', 'https://example.org/m.jpg', 'file:///home/x/my%20map.jpg', ${AT}000000, ${AT + 5}000000, 1, NULL, 7, 'image/jpeg')`,
    )
    expect(recordsOf(SQLITE, firefox).records).toMatchObject([
      {
        what: { params: { path: '/home/x/my map.jpg', state: 'complete' } },
        direction: 'received',
        when: { ns: `${AT + 5}000000000` },
      },
    ])
  })

  it('the photo library of iOS says which app, what is hidden or in the trash, and how often it was shared', () => {
    const photos = databaseOf(
      'CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZDATECREATED TIMESTAMP, ZADDEDDATE TIMESTAMP, ZTRASHEDDATE TIMESTAMP, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER, ZKIND INTEGER); CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZORIGINALFILENAME VARCHAR, ZCREATORBUNDLEID VARCHAR, ZORIGINALFILESIZE INTEGER, ZVIEWCOUNT INTEGER, ZSHARECOUNT INTEGER)',
      `INSERT INTO ZASSET VALUES (1, 'DCIM/100APPLE', 'IMG_0001.HEIC', ${COCOA}.0, ${COCOA + 1}.0, ${COCOA + 99}.0, 1, 0, 0), (2, 'DCIM/100APPLE', 'IMG_0002.HEIC', ${COCOA}.0, ${COCOA + 2}.0, NULL, 0, 1, 0); INSERT INTO ZADDITIONALASSETATTRIBUTES VALUES (1, 1, 'lake.heic', 'com.example.app', 77, 4, 2), (2, 2, NULL, NULL, 78, 0, 0)`,
    )
    expect(recordsOf(SQLITE, photos).records).toMatchObject([
      {
        what: {
          params: {
            path: 'DCIM/100APPLE/IMG_0001.HEIC',
            app: 'com.example.app',
            trashed: true,
            shared: 2,
            viewed: 4,
          },
        },
        direction: 'shared',
        times: 2,
        when: { ns: `${AT + 99}000000000` },
      },
      {
        what: { params: { hidden: true, trashed: false } },
        direction: null,
        when: { ns: `${AT + 2}000000000` },
      },
    ])
  })
})

describe('mutants of databases of browsers, downloads and photos', () => {
  it.each([
    "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT, visit_count INTEGER); CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, origin INTEGER); INSERT INTO history_items VALUES (1, 'https://example.org/', 2); INSERT INTO history_visits VALUES (1, 1, 600000000.5, NULL, 0)",
    "CREATE TABLE LSQuarantineEvent (LSQuarantineEventIdentifier TEXT PRIMARY KEY, LSQuarantineTimeStamp REAL, LSQuarantineDataURLString TEXT); INSERT INTO LSQuarantineEvent VALUES ('A', 600000000.5, 'https://example.org/')",
    "CREATE TABLE moz_downloads (id INTEGER PRIMARY KEY, source TEXT, target TEXT, startTime INTEGER, endTime INTEGER, state INTEGER, maxBytes INTEGER); INSERT INTO moz_downloads VALUES (1, 'https://example.org/', 'file:///a', 1600000000000000, 1600000000000000, 1, 5)",
    "CREATE TABLE downloads (_id INTEGER PRIMARY KEY, uri TEXT, _data TEXT, status INTEGER, lastmod INTEGER, notificationpackage TEXT); INSERT INTO downloads VALUES (1, 'https://example.org/', '/a', 200, 1600000000000, 'a.b')",
    "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZDATECREATED TIMESTAMP, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER); INSERT INTO ZASSET VALUES (1, 'DCIM', 'a.jpg', 600000000.5, 0, 1)",
  ])('are read without a crash: %s', (sql) => {
    const bytes = databaseOf(sql)
    expect(recordsOf(SQLITE, bytes).records).toHaveLength(1)
    for (let i = 0; i < 200; i++)
      for (const record of recordsOf(SQLITE, mutant(bytes, i)).records) checkedRecord(record)
  })
})
