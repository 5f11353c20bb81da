/** What is more than is read of a file: each cut is counted in the outcome, and what need not be cut is read. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { bencoded } from '../../../fixtures/device/bencode.ts'
import { I2P_HOSTS } from '../../../fixtures/device/hidden-networks.ts'
import { VLC_INTERFACE } from '../../../fixtures/device/players.ts'
import { below, registryHive, wide } from '../../../fixtures/device/registry.ts'
import { WHATSAPP_CHATS_SCHEMA } from '../../../fixtures/device/stores.ts'
import { stateOf } from '../../../src/formats/sqlite/database-state.ts'
import { deletedRows } from '../../../src/formats/sqlite/sqlite-deleted.ts'
import { olderRows, PageOwners } from '../../../src/formats/sqlite/sqlite-older.ts'
import { sqlite } from '../../../src/formats/text/sqlite.ts'
import { NO_COMPANION_FILES } from '../../../src/wire/companion-files.ts'
import type { TextLimits } from '../../../src/wire/text.ts'
import { databaseOf } from '../sample.ts'
import { recordsOf } from './records-of.ts'

const left = (code: string, params: object) => ({
  result: 'done-with-warnings',
  reason: 'partly-examined',
  detail: { code, params },
})

describe('more than is read of a file', () => {
  it('is no more of a list of addresses than of any records', () => {
    const paths = Array.from({ length: 12_000 }, (_, i) => `file:///home/x/${i}.mp4`)
    const list = VLC_INTERFACE.replace(/^list=.*$/m, `list=${paths.join(', ')}`)
    const all = recordsOf('text/x-vlc-interface', Buffer.from(list), 20_000)
    expect([all.records.length, all.result]).toEqual([12_000, { result: 'done' }])
    const some = recordsOf('text/x-vlc-interface', Buffer.from(list), 11_000)
    expect(some.result).toEqual(left('device-records-left', { records: 1000 }))
  })

  it('is said in bytes of a text, and what stands before is read', () => {
    const more = 1000
    const text = I2P_HOSTS.padEnd((8 << 20) + more, `# ${'x'.repeat(998)}\n`)
    const read = recordsOf('text/x-i2p-hosts', Buffer.from(text))
    expect(read.records).toMatchObject([{ what: { code: 'i2p-router', params: { names: 2 } } }])
    expect(read.result).toEqual(left('device-bytes-left', { bytes: more }))
  })

  it('is no file of a torrent', () => {
    const files = Array.from({ length: 100_010 }, (_, i) => ({ length: 1, path: [`${i}`] }))
    const info = { files, name: 'many', 'piece length': 16_384, pieces: Buffer.alloc(140) }
    const read = recordsOf('application/x-bittorrent', bencoded({ info }), 5)
    expect(read.records[0]).toMatchObject({ what: { params: { files: 100_010 } } })
    expect(read.result).toEqual(left('device-records-left', { records: 100_006 }))
  })

  it('is counted of keys below keys, and of values in pieces', () => {
    const deep = Array.from({ length: 600 }, (_, i) => `k${i}`)
    const key = {
      name: 'TypedURLs',
      values: [{ name: 'url1', type: 1, bytes: wide('https://example.org/') }],
    }
    const hive = registryHive(below(deep, key))
    expect(recordsOf('application/x-ft-windows-registry-hive', hive).result).toEqual(
      left('device-records-left', { records: 1 }),
    )
    const whole = below(['Software', 'Microsoft', 'Internet Explorer'], key)
    const pieces = registryHive(whole)
    const at = pieces.indexOf(wide('https://example.org/'))
    pieces.write('db', at, 'latin1')
    // Its length, in the value that leads to it.
    pieces.writeUInt32LE(20_000, pieces.lastIndexOf(Buffer.from('vk')) + 4)
    const read = recordsOf('application/x-ft-windows-registry-hive', pieces)
    expect([read.records, read.result]).toEqual([[], left('device-records-left', { records: 1 })])
  })

  it('is no person of a conversation, and those that a record does not name are counted', () => {
    const members = Array.from({ length: 25 }, (_, i) => i + 10)
    const rows = (of: (id: number) => string) => members.map((id) => `(${of(id)})`).join(', ')
    const database = databaseOf(
      WHATSAPP_CHATS_SCHEMA,
      `INSERT INTO jid VALUES (5, '1203', 'g.us', '1203@g.us'), ${rows((id) => `${id}, '${id}', 's.whatsapp.net', '${id}@s.whatsapp.net'`)};
       INSERT INTO chat VALUES (2, 5, 0, 'Rowing club');
       INSERT INTO group_participant_user VALUES ${rows((id) => `${id}, 5, ${id}, 0`)};
       INSERT INTO message VALUES (4, 2, 0, 'K4', 12, 0, 1600000180000, 0, 0, 'the boats are dry again', 4);`,
    )
    const { records } = recordsOf('application/x-sqlite3', database)
    const [club] = records.filter(({ what }) => what.code === 'conversation')
    const { persons = [], others } = club!.what.params as { persons?: string[]; others?: number }
    expect([persons.length, others]).toEqual([20, 5])
  })

  it('is said of deleted rows, in replaced pages as in free ones', () => {
    const db = new Database(':memory:')
    db.pragma('page_size = 65536')
    db.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT, day INTEGER)')
    db.exec("INSERT INTO note VALUES (1, 'first', 20200101)")
    const then = stateOf(db.serialize(), NO_COMPANION_FILES).file
    db.exec('CREATE TABLE big (bytes BLOB); INSERT INTO big VALUES (zeroblob(69206016)); DROP TABLE big')
    const large = stateOf(db.serialize(), NO_COMPANION_FILES).file
    db.close()
    const table = then.tables().find(({ name }) => name === 'note')!
    const search = { isCut: false }
    const replaced = function* (times: number) {
      for (let i = 0; i < times; i++) yield { number: table.rootPage, then, isLasting: false }
    }
    const owners = new PageOwners(then, [table])
    const older = (times: number) => [
      ...olderRows(
        () => replaced(times),
        owners,
        table,
        () => true,
        search,
      ),
    ]
    expect([older(3).length, search.isCut]).toEqual([3, false])
    expect([older(4097).length, search.isCut]).toEqual([4096, true])
    const free = { isCut: false }
    const found = [...deletedRows(large, table, () => false, free)]
    expect([found, free.isCut]).toEqual([[], true])
  })

  it('is said of deleted messages where their words are read', async () => {
    const large = databaseOf(
      `PRAGMA page_size = 65536; ${WHATSAPP_CHATS_SCHEMA} CREATE TABLE big (bytes BLOB); INSERT INTO big VALUES (zeroblob(69206016)); DROP TABLE big`,
    )
    const whole = databaseOf(WHATSAPP_CHATS_SCHEMA)
    const warnings = async (bytes: Buffer) =>
      (await sqlite.extract(bytes, { textChars: 1000 } as TextLimits)).warnings
    expect(await warnings(whole)).toEqual([])
    expect(await warnings(large)).toEqual([{ code: 'messages-not-searched', params: {} }])
  })
})
