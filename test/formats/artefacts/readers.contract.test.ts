/** The suite that every reader of device records passes: what its sample holds comes out, and no mutant of it breaks a child. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import * as apple from '../../../fixtures/device/apple.ts'
import { extractionReport } from '../../../fixtures/device/bencode.ts'
import { CHROMIUM_BOOKMARKS, CHROMIUM_SCHEMA, SAFARI_DOWNLOADS } from '../../../fixtures/device/browsers.ts'
import { blockCache } from '../../../fixtures/device/caches.ts'
import { discordAnswer } from '../../../fixtures/device/discord.ts'
import { dsStore } from '../../../fixtures/device/ds-store.ts'
import { cancelledMet, knownMet, partMet } from '../../../fixtures/device/emule.ts'
import * as generators from '../../../fixtures/device/generators.ts'
import * as networks from '../../../fixtures/device/hidden-networks.ts'
import { indexDat } from '../../../fixtures/device/index-dat.ts'
import * as players from '../../../fixtures/device/players.ts'
import { packedPrefetch, prefetchFile } from '../../../fixtures/device/prefetch.ts'
import { destList, userHive } from '../../../fixtures/device/registry.ts'
import { aresPartial, aresShareL, shareazaLibrary } from '../../../fixtures/device/sharing.ts'
import { shortcutFile } from '../../../fixtures/device/shortcut.ts'
import { webCache } from '../../../fixtures/device/webcache.ts'
import { RECORDS } from '../../../src/contracts/record.ts'
import { ARTEFACTS } from '../../../src/formats/artefacts/index.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { mediaTypeRow } from '../../../src/media-types/applies.ts'
import { compoundFile } from '../../child/compound-files.ts'
import { ad1, l01, listOf } from '../../image/container/writers.ts'
import { checkedRecord, mutant, recordsOf } from './records-of.ts'

const FOLDER = join(import.meta.dirname, '../../../fixtures/device')
/** As a browser of the Chromium family keeps it. */
function historyFile(): Buffer {
  const db = new Database(':memory:')
  db.exec(CHROMIUM_SCHEMA)
  db.exec(`INSERT INTO urls VALUES (1, 'https://example.org/', 'Example', 2, 1, 13222310400000000, 0);
    INSERT INTO keyword_search_terms VALUES (2, 1, 'ferry', 'ferry')`)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const FILE = {
  ed2k: 'a1'.repeat(16),
  name: 'grüner Hügel.jpg',
  sizeBytes: 2 ** 33 + 7,
  modified: 1_600_000_000,
}

/** A sample an artefact's media type: what makes it, how many records it holds. A type that has none here fails. */
const SAMPLES: Readonly<Record<string, readonly [make: () => Buffer, records: number]>> = {
  'application/x-ft-windows-registry-hive': [() => userHive(1_600_000_000_000), 6],
  'application/x-ms-jumplist': [
    () => compoundFile({ DestList: destList(['C:\\Users\\x\\map.jpg'], 1_600_000_000_000) }),
    1,
  ],
  'application/x-ares-catalogue': [
    () => aresShareL([{ name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 7 }], 1_600_000_000),
    1,
  ],
  'application/x-shareaza-library': [
    () => shareazaLibrary([{ name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 7 }], 1_600_000_000_000),
    1,
  ],
  'text/x-zone-identifier': [
    () => Buffer.from('[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.org/map.jpg\r\n'),
    1,
  ],
  'application/x-chromium-cache-blocks': [
    () =>
      blockCache([
        { url: 'https://example.org/a.jpg', body: Buffer.alloc(20_000, 7), at: 1_600_000_000 },
      ]).get('data_1')!,
    1,
  ],
  'application/x-discord-messages': [
    () =>
      discordAnswer([
        { id: '1', at: 1_600_000_000, author: ['2', 'ada.example', null], words: 'a wide lake' },
        { id: '2', at: 1_600_000_001, author: ['3', 'ben.example', null], words: 'a high hill' },
      ]),
    3,
  ],
  'application/x-bittorrent': [() => readFileSync(join(FOLDER, 'torrents/multi.torrent')), 3],
  'application/x-bittorrent-resume': [
    () => readFileSync(join(FOLDER, 'torrents/transmission-4.1.resume')),
    1,
  ],
  'application/x-sqlite3': [historyFile, 2],
  'application/x.ms.shortcut': [() => shortcutFile('E:\\photos\\lake.jpg', 1_600_000_000_000), 1],
  'application/x-tor-service-key': [
    () => Buffer.from(`== ed25519v1-public: type0 ==\0\0\0${'k'.repeat(32)}`),
    0,
  ],
  'text/x-tor-state': [
    () =>
      Buffer.from(
        '# Tor state file last generated on 2026-01-02 05:04:05 local time\nTorVersion Tor 0.4.8.10\nLastWritten 2026-01-02 03:04:05\n',
      ),
    1,
  ],
  'application/x-ufed-report+xml': [
    () => Buffer.from(extractionReport([{ path: '/data/a.jpg', sizeBytes: 7, md5: 'a1'.repeat(16) }])),
    1,
  ],
  'application/x-ewf-logical': [
    () => {
      const cells = { ls: '7', be: '1 0 7', ha: 'a1'.repeat(16) }
      return l01(Buffer.alloc(32_768, 3), listOf(32_768, [{ name: 'a.jpg', cells }, { name: 'b.jpg' }]))
    },
    1,
  ],
  'application/x-ares-partial': [
    () =>
      aresPartial(
        { name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 9000 },
        Buffer.alloc(70),
        1_600_000_000,
      ).subarray(9000),
    1,
  ],
  'application/x-ms-ese-database': [
    () =>
      webCache({
        History: [{ url: 'Visited: x@https://example.org/', accessed: 1_600_000_000_000, apartBy: 40 }],
        Content: [{ url: 'https://example.org/a.jpg', fileName: 'a.jpg', accessed: 1_600_000_000_000 }],
      }),
    2,
  ],
  'application/x-chromium-bookmarks+json': [() => Buffer.from(CHROMIUM_BOOKMARKS), 1],
  'application/x-safari-downloads': [() => SAFARI_DOWNLOADS, 2],
  'application/x-ms-prefetch': [
    () =>
      packedPrefetch(
        prefetchFile({
          version: 30,
          program: 'VIEWER.EXE',
          runs: 2,
          times: [1_600_000_000_000],
          files: ['\\D\\VIEWER.EXE', '\\D\\LAKE.JPG'],
        }),
      ),
    2,
  ],
  'application/x-apple-ds-store': [
    () => dsStore([['lake.jpg', 'Iloc', 'blob', 'x'.repeat(16)]], [['hill.jpg', 'Iloc', 'blob', '']]),
    2,
  ],
  'application/x-safetensors': [() => generators.ADAPTER, 1],
  'application/x-gguf': [() => generators.gguf({ 'general.name': 'hills' }), 1],
  'application/x-generator+json': [() => Buffer.from(generators.HISTORY), 1],
  'text/x-generator-page': [() => Buffer.from(generators.PAGE), 1],
  'text/x-generator-settings': [() => Buffer.from(generators.SETTINGS), 1],
  'text/x-generator-table': [() => Buffer.from(generators.TABLE), 1],
  'application/x-xbel+xml': [() => Buffer.from(players.RECENTLY_USED), 3],
  'application/x-vlc-preferences': [() => players.VLC_PREFERENCES, 1],
  'text/x-vlc-interface': [() => Buffer.from(players.VLC_INTERFACE), 3],
  'text/x-mpv-watch-later': [() => Buffer.from(players.MPV_WATCH_LATER), 1],
  'application/x-i2p-key': [() => readFileSync(join(FOLDER, 'i2pd/my-site.dat')), 0],
  'application/x-i2p-router': [() => readFileSync(join(FOLDER, 'i2pd/router.info')), 1],
  'text/x-i2pd-config': [() => readFileSync(join(FOLDER, 'i2pd/tunnels.conf')), 1],
  'application/x-ms-index-dat': [
    () => indexDat([{ url: 'Visited: x@https://example.org/', accessed: 1_600_000_000_000 }]),
    1,
  ],
  'application/x-apple-double': [apple.doubleOfDownload, 3],
  'application/x-apple-where-froms': [() => apple.WHERE_FROMS, 1],
  'application/x-apple-last-used': [() => apple.LAST_USED, 1],
  'text/x-apple-quarantine': [() => apple.QUARANTINE, 1],
  'application/x-ad1-image': [() => ad1([{ name: 'a.jpg', data: Buffer.from('a') }])[0]!, 1],
  'text/x-torrc': [() => Buffer.from(networks.TORRC), 3],
  'text/x-mozilla-preferences': [() => Buffer.from(networks.PREFERENCES), 1],
  'text/x-i2p-config': [() => Buffer.from(networks.I2P_TUNNELS), 1],
  'text/x-i2p-hosts': [() => Buffer.from(networks.I2P_HOSTS), 1],
  'text/x-freenet-config': [() => Buffer.from(networks.FREENET_CONFIG), 1],
  'text/x-trash-info': [
    () => Buffer.from('[Trash Info]\nPath=/home/x/my%20map.jpg\nDeletionDate=2026-01-02T03:04:05\n'),
    1,
  ],
  'application/x-emule-known': [() => readFileSync(join(FOLDER, 'amule-2.3.3-known.met')), 3],
  'application/x-emule-part': [() => partMet({ ...FILE, receivedBytes: 99, partFile: '003.part' }), 1],
  'application/x-emule-cancelled': [() => cancelledMet(['b2'.repeat(16), 'c3'.repeat(16)], null), 2],
}

/** Encrypted stores, of which nothing is read but that they are there. */
const LOCKED: Readonly<Record<string, () => Buffer>> = {
  'application/octet-stream': () => readFileSync(join(FOLDER, 'sqlcipher/version3.db')),
  'application/x-whatsapp-backup': () => networks.whatsappBackup('crypt15', '2.24.5.13', true),
  'application/x-signal-backup': networks.signalBackup,
  'application/x-telegram-data': () => networks.telegramData(4_008_003),
  'application/x-signal-config': () => Buffer.from(`{"encryptedKey": "763130${'ab'.repeat(80)}"}`),
}

const TYPES = ARTEFACTS.flatMap(({ id, mediaTypes }) =>
  mediaTypes.filter((type) => !LOCKED[type]).map((type) => [id, type] as const),
)

describe.each(TYPES)('the reader %s of %s', (_id, type) => {
  const sample = () => SAMPLES[type]!

  it('is asked for what is recognised as its type, and gives every record of its sample', async () => {
    const [make, records] = sample()
    expect((await identifyContent(make())).mediaType).toBe(type)
    expect(mediaTypeRow(type).records).toBe(true)
    const read = recordsOf(type, make())
    expect([read.result, read.records.length]).toEqual([{ result: 'done' }, records])
    for (const record of read.records) expect(Object.hasOwn(RECORDS, record.what.code)).toBe(true)
  })

  it('says nothing of 200 mutants that is not believed, and throws on none', () => {
    const [make] = sample()
    for (let i = 0; i < 200; i++) {
      const read = recordsOf(type, mutant(make(), i))
      for (const record of read.records) checkedRecord(record)
    }
  })

  it('reads no more records than it may, and counts the others', () => {
    const [make, records] = sample()
    const read = recordsOf(type, make(), 0)
    expect(read.records).toEqual([])
    if (records === 0) return expect(read.result).toEqual({ result: 'done' })
    expect(read.result).toEqual({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'device-records-left', params: { records } },
    })
  })
})

describe.each(Object.entries(LOCKED))('the encrypted store %s', (type, make) => {
  it('is recognised, not done, and survives 200 mutants', async () => {
    expect((await identifyContent(make())).mediaType).toBe(type)
    expect(mediaTypeRow(type).records).toBe(true)
    expect(recordsOf(type, make()).result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    for (let i = 0; i < 200; i++)
      expect(recordsOf(type, mutant(make(), i)).result).toMatchObject({ result: 'not-done' })
  })
})

describe('catalogues of eMule', () => {
  it('name digest, size over 4 GB, time and counters of sharing', () => {
    const [record] = recordsOf(
      'application/x-emule-known',
      knownMet([{ ...FILE, sentBytes: 5_000_000, requests: 9, accepted: 4 }]),
    ).records
    expect(record).toEqual({
      what: {
        code: 'emule-known',
        params: {
          name: FILE.name,
          sizeBytes: FILE.sizeBytes,
          sentBytes: 5_000_000,
          requests: 9,
          accepted: 4,
        },
      },
      direction: 'shared',
      times: 4,
      when: { ns: '1600000000000000000', resolution: 's', zone: 'utc' },
      whenKind: 'modified',
      moreTimes: [],
      person: null,
      status: 'live',
      digests: { ed2k: FILE.ed2k },
      sizeBytes: FILE.sizeBytes,
      pieces: [],
    })
  })

  it('say nothing of sharing where nothing was sent', () => {
    const [record] = recordsOf('application/x-emule-known', knownMet([{ ...FILE, requests: 3 }])).records
    expect([record!.direction, record!.times]).toEqual([null, null])
  })

  it('lose the damaged record alone, and say where it stood', () => {
    const files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({ ...FILE, name }))
    const whole = knownMet(files)
    const one = (whole.length - 5) / 3
    const damaged = Buffer.from(whole)
    damaged.writeUInt32LE(0xffff_ffff, 5 + one + 22)
    const read = recordsOf('application/x-emule-known', damaged)
    expect(read.records.map(({ what }) => (what.params as { name: string }).name)).toEqual(['a.jpg', 'c.jpg'])
    expect(read.result).toMatchObject({
      reason: 'partly-examined',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: 5 + one } },
    })
  })

  it('count salted digests of cancelled downloads, which cannot be compared', async () => {
    const bytes = cancelledMet(['b2'.repeat(16)], 77)
    expect((await identifyContent(bytes)).mediaType).toBe('application/x-emule-cancelled')
    const read = recordsOf('application/x-emule-cancelled', bytes)
    expect(read.records).toEqual([])
    expect(read.findings).toContainEqual({
      kind: 'attribute',
      code: 'records-salted',
      params: { records: 1 },
    })
  })
})
