/** Chats of Discord: answers of its servers in a cache, and the table of its programs on phones. Whose side the device is on, none says. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import {
  DISCORD_SCHEMA,
  type DiscordMessage,
  discordAnswer,
  discordMessage,
  discordRow,
  URL_CACHE_SCHEMA,
} from '../../../../fixtures/device/discord.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { textExtractorFor } from '../../../../src/formats/text/index.ts'
import { NO_COMPANION_FILES } from '../../../../src/wire/companion-files.ts'
import { checkedRecord, mutant, recordsOf } from '../../artefacts/records-of.ts'

const AT = 1_600_000_000
const ADA = ['2000000000000000042', 'ada.example', 'Ada'] as const
const BEN = ['2000000000000000043', 'ben.example', null] as const
const URL = 'https://cdn.discordapp.com/attachments/1/2/lake.jpg?ex=1&is=2'
const MESSAGES: readonly DiscordMessage[] = [
  {
    id: '3',
    at: AT + 120,
    author: BEN,
    words: '',
    attachments: [{ id: '9', filename: 'lake.jpg', size: 77, url: URL, content_type: 'image/jpeg' }],
  },
  { id: '4', at: AT + 130, author: BEN, words: '', type: 7 },
  { id: '2', at: AT + 60, author: BEN, words: 'yes, I bring the sandwiches', type: 19 },
  { id: '1', at: AT, author: ADA, words: 'shall we take the early ferry on Sunday' },
]
const TYPE = 'application/x-discord-messages'
const SQLITE = 'application/x-sqlite3'

function table(): Buffer {
  const db = new Database(':memory:')
  db.exec(DISCORD_SCHEMA)
  for (const one of MESSAGES)
    db.prepare('INSERT INTO messages0 (a, data) VALUES (?, ?)').run(one.id, discordRow(one))
  const bytes = db.serialize()
  db.close()
  return bytes
}

/** One answer in its rows, one in a file of its own, and one of another program. */
function urlCache(): Buffer {
  const db = new Database(':memory:')
  db.exec(URL_CACHE_SCHEMA)
  const add = db.prepare('INSERT INTO cfurl_cache_receiver_data VALUES (?, ?, ?)')
  add.run(1, 0, discordAnswer(MESSAGES))
  add.run(2, 1, '0F1E2D3C-0000-4000-8000-000000000001')
  add.run(3, 0, Buffer.from('{"weather":"fair"}'))
  const bytes = db.serialize()
  db.close()
  return bytes
}

const LIMITS = { textChars: 1 << 24, unpackedBytes: 1 << 26, ratio: 1000 }
const [ada, ben] = ['2000000000000000042 (Ada / ada.example)', '2000000000000000043 (ben.example)']

describe.each([
  ['an answer in a cache', TYPE, () => discordAnswer(MESSAGES)],
  ['a table of a phone', SQLITE, table],
  ['a cache of iOS', SQLITE, urlCache],
] as const)('%s', (_name, type, make) => {
  it('is told by what stands in it', async () => {
    expect((await identifyContent(make())).mediaType).toBe(type)
  })

  it('gives who wrote in which channel and when, what was attached, and no words', () => {
    const { records, result } = recordsOf(type, make())
    expect(result).toEqual({ result: 'done' })
    const told = records.map(({ what, direction, person, when }) => [what.code, direction, person, when?.ns])
    expect(told.sort()).toEqual([
      ['conversation', null, null, '1600000120000000000'],
      ['message', null, ada, '1600000000000000000'],
      ['message', null, ben, '1600000060000000000'],
      ['message-media', null, ben, '1600000120000000000'],
    ])
    expect(records.find(({ what }) => what.code === 'message-media')!.what.params).toEqual({
      program: 'discord',
      path: URL,
      name: 'lake.jpg',
      mediaType: 'image/jpeg',
      sizeBytes: 77,
      chat: '1000000000000000007',
    })
    expect(JSON.stringify(records)).not.toMatch(/ferry|sandwiches/)
    for (const record of records) checkedRecord(record)
  })

  it('gives its words in order of time, and nothing of a channel that somebody of the privilege list writes in', async () => {
    const extract = (addresses: readonly string[]) =>
      textExtractorFor(type)!.extract(make(), LIMITS, {
        logs: NO_COMPANION_FILES,
        privileged: { addresses, domains: [] },
      })
    const { conversations } = await extract([])
    expect(conversations).toEqual([
      {
        name: '1000000000000000007',
        messages: [
          { sender: ada, text: 'shall we take the early ferry on Sunday' },
          { sender: ben, text: 'yes, I bring the sandwiches' },
        ],
      },
    ])
    const closed = await extract(['ben.example'])
    expect([closed.text, closed.closed]).toEqual(['', 1])
  })

  it('survives 200 mutants in both stages', async () => {
    const bytes = make()
    for (let i = 0; i < 200; i++) {
      const changed = mutant(bytes, i)
      for (const record of recordsOf(type, changed).records) checkedRecord(record)
      await Promise.resolve()
        .then(() => textExtractorFor(type)!.extract(changed, LIMITS))
        .catch((error: Error) => expect(error.name).toBeTypeOf('string'))
    }
  })
})

describe('JSON of Discord', () => {
  it('is read from an answer to a search, and from that to a message that was sent', () => {
    const [, , second, first] = MESSAGES.map(discordMessage)
    const search = Buffer.from(JSON.stringify({ total_results: 2, messages: [[first], [second]] }))
    expect(recordsOf(TYPE, search).records).toHaveLength(3)
    expect(recordsOf(TYPE, Buffer.from(JSON.stringify(first))).records).toHaveLength(2)
  })

  it('a cache of another program is not read for it', () => {
    const db = new Database(':memory:')
    db.exec(`${URL_CACHE_SCHEMA} INSERT INTO cfurl_cache_receiver_data VALUES (1, 0, x'7b7d')`)
    const bytes = db.serialize()
    db.close()
    expect(recordsOf(SQLITE, bytes)).toMatchObject({ records: [], result: { reason: 'not-built' } })
  })

  it('is not what only looks a little like it', async () => {
    const other = { content: 'x', timestamp: '2020-09-13T12:26:40Z', author: { id: '1' } }
    const { mediaType } = await identifyContent(Buffer.from(JSON.stringify([other, other])))
    expect(mediaType).toBe('application/json')
  })
})
