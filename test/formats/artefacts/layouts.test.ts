/** Layouts that share a media type with the sample of readers.contract.test.ts: 200 mutants of each, none a crash, none unbelieved. */
import { describe, expect, it } from 'vitest'
import { appleDouble, WHERE_FROMS_OF_MAIL } from '../../../fixtures/device/apple.ts'
import { microTorrentResume, qbittorrentResume } from '../../../fixtures/device/bencode.ts'
import { FIREFOX_SCHEMA } from '../../../fixtures/device/browsers.ts'
import { cancelledMet } from '../../../fixtures/device/emule.ts'
import * as networks from '../../../fixtures/device/hidden-networks.ts'
import { below, registryHive, wide } from '../../../fixtures/device/registry.ts'
import { aresPartial, aresShareH, aresTorrentH } from '../../../fixtures/device/sharing.ts'
import { DRIVE_SCHEMA, MEDIA_STORE_SCHEMA } from '../../../fixtures/device/stores.ts'
import { downloadHeaders, webCache } from '../../../fixtures/device/webcache.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { ewf2, listOf } from '../../image/container/writers.ts'
import { databaseOf } from '../sample.ts'
import { checkedRecord, mutant, recordsOf } from './records-of.ts'

const FILE = { name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 9000 }
const AT = 1_600_000_000

const LAYOUTS: Readonly<Record<string, () => Buffer>> = {
  'ShareH.dat of Ares': () => aresShareH([FILE], true, AT),
  'TorrentH.dat of Ares': () => aresTorrentH('map', 'b2'.repeat(20), AT),
  'a partial file of the first Ares': () => aresPartial(FILE, Buffer.alloc(9), AT, 1).subarray(9000),
  'cancelled.met with a seed': () => cancelledMet(['b2'.repeat(16)], 77),
  'resume.dat of µTorrent': microTorrentResume,
  'a download of qBittorrent': qbittorrentResume,
  'places of Firefox': () =>
    databaseOf(
      `${FIREFOX_SCHEMA}; INSERT INTO moz_places (id, url, visit_count) VALUES (1, 'https://example.org/', 2)`,
    ),
  'files of Google Drive': () =>
    databaseOf(
      `${DRIVE_SCHEMA} INSERT INTO cloud_entry VALUES ('d', 'a.jpg', 1600000000, 0, 0, 9, '${'ef'.repeat(16)}', 1)`,
    ),
  'the media store of Android': () =>
    databaseOf(
      `${MEDIA_STORE_SCHEMA} INSERT INTO files (_data, _size, mime_type, date_added) VALUES ('/a/b.jpg', 9, 'image/jpeg', 1600000000)`,
    ),
  'files of players in the registry': () =>
    registryHive({
      name: 'ROOT',
      keys: [
        below(['MediaPlayer', 'Player'], {
          name: 'RecentFileList',
          values: [{ name: 'File0', type: 1, bytes: wide('C:\\a.wmv') }],
        }),
      ],
    }),
  'the router of I2P': () => Buffer.from(networks.I2P_ROUTER),
  'where a mail came from, in AppleDouble': () =>
    appleDouble({ 'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS_OF_MAIL }),
  'an Lx01': () => {
    const cells = { ls: '7', be: '1 0 7', ha: 'a1'.repeat(16) }
    return ewf2(Buffer.alloc(32_768, 3), listOf(32_768, [{ name: 'a.jpg', cells }]))
  },
  'downloads of Internet Explorer': () =>
    webCache({
      iedownload: [
        {
          url: 'iedownload:{x}',
          accessed: AT * 1000,
          headers: downloadHeaders('https://example.org/', 'https://example.org/a.zip', 'C:\\a.zip'),
        },
      ],
    }),
}

describe.each(Object.entries(LAYOUTS))('%s', (_name, make) => {
  it('is read, and survives 200 mutants', async () => {
    const bytes = make()
    const { mediaType } = await identifyContent(bytes)
    const read = recordsOf(mediaType, bytes)
    expect(read.records.length + read.findings.length).toBeGreaterThan(0)
    expect(read.result).toEqual({ result: 'done' })
    for (let i = 0; i < 200; i++)
      for (const record of recordsOf(mediaType, mutant(bytes, i)).records) checkedRecord(record)
  })
})
