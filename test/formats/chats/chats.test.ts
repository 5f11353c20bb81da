/** Chats of messengers by their tables: as records without their words, as words chat by chat, and what stays closed. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { INSTAGRAM_APPLE_SCHEMA } from '../../../fixtures/device/instagram.ts'
import { SKYPE_SCHEMA, VIBER_CALLS_SCHEMA } from '../../../fixtures/device/messengers.ts'
import { WHATSAPP_CHATS_SCHEMA } from '../../../fixtures/device/stores.ts'
import type { PrivilegedSenders } from '../../../src/contracts/privilege.ts'
import { readRecords } from '../../../src/formats/artefacts/read-records.ts'
import { CHAT_READERS } from '../../../src/formats/chats/index.ts'
import type { ExtractedText, TextBeside } from '../../../src/formats/documents/text-extractor.ts'
import { SqliteFile } from '../../../src/formats/sqlite/sqlite-file.ts'
import { Tables } from '../../../src/formats/sqlite/sqlite-tables.ts'
import { scored } from '../../../src/formats/text/conversation-scores.ts'
import { textExtractorFor } from '../../../src/formats/text/index.ts'
import { PROGRAM_NAMES } from '../../../src/report/texts/kind-words.ts'
import { NO_COMPANION_FILES } from '../../../src/wire/companion-files.ts'
import type { WireRecord } from '../../../src/wire/records-reply.ts'
import { checkedRecord, mutant, recordsOf } from '../artefacts/records-of.ts'
import { databaseOf } from '../sample.ts'
import { WORDS } from './messenger-sample.ts'
import { MESSENGERS, STORES } from './messengers.ts'

const SQLITE = 'application/x-sqlite3'
const LIMITS = { textChars: 1 << 24, unpackedBytes: 1 << 26, ratio: 1000 }
const NOTHING: TextBeside = { logs: NO_COMPANION_FILES, privileged: null }

async function words(bytes: Buffer, beside = NOTHING): Promise<ExtractedText> {
  return textExtractorFor(SQLITE)!.extract(bytes, LIMITS, beside)
}

const closing = (...addresses: string[]): PrivilegedSenders => ({ addresses, domains: [] })

describe.each(MESSENGERS)(
  '$name',
  ({ make, other, chat, program, media, listed, sha256, companion: named }) => {
    const companion = named?.() ?? null
    const records = (bytes: Buffer) => recordsOf(SQLITE, bytes, 10_000, null, null, companion)
    const beside = (privileged: PrivilegedSenders | null = null): TextBeside => ({
      logs: { ...NO_COMPANION_FILES, companion },
      privileged,
    })

    it('gives messages with person, direction and time, files with what is known of them, and no words', () => {
      const { records: found, result } = records(make())
      expect(result).toEqual({ result: 'done' })
      const of = found.filter(
        ({ what }) => what.code !== 'call' && (what.params as { chat?: string }).chat === chat,
      )
      expect(of.map(({ direction, person, when, status }) => [direction, person, when!.ns, status])).toEqual([
        ['received', other, '1600000000000000000', 'live'],
        ['sent', other, '1600000060000000000', 'live'],
        ['sent', other, '1600000120000000000', 'live'],
      ])
      expect(of[0]!.what).toEqual({
        code: 'message',
        params: { program, chat, characters: WORDS[0].length },
      })
      expect(of[2]).toMatchObject({
        what: media === null ? { code: 'message' } : { code: 'message-media', params: { ...media, chat } },
        digests: sha256 === null ? {} : { sha256 },
      })
      const conversation = found.find(({ what }) => what.code === 'conversation' && what.params.name === chat)
      expect(conversation).toMatchObject({
        what: { params: { sent: 2, received: 1, first: '2020-09-13T12:26:40.000Z' } },
        when: { ns: '1600000120000000000' },
      })
      expect(JSON.stringify(found)).not.toContain('ferry')
      expect(Object.keys(PROGRAM_NAMES)).toContain(program)
      for (const record of found) checkedRecord(record)
    })

    it('gives its words chat by chat, each message with who wrote it', async () => {
      const { conversations, text, warnings } = await words(make(), beside())
      const found = conversations!.find(({ name }) => name === chat)
      expect(found!.messages).toEqual([
        { sender: other, text: WORDS[0] },
        { sender: '(this account)', text: WORDS[1] },
      ])
      for (const one of WORDS) expect(text).toContain(one)
      expect(warnings).toEqual([])
    })

    it('stays closed where a person of the privilege list takes part, by number in another form too', async () => {
      const privileged = closing(listed ?? '8 600 00001')
      const given: WireRecord[] = []
      const bytes = make()
      const reply = readRecords(
        { mediaType: SQLITE, mostRecords: 100, companionBytes: companion?.length ?? 0, privileged },
        Buffer.concat([bytes, companion ?? Buffer.alloc(0)]),
        (part) => given.push(...part.records),
      )
      expect(JSON.stringify(given)).not.toContain(other)
      expect(reply.result).toMatchObject({ detail: { code: 'records-privileged' } })
      const { text, closed, messages } = await words(bytes, beside(privileged))
      expect([text.includes('ferry'), text.includes('sandwiches'), closed]).toEqual([
        false,
        false,
        expect.any(Number),
      ])
      expect(closed).toBeGreaterThan(0)
      expect(messages!.filter(({ sender }) => sender === other)).toEqual([])
    })

    it('survives 200 mutants in both stages', async () => {
      const bytes = make()
      for (let i = 0; i < 200; i++) {
        const changed = mutant(bytes, i)
        for (const record of records(changed).records) checkedRecord(record)
        await words(changed, beside()).catch((error: Error) => expect(error.name).toBeTypeOf('string'))
      }
    })
  },
)

it('names persons by no damaged database: 200 mutants of each that names some', () => {
  for (const { make, companion } of MESSENGERS)
    for (let i = 0; companion && i < 200; i++)
      for (const record of recordsOf(SQLITE, make(), 100, null, null, mutant(companion(), i)).records)
        checkedRecord(record)
})

describe('a reader of chats', () => {
  it('has a sample each, and takes no database of another', () => {
    for (const { reader, make } of STORES) {
      const tables = new Tables(new SqliteFile(make()))
      expect([reader, CHAT_READERS.filter((read) => read(tables)).map(({ name }) => name)]).toEqual([
        reader,
        [reader],
      ])
    }
    const sampled = new Set(STORES.map(({ reader }) => reader))
    expect(CHAT_READERS.map(({ name }) => name).filter((name) => !sampled.has(name))).toEqual([])
  })
})

it('words in a form that is not read are counted, and their message is there', async () => {
  const db = new Database(databaseOf(INSTAGRAM_APPLE_SCHEMA, "INSERT INTO threads VALUES ('t1', '7', NULL)"))
  db.prepare("INSERT INTO messages VALUES ('m1', 't1', ?)").run(Buffer.from('bplist00 of another form'))
  const bytes = db.serialize()
  db.close()
  const { warnings } = await words(bytes)
  expect(warnings).toEqual([{ code: 'words-unread', params: { messages: 1 } }])
  expect(recordsOf(SQLITE, bytes).records[0]!.what).toEqual({
    code: 'message',
    params: { program: 'instagram', chat: 't1' },
  })
})

describe('calls and SMS', () => {
  const SKYPE = `${SKYPE_SCHEMA} INSERT INTO Accounts VALUES (1, 1, 'me.example', 'Me'); INSERT INTO Conversations VALUES (3, 1, 'ada.example', 1, 'Ada');
    INSERT INTO Calls VALUES (110, 1, 1600000000, 'me.example', 0, 0, 3), (111, 1, 1600000500, 'ada.example', 0, 1, NULL);
    INSERT INTO CallMembers VALUES (1, 1, 'ada.example', 'Ada', 646, 3, 'g', 1600000002, 110), (2, 1, 'ada.example', 'Ada', NULL, NULL, 'g', 1600000500, 111);
    INSERT INTO SMSes VALUES (1, 1, 2, 6, '+37060000001', 1600000600, 'the ferry is late');`
  const VIBER = `${VIBER_CALLS_SCHEMA} INSERT INTO calls VALUES (1, -1, '+37060000001', '+37060000001', 1, 1, 1600000000000, 98, 1, 3), (2, -1, '+37060000001', '+37060000001', 1, 4, 1600000500000, 100, 2, 3), (3, -1, '+37060000002', '+37060000002', 1, 1, 1600000600000, 0, 5, 3);`
  const told = (bytes: Buffer) =>
    recordsOf(SQLITE, bytes).records.map(({ what, direction, person, when }) => [
      what.code,
      direction,
      person,
      Number(BigInt(when!.ns) / 1_000_000_000n) - 1_600_000_000,
      { ...what.params, program: undefined },
    ])

  it('of Skype have person, direction, time and duration; an SMS is a message', async () => {
    const chat = 'SMS +37060000001'
    expect(told(databaseOf(SKYPE)).filter(([code]) => code !== 'conversation')).toEqual([
      ['message', 'sent', '+37060000001', 600, { chat, characters: 17 }],
      ['call', 'sent', 'ada.example', 0, { chat: 'Ada', seconds: 646, video: true }],
      ['call', 'received', 'ada.example', 500, { chat: 'Ada' }],
    ])
    const { conversations } = await words(databaseOf(SKYPE))
    expect(conversations).toEqual([
      { name: chat, messages: [{ sender: '(this account)', text: 'the ferry is late' }] },
    ])
  })

  it('of Viber have no direction when they were not answered', () => {
    expect(told(databaseOf(VIBER))).toEqual([
      ['call', 'received', '+37060000001', 0, { chat: '+37060000001', seconds: 98 }],
      ['call', 'sent', '+37060000001', 500, { chat: '+37060000001', seconds: 100, video: true }],
      ['call', null, '+37060000002', 600, { chat: '+37060000002', seconds: 0 }],
    ])
  })

  it('of Messenger and Signal are joined to the persons of their chats', () => {
    const facebook = MESSENGERS.find(({ program }) => program === 'facebook-msys')!
    const signal = MESSENGERS.find(({ program }) => program === 'signal-desktop')!
    const of = (make: () => Buffer, sql: string) => {
      const db = new Database(make())
      db.exec(sql)
      const bytes = db.serialize()
      db.close()
      return told(bytes).filter(([code]) => code === 'call')
    }
    expect(
      of(
        facebook.make,
        "INSERT INTO call_log VALUES ('1', 61550000000000042, 1600000200000, 7, 1, 2, 1), ('2', 61550000000000042, 1600000300000, 0, 2, 1, 0)",
      ),
    ).toEqual([
      ['call', 'sent', facebook.other, 200, { chat: facebook.chat, seconds: 7, video: true }],
      ['call', 'received', facebook.other, 300, { chat: facebook.chat, seconds: 0 }],
    ])
    expect(
      of(
        signal.make,
        "INSERT INTO callsHistory VALUES ('1', 'aaaaaaaa-0001-4000-8000-000000000001', NULL, 'Direct', 'Video', 'Incoming', 'Accepted', 1600000200000), ('2', 'c-1', NULL, 'Direct', 'Audio', 'Outgoing', 'Missed', 1600000300000)",
      ),
    ).toEqual([
      ['call', 'received', signal.other, 200, { chat: 'Ada', video: true }],
      ['call', 'sent', signal.other, 300, { chat: 'Ada' }],
    ])
  })

  it('stay closed with a person of the privilege list, and so does what else is said with him', () => {
    const open = (bytes: Buffer, listed: string) => {
      const given: WireRecord[] = []
      const header = { mediaType: SQLITE, mostRecords: 100, privileged: closing(listed) }
      readRecords(header, bytes, (part) => given.push(...part.records))
      return given.map(({ what, person }) => [what.code, person])
    }
    expect(open(databaseOf(SKYPE), 'ada.example')).toEqual([
      ['message', '+37060000001'],
      ['conversation', '+37060000001'],
    ])
    expect(open(databaseOf(VIBER), '860000001')).toEqual([['call', '+37060000002']])
  })

  it('survive 200 mutants', () => {
    for (const bytes of [databaseOf(SKYPE), databaseOf(VIBER)])
      for (let i = 0; i < 200; i++)
        for (const record of recordsOf(SQLITE, mutant(bytes, i)).records) checkedRecord(record)
  })
})

describe('a group', () => {
  const whatsapp = MESSENGERS.find(({ name }) => name === 'WhatsApp on Android')!

  it('attributes a message to who sent it, and one that was sent to nobody', () => {
    const { records } = recordsOf(SQLITE, whatsapp.make())
    const group = records.filter(({ what }) => (what.params as { chat?: string }).chat === 'Rowing club')
    expect(group.map(({ direction, person }) => [direction, person])).toEqual([
      ['received', '37060000002@s.whatsapp.net'],
    ])
    const conversation = records.find(
      ({ what }) => what.code === 'conversation' && what.params.name === 'Rowing club',
    )
    expect(conversation).toMatchObject({
      person: null,
      what: { params: { persons: ['37060000001@s.whatsapp.net', '37060000002@s.whatsapp.net'] } },
    })
  })

  it('stays closed for a member who wrote nothing; others stay open', async () => {
    const { conversations, closed, warnings } = await words(whatsapp.make(), {
      logs: NO_COMPANION_FILES,
      privileged: closing('+37060000002'),
    })
    expect(conversations!.map(({ name }) => name)).toEqual(['37060000001@s.whatsapp.net'])
    expect([closed, warnings]).toEqual([
      1,
      [{ code: 'conversations-privileged', params: { conversations: 1 } }],
    ])
  })
})

describe('messages that were deleted', () => {
  const FILL = `${WHATSAPP_CHATS_SCHEMA}
    INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '37060000001@s.whatsapp.net');
    INSERT INTO chat VALUES (1, 4, 0, NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
      INSERT INTO message SELECT i, 1, i % 2, 'KEY' || i, 0, 5, ${1_600_000_000_000} + i * 1000, 0, 0, 'sentence number ' || i || ' about the harbour', i FROM n;`

  it('are read where they still stand, marked, in both stages', async () => {
    const bytes = databaseOf(
      'PRAGMA secure_delete = OFF',
      FILL,
      'DELETE FROM message WHERE _id IN (20, 21, 40)',
    )
    const { records } = recordsOf(SQLITE, bytes)
    const deleted = records.filter(({ status }) => status === 'deleted')
    expect(
      deleted.map(({ when }) => Number(BigInt(when!.ns) / 1_000_000_000n) - 1_600_000_000).sort(),
    ).toEqual([20, 21, 40])
    const { conversations } = await words(bytes)
    const texts = conversations![0]!.messages.map(({ text }) => text)
    expect(texts).toHaveLength(60)
    expect(texts[19]).toBe('sentence number 20 about the harbour')
  })

  it('are not those that were only changed: an older copy of a live message is none', () => {
    const bytes = databaseOf(
      'PRAGMA secure_delete = OFF',
      FILL,
      "UPDATE message SET text_data = text_data || ' and what was added to it later on' WHERE _id < 30",
    )
    expect(recordsOf(SQLITE, bytes).records.filter(({ status }) => status === 'deleted')).toEqual([])
  })
})

describe('the score of a messenger', () => {
  const message = (sender: string, text: string) => ({ sender, text })
  const conversations = [
    { name: 'first', messages: [message('a', 'one'), message('b', 'two')] },
    { name: 'second', messages: [message('c', 'three'), message('d', 'four'), message('c', 'five')] },
  ]
  const score = (scorePer10k: number) =>
    ({
      kind: 'score',
      classifier: 'grooming',
      modelSha256: '0'.repeat(64),
      label: 'grooming',
      scorePer10k,
      thresholdPer10k: 5000,
    }) as const
  const signal = (quote: string) =>
    ({
      kind: 'signal',
      classifier: 'grooming',
      rule: 'r',
      stage: null,
      quote,
      start: 0,
      end: 4,
      messageIndex: 1,
    }) as const

  it('is that of its strongest chat, which is named; no chat is scored with another', async () => {
    const asked: string[][] = []
    const classify = async (_text: string, messages: readonly { readonly text: string }[]) => {
      asked.push(messages.map(({ text }) => text))
      return [score(messages.length * 2000), signal(messages[1]!.text)]
    }
    const found = await scored(
      { classify },
      { text: '', conversations, messages: conversations.flatMap(({ messages }) => messages), warnings: [] },
    )
    expect(asked).toEqual([
      ['one', 'two'],
      ['three', 'four', 'five'],
    ])
    expect(found).toEqual([
      score(6000),
      {
        kind: 'attribute',
        code: 'strongest-conversation',
        params: { conversation: 'second', classifier: 'grooming', scorePer10k: 6000 },
      },
      // The place of a sign is that among all messages.
      { ...signal('four'), messageIndex: 3 },
      signal('two'),
    ])
  })
})
