/** Databases of messengers, cloud and media stores, trash and Tor: what they name, of whom, when. */
import { generateKeyPairSync } from 'node:crypto'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { shortcutFile } from '../../../fixtures/device/shortcut.ts'
import {
  APPLE_WHATSAPP_SCHEMA,
  DRIVE_SCHEMA,
  MEDIA_STORE_SCHEMA,
  OLD_WHATSAPP_SCHEMA,
  WHATSAPP_SCHEMA,
} from '../../../fixtures/device/stores.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { mutant, recordsOf } from './records-of.ts'

const SQLITE = 'application/x-sqlite3'
const HASH = Buffer.alloc(32, 0xcd)
const SHA256 = HASH.toString('hex')
const BASE64 = HASH.toString('base64')

function made(sql: string): Buffer {
  const db = new Database(':memory:')
  db.exec(sql)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const NEW = `${WHATSAPP_SCHEMA}
  INSERT INTO jid VALUES (4, '37060000000@s.whatsapp.net'); INSERT INTO chat VALUES (2, 4, NULL);
  INSERT INTO message VALUES (1, 2, 1, 1600000000000, 1), (3, 2, 0, 1600000001000, 0);
  INSERT INTO message_media VALUES (1, 'Media/IMG-1.jpg', 77, 'image/jpeg', NULL, '${BASE64}'), (9, 'Media/gone.jpg', 5, 'image/jpeg', NULL, '${Buffer.alloc(32, 1).toString('base64')}');`

describe('media of WhatsApp', () => {
  it.each([
    [
      'Android',
      NEW,
      { program: 'whatsapp', path: 'Media/IMG-1.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
      '37060000000@s.whatsapp.net',
    ],
    [
      'Android before 2022',
      `${OLD_WHATSAPP_SCHEMA} INSERT INTO messages VALUES (1, 'a@s.whatsapp.net', 1, 1600000000000, NULL, 'image/jpeg', 77, 'x.jpg', '${BASE64}'), (2, 'a@s.whatsapp.net', 1, 1600000000000, 'hello', NULL, 0, NULL, NULL);`,
      { program: 'whatsapp', name: 'x.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
      'a@s.whatsapp.net',
    ],
    [
      'iOS',
      `${APPLE_WHATSAPP_SCHEMA} INSERT INTO ZWAMESSAGE VALUES (5, 1, ${1_600_000_000 - 978_307_200}.0, NULL, 'b@s.whatsapp.net', NULL); INSERT INTO ZWAMEDIAITEM VALUES (1, 5, 77, 'Media/b/1.jpg', '${BASE64}', 'image/jpeg');`,
      { program: 'whatsapp', path: 'Media/b/1.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
      'b@s.whatsapp.net',
    ],
  ])(
    'on %s name the digest of the plain file, with whom, in which direction and when',
    (_where, sql, params, person) => {
      const [record] = recordsOf(SQLITE, made(sql)).records
      expect(record).toMatchObject({
        what: { code: 'message-media', params },
        direction: 'sent',
        person,
        digests: { sha256: SHA256 },
      })
      expect(record!.when!.ns).toBe('1600000000000000000')
    },
  )

  it('without their message say nothing of whom and when', () => {
    const { records } = recordsOf(SQLITE, made(NEW))
    const gone = records.find(({ what }) => (what.params as { path?: string }).path === 'Media/gone.jpg')
    expect(gone).toMatchObject({
      direction: null,
      when: null,
      person: null,
      digests: { sha256: '01'.repeat(32) },
    })
  })

  it('survive 200 mutants', () => {
    for (let i = 0; i < 200; i++) recordsOf(SQLITE, mutant(made(NEW), i))
  })
})

describe('stores of files', () => {
  it('of Google Drive name MD5 digests, what is shared and what was removed', () => {
    const sql = `${DRIVE_SCHEMA} INSERT INTO cloud_entry VALUES ('d', 'a.jpg', 1600000000, 0, 0, 9, '${'EF'.repeat(16)}', 1), ('e', 'folder', 1, 0, 0, NULL, NULL, 0);`
    const { records } = recordsOf(SQLITE, made(sql))
    expect(records).toMatchObject([
      {
        what: { code: 'cloud-file', params: { name: 'a.jpg', shared: true, removed: false } },
        direction: 'shared',
        digests: { md5: 'ef'.repeat(16) },
      },
      { what: { params: { name: 'folder' } }, digests: {} },
    ])
  })

  it('of Android say which app wrote a file', () => {
    const sql = `${MEDIA_STORE_SCHEMA} INSERT INTO files (_data, _size, mime_type, date_added, owner_package_name, is_trashed) VALUES ('/storage/emulated/0/Pictures/a.jpg', 9, 'image/jpeg', 1600000000, 'org.example.app', 1), ('/storage/emulated/0/Pictures', NULL, NULL, 0, NULL, 0);`
    expect(recordsOf(SQLITE, made(sql)).records).toMatchObject([
      { what: { code: 'media-stored', params: { app: 'org.example.app', trashed: true, sizeBytes: 9 } } },
    ])
  })
})

describe('a shortcut of Windows', () => {
  it('names its target, the volume, the machine and when the target was last accessed', () => {
    const file = shortcutFile('E:\\Fotografien\\größer Hügel.jpg', 1_600_000_000_123)
    expect(recordsOf('application/x.ms.shortcut', file)).toMatchObject({
      result: { result: 'done' },
      records: [
        {
          what: {
            code: 'shortcut',
            params: {
              path: 'E:\\Fotografien\\größer Hügel.jpg',
              sizeBytes: 1234,
              drive: 'removable',
              volumeSerial: 'deadbeef',
              volumeName: 'HOLIDAY',
              machine: 'desk-pc',
            },
          },
          when: { ns: '1600000000123000000', resolution: '100ns', zone: 'utc' },
        },
      ],
    })
  })
})

describe('what Tor leaves', () => {
  it('says when it was last written', async () => {
    const state = Buffer.from(
      '# Tor state file last generated on 2026-01-02 05:04:05 local time\n# Other times below are in UTC\n# You *do not* need to edit this file.\n\nGuard in=default rsa_id=AA nickname=x sampled_on=2025-12-01T00:00:00\nTorVersion Tor 0.4.8.10\nLastWritten 2026-01-02 03:04:05\n',
    )
    const type = 'text/x-tor-state'
    expect((await identifyContent(state)).mediaType).toBe(type)
    expect(recordsOf(type, state).records).toMatchObject([
      {
        what: { code: 'tor-state', params: { guards: 1, version: 'Tor 0.4.8.10' } },
        when: { ns: `${BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) * 1_000_000n}`, resolution: 's', zone: 'utc' },
      },
      { what: { code: 'tor-guard', params: { kind: 'guard', nickname: 'x', fingerprint: 'AA' } } },
    ])
  })

  it('names the onion service whose key lies here, with an address whose checksum holds', async () => {
    const type = 'application/x-tor-service-key'
    // The address of the Tor Project's own site is that of this key (base32 of its first 32 bytes).
    const address = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'
    const bits = [...address.slice(0, 56)]
      .map((c) => 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(c).toString(2).padStart(5, '0'))
      .join('')
    const key = Buffer.from((bits.match(/.{8}/g) ?? []).slice(0, 32).map((byte) => Number.parseInt(byte, 2)))
    const file = Buffer.concat([Buffer.from('== ed25519v1-public: type0 ==\0\0\0'), key])
    expect((await identifyContent(file)).mediaType).toBe(type)
    expect(recordsOf(type, file).findings).toEqual([
      { kind: 'attribute', code: 'onion-service-key', params: { kind: 'public', address } },
    ])
    const { privateKey } = generateKeyPairSync('ed25519')
    const secret = Buffer.concat([
      Buffer.from('== ed25519v1-secret: type0 ==\0\0\0'),
      Buffer.alloc(64, privateKey.export({ type: 'pkcs8', format: 'der' })),
    ])
    expect(recordsOf(type, secret).findings).toEqual([
      { kind: 'attribute', code: 'onion-service-key', params: { kind: 'secret' } },
    ])
  })
})
