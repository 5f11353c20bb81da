import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import iconv from 'iconv-lite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ExtractedText } from '../../../src/formats/documents/text-extractor.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { decodeText } from '../../../src/formats/text/decode-text.ts'
import { TEXT_EXTRACTORS, textExtractorFor } from '../../../src/formats/text/index.ts'
import { wordsOf } from '../../../src/search/fold-words.ts'
import { dateStyle, xls } from '../compound-files.ts'
import { DOCUMENTS, docx, pdf, SENTENCES, zipOf } from './documents.ts'

const LIMITS = { textChars: 1 << 24, unpackedBytes: 1 << 26, ratio: 1000 }

async function extract(mediaType: string, bytes: Buffer): Promise<ExtractedText> {
  return textExtractorFor(mediaType)!.extract(bytes, LIMITS)
}

const flat = (text: string) => text.replace(/\s+/g, ' ')

it('JSON gives no key of an encrypted store', async () => {
  const key = 'ab'.repeat(32)
  const { text } = await extract(
    'application/json',
    Buffer.from(
      JSON.stringify({ key, of: { note: 'the shed', key }, hash: key.toUpperCase(), 2: { key: 'shed' } }),
    ),
  )
  expect(text.split('\n').filter(Boolean).sort()).toEqual([key.toUpperCase(), 'shed', 'the shed'])
})

describe('every kind of document', () => {
  it.each(DOCUMENTS)('%s gives its sentences in every script, in order', async (_, mediaType, make) => {
    const { text, warnings } = await extract(mediaType, make(SENTENCES))
    let at = -1
    for (const sentence of SENTENCES) {
      const found = flat(text).indexOf(sentence, at + 1)
      expect(found, `${sentence} in ${text}`).toBeGreaterThan(at)
      at = found
    }
    expect(text).not.toMatch(/never\(\)|color: red/)
    expect(warnings).toEqual([])
  })

  it.each(DOCUMENTS)(
    '%s is recognised as a type that the same extractor reads',
    async (_, mediaType, make) => {
      const { mediaType: recognised } = await identifyContent(make(SENTENCES))
      expect([recognised, textExtractorFor(recognised)?.id]).toEqual([
        recognised,
        textExtractorFor(mediaType)!.id,
      ])
    },
  )

  it('reaches every extractor', () => {
    const reached = new Set(DOCUMENTS.map(([, mediaType]) => textExtractorFor(mediaType)!.id))
    expect(TEXT_EXTRACTORS.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual([])
  })

  it.each(DOCUMENTS)('%s stops at the limit and says so', async (_, mediaType, make) => {
    const { text, warnings } = await textExtractorFor(mediaType)!.extract(make(SENTENCES), {
      ...LIMITS,
      textChars: 60,
    })
    expect(text.length).toBeLessThanOrEqual(60)
    expect(warnings).toContainEqual({ code: 'text-cut', params: { characters: 60 } })
  })
})

describe('office documents beyond their main text', () => {
  const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const cell = (value: string, attributes = '') => `<c ${attributes}><v>${value}</v></c>`
  const book = (cells: string, more: Readonly<Record<string, string>> = {}) =>
    zipOf({
      'xl/workbook.xml': '<workbook><sheets><sheet name="Deliveries 2024"/></sheets></workbook>',
      'xl/styles.xml':
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\ mmm&quot;days&quot;"/><numFmt numFmtId="165" formatCode="0.0 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row>${cells}</row></sheetData><headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"Harbour list&amp;RPage &amp;P</oddHeader></headerFooter></worksheet>`,
      ...more,
    })
  const words = async (type: string, bytes: Buffer) => flat((await extract(type, bytes)).text).trim()

  it('dates of a spreadsheet stand as dates, numbers as numbers', async () => {
    const cells = [
      cell('45418', 's="1"'),
      cell('45418.297326', 's="2"'),
      cell('45418', 's="3"'),
      cell('0.5', 's="4"'),
      cell('59', 's="1"'),
      cell('61', 's="1"'),
      cell('-5', 's="1"'),
      cell('45418', 's="1" t="str"'),
      cell('1', 't="b"'),
    ]
    const text = await words(sheetType, book(cells.join('')))
    expect(text).toBe(
      'Deliveries 2024 2024-05-06 2024-05-06 07:08:09 45418 12:00:00 1900-02-28 1900-03-01 -5 45418 TRUE Harbour list Page',
    )
    const of1904 = { 'xl/workbook.xml': '<workbook><workbookPr date1904="1"/></workbook>' }
    expect(await words(sheetType, book(cell('0', 's="1"') + cell('43956.5', 's="1"'), of1904))).toContain(
      '1904-01-01 2024-05-06 12:00:00',
    )
  })

  it('dates of an older workbook stand as dates too', async () => {
    const bytes = xls(['first', 'second', 'third'], {}, [dateStyle])
    expect(await words('application/vnd.ms-excel', bytes)).toBe(
      'Sheet1 first 00:00:00 second 1900-01-07 third 1900-01-14',
    )
  })

  it('text of shapes, diagrams and charts, what pictures are said to show, and where links lead', async () => {
    const drawn = {
      'xl/drawings/drawing1.xml':
        '<xdr:sp><xdr:cNvPr name="TextBox 1" descr=""/><a:p><a:t>in a box</a:t></a:p></xdr:sp>',
      'xl/charts/chart1.xml':
        '<c:chart><a:p><a:t>a title</a:t></a:p><c:strCache><c:pt><c:v>a series</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>77</c:v></c:pt></c:numCache></c:chart>',
      'xl/worksheets/_rels/sheet1.xml.rels':
        '<Relationships><Relationship Type="http://x/hyperlink" Target="mailto:a@example.org" TargetMode="External"/><Relationship Type="http://x/image" Target="http://example.org/a.png" TargetMode="External"/></Relationships>',
    }
    const text = await words(sheetType, book('', drawn))
    for (const part of ['in a box', 'a title', 'a series', 'mailto:a@example.org'])
      expect(text).toContain(part)
    expect(text).not.toMatch(/77|a\.png|TextBox/)
    const slides = zipOf({
      'ppt/slides/slide1.xml':
        '<p:sld><p:cNvPr name="Picture 4" descr="C:\\Users\\anna\\harbour.jpg"/><p:cNvPr name="sample.mp3"/><a:p><a:t>on a slide</a:t></a:p></p:sld>',
      'ppt/diagrams/data1.xml': '<dgm:dataModel><a:p><a:t>in a diagram</a:t></a:p></dgm:dataModel>',
    })
    const type = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
    expect(await words(type, slides)).toBe('C:\\Users\\anna\\harbour.jpg sample.mp3 on a slide in a diagram')
  })
})

describe('encodings', () => {
  const [english, lithuanian, greek, russian, bengali] = SENTENCES
  const more = (text: string) => Array(12).fill(text).join('\n')
  it.each([
    ['utf-8', bengali],
    ['utf-16le', bengali],
    ['utf-16be', greek],
    [
      'windows-1252',
      'Él comió una piña mañana; señora, ¿dónde está el niño? Größe über alles, déjà vu à la fenêtre.',
    ],
    ['windows-1257', lithuanian],
    ['windows-1253', greek],
    ['windows-1251', russian],
    ['koi8-r', russian],
    ['cp866', russian],
  ])('%s is recognised without a mark', (encoding, sentence) => {
    const text = more(encoding === 'utf-16le' ? `${sentence} ${english}` : sentence)
    expect(decodeText(iconv.encode(text, encoding)).text).toBe(text)
  })

  it('a few words of Windows that use letters of DOS alone are not taken for those of DOS', () => {
    // Too few for the statistics too: only that they are not turned into other Cyrillic letters is asked.
    expect(decodeText(iconv.encode('она пела на реке', 'windows-1251')).encoding).not.toBe('cp866')
  })

  it('a mark decides, and is not text', () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'])
      expect(decodeText(iconv.encode(lithuanian, encoding, { addBOM: true })).text).toBe(lithuanian)
  })

  it('HTML is read in the encoding that it names', async () => {
    const bytes = iconv.encode(
      `<html><head><meta charset="windows-1257"></head><body>Ąžuolas</body></html>`,
      'windows-1257',
    )
    expect((await extract('text/html', bytes)).text).toBe('Ąžuolas')
  })
})

describe('chats', () => {
  const expected = [
    { sender: 'Ana', text: 'Labas, kaip sekasi?' },
    { sender: 'Ben', text: 'Gerai, ačiū.' },
    { sender: 'Ana', text: 'Iki rytojaus' },
  ]
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const latin1 = (text: string) => Buffer.from(text).toString('latin1')
  it.each<[string, string, Buffer]>([
    ['a list of messages', 'application/json', json({ messages: expected })],
    [
      'Telegram, with text in pieces',
      'application/json',
      json({
        name: 'x',
        messages: expected.map(({ sender, text }) => ({
          type: 'message',
          from: sender,
          from_id: 'user1',
          text: [text.slice(0, 2), { type: 'bold', text: text.slice(2) }],
        })),
      }),
    ],
    [
      'Facebook, with UTF-8 as Latin-1',
      'application/json',
      json({
        participants: [],
        messages: expected.map(({ sender, text }) => ({
          sender_name: sender,
          timestamp_ms: 1,
          content: latin1(text),
        })),
      }),
    ],
    [
      'Discord, with authors as objects',
      'application/json',
      json({
        messages: expected.map(({ sender, text }) => ({ id: '1', author: { name: sender }, content: text })),
      }),
    ],
    [
      'JSON Lines',
      'application/x-ndjson',
      Buffer.from(expected.map((one) => JSON.stringify(one)).join('\n')),
    ],
    [
      'a table',
      'text/csv',
      Buffer.from(
        `date,sender,message\n${expected.map(({ sender, text }) => `2026-01-01,${sender},"${text}"`).join('\n')}\n`,
      ),
    ],
    [
      'WhatsApp, Android',
      'text/plain',
      Buffer.from(expected.map(({ sender, text }) => `12/01/2026, 14:03 - ${sender}: ${text}`).join('\n')),
    ],
    [
      'WhatsApp, iPhone',
      'text/plain',
      Buffer.from(expected.map(({ sender, text }) => `[12.01.26, 14:03:22] ${sender}: ${text}`).join('\n')),
    ],
    [
      'IRC',
      'text/plain',
      Buffer.from(expected.map(({ sender, text }) => `[14:03] <${sender}> ${text}`).join('\n')),
    ],
  ])('%s gives who wrote what', async (_, mediaType, bytes) => {
    expect((await extract(mediaType, bytes)).messages).toEqual(expected)
  })

  it('a chat database in log mode gives who wrote what, from memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-text-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const db = new Database(join(folder, 'chat.db'))
    db.exec('CREATE TABLE message (_id INTEGER, key_from_me INTEGER, text_data TEXT)')
    for (const [i, { sender, text }] of expected.entries())
      db.prepare('INSERT INTO message VALUES (?, ?, ?)').run(i, sender === 'Ana' ? 1 : 0, text)
    db.pragma('journal_mode = WAL')
    const bytes = db.serialize()
    db.close()
    const { messages } = await extract('application/x-sqlite3', bytes)
    expect(messages?.map(({ text }) => text)).toEqual(expected.map(({ text }) => text))
    expect(new Set(messages?.map(({ sender }) => sender))).toEqual(new Set(['0', '1']))
  })

  it('plain text and tables that are no chat give no messages', async () => {
    expect(
      (await extract('text/plain', Buffer.from('Note: buy fish\nTo do: nothing\n'))).messages,
    ).toBeUndefined()
    expect((await extract('text/csv', Buffer.from('a,b\n1,2\n3,4\n'))).messages).toBeUndefined()
  })
})

const hasPdftotext = spawnSync('pdftotext', ['-v']).status === 0

describe('an independent extractor', () => {
  it.skipIf(!hasPdftotext)(
    'pdftotext finds the same words in the sample PDFs (needs poppler-utils)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-text-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      for (const sentences of [SENTENCES, SENTENCES.slice(0, 1), [...SENTENCES].reverse()]) {
        const file = join(folder, 'sample.pdf')
        writeFileSync(file, pdf(sentences))
        const { stdout } = spawnSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8' })
        expect(wordsOf((await extract('application/pdf', pdf(sentences))).text)).toEqual(wordsOf(stdout))
      }
    },
  )
})

describe('office XML of writers that choose their own prefixes', () => {
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  const cells = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const OFFICE = 'application/vnd.openxmlformats-officedocument'

  it('is read by its namespaces', async () => {
    const word = docx([], {
      'word/document.xml': `<document xmlns="${main}"><body><p><r><t>plain names</t></r></p></body></document>`,
    })
    expect((await extract(`${OFFICE}.wordprocessingml.document`, word)).text).toBe('plain names')
    const other = docx([], {
      'word/document.xml': `<ns0:document xmlns:ns0="${main.replace('2006/', '')}"><ns0:p><ns0:t>other names</ns0:t></ns0:p></ns0:document>`,
    })
    expect((await extract(`${OFFICE}.wordprocessingml.document`, other)).text).toBe('other names')
    const sheet = zipOf({
      'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="${cells}"><x:row><x:c t="inlineStr"><x:is><x:r><x:t>in </x:t></x:r><x:r><x:t>line</x:t></x:r></x:is></x:c></x:row></x:worksheet>`,
    })
    expect((await extract(`${OFFICE}.spreadsheetml.sheet`, sheet)).text).toBe('in line')
  })
})
