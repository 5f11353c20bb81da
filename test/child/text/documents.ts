/** Sample documents, made here: the same sentences in every format, so that one answer fits all of them. */
import Database from 'better-sqlite3'
import { strToU8, zipSync } from 'fflate'
import { discordAnswer } from '../../../fixtures/device/discord.ts'
import { doc, msg, ppt, xls } from '../compound-files.ts'

/** What every document says, one sentence a language. Provenance: written for this test. */
export const SENTENCES = [
  'The fishing boat left the harbour before sunrise.',
  'Ąžuolas žaliuoja prie kelio į Šiaulius, o žvejai grįžta namo.',
  'Η βάρκα έφυγε από το λιμάνι πριν την ανατολή.',
  'Лодка вышла из гавани до восхода солнца.',
  'নৌকাটি সূর্যোদয়ের আগে বন্দর ছেড়ে গেছে।',
] as const

export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    zipSync(
      Object.fromEntries(
        // A member `mimetype` is stored, so that its words stand in the first bytes.
        Object.entries(files).map(([name, text]) => [
          name,
          [strToU8(text), { level: name === 'mimetype' ? 0 : 6 }],
        ]),
      ),
    ),
  )
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>'

export function docx(sentences: readonly string[], more: Readonly<Record<string, string>> = {}): Buffer {
  const paragraphs = sentences.map(
    (text) =>
      `<w:p><w:r><w:t>${text.slice(0, 5)}</w:t></w:r><w:r><w:t xml:space="preserve">${text.slice(5)}</w:t></w:r></w:p>`,
  )
  return zipOf({
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    'word/document.xml': `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraphs.join('')}</w:body></w:document>`,
    ...more,
  })
}

function xlsx(sentences: readonly string[]): Buffer {
  const cells = sentences.map(
    (_, i) =>
      `<row r="${i + 1}"><c r="A${i + 1}" t="s"><v>${i}</v></c><c r="B${i + 1}"><v>${i * 7}</v></c></row>`,
  )
  return zipOf({
    'xl/sharedStrings.xml': `${XML}<sst>${sentences.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet><sheetData>${cells.join('')}</sheetData></worksheet>`,
  })
}

function pptx(sentences: readonly string[]): Buffer {
  return zipOf(
    Object.fromEntries(
      sentences.map((text, i) => [
        `ppt/slides/slide${i + 1}.xml`,
        `${XML}<p:sld><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sld>`,
      ]),
    ),
  )
}

export function odt(sentences: readonly string[], more: Readonly<Record<string, string>> = {}): Buffer {
  return zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': `${XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>`,
    'content.xml': `${XML}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>${sentences.map((text) => `<text:p>${text}</text:p>`).join('')}</office:text></office:body></office:document-content>`,
    ...more,
  })
}

function epub(sentences: readonly string[]): Buffer {
  return zipOf({ mimetype: 'application/epub+zip', 'OEBPS/chapter1.xhtml': html(sentences) })
}

function html(sentences: readonly string[]): string {
  return `<!doctype html><html><head><title>Sample</title><style>p { color: red }</style></head><body>${sentences.map((text) => `<p>${text}</p>`).join('')}<script>never()</script></body></html>`
}

/** Letters beyond ASCII as \\u with a fallback, as writers do. */
function rtf(sentences: readonly string[]): string {
  const escaped = (text: string) =>
    [...text]
      .map((c) =>
        c.charCodeAt(0) < 128
          ? c
          : [...Array(c.length).keys()].map((i) => `\\u${(c.charCodeAt(i) << 16) >> 16}?`).join(''),
      )
      .join('')
  return `{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Times;}}{\\*\\generator Nobody;}\\uc1 ${sentences.map((text) => `${escaped(text)}\\par`).join('\n')}}`
}

function eml(sentences: readonly string[], more = ''): string {
  const body = Buffer.from(sentences.join('\r\n')).toString('base64')
  return `From: Ana <ana@sender.example>\r\nTo: Ben <ben@receiver.example>\r\nSubject: =?utf-8?B?${Buffer.from('Laiškas apie žuvį').toString('base64')}?=\r\nDate: Mon, 2 Feb 2026 10:00:00 +0200\r\nMessage-ID: <1@sender.example>\r\nMIME-Version: 1.0\r\n${more}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`
}

function mbox(sentences: readonly string[]): string {
  return sentences
    .map(
      (text) => `From ana@sender.example Mon Feb  2 10:00:00 2026\n${eml([text]).replaceAll('\r\n', '\n')}\n`,
    )
    .join('')
}

/**
 * A PDF whose font is not embedded and says by a ToUnicode map what its glyphs mean: any script, no font file.
 * @param extra objects and catalogue entries, for hostile ones; `marked` puts what shows a sentence into marked content
 */
export function pdf(
  sentences: readonly string[],
  extra: {
    readonly catalog?: string
    readonly objects?: readonly string[]
    readonly marked?: (shown: string, i: number) => string
  } = {},
): Buffer {
  const letters = [...new Set(sentences.join(''))]
  const hex = (n: number) => n.toString(16).padStart(4, '0')
  const unicode = (c: string) => [...Array(c.length).keys()].map((i) => hex(c.charCodeAt(i))).join('')
  const map = chunked(
    letters.map((c, i) => `<${hex(i + 1)}> <${unicode(c)}>`),
    100,
  )
    .map((part) => `${part.length} beginbfchar\n${part.join('\n')}\nendbfchar`)
    .join('\n')
  const toUnicode = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n${map}\nendcmap end end`
  const shown = sentences
    .map(
      (text, i) =>
        `BT /F1 10 Tf 50 ${780 - i * 20} Td <${[...text].map((c) => hex(letters.indexOf(c) + 1)).join('')}> Tj ET`,
    )
    .map((shownSentence, i) => extra.marked?.(shownSentence, i) ?? shownSentence)
    .join('\n')
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${extra.catalog ?? ''} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    stream(shown),
    '<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>',
    '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 8 0 R /DW 500 >>',
    stream(toUnicode),
    '<< /Type /FontDescriptor /FontName /Sample /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
    ...(extra.objects ?? []),
  ]
  let file = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n'
  const offsets = objects.map((object, i) => {
    const at = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const xref = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

/** Every format with its media type. */
function sqlite(sentences: readonly string[]): Buffer {
  const database = new Database(':memory:')
  database.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)')
  for (const words of sentences) database.prepare('INSERT INTO note (words) VALUES (?)').run(words)
  return database.serialize()
}

function discord(sentences: readonly string[]): Buffer {
  const author = ['2000000000000000042', 'ada.example', null] as const
  return discordAnswer(sentences.map((words, i) => ({ id: `${i}`, at: 1_600_000_000 + i, author, words })))
}

export const DOCUMENTS: readonly (readonly [
  name: string,
  mediaType: string,
  make: (sentences: readonly string[]) => Buffer,
])[] = [
  ['plain', 'text/plain', (s) => Buffer.from(s.join('\n'))],
  ['html', 'text/html', (s) => Buffer.from(html(s))],
  [
    'xml',
    'application/xml',
    (s) => Buffer.from(`${XML}<letter>${s.map((one) => `<p>${one}</p>`).join('\n')}</letter>`),
  ],
  ['rtf', 'application/rtf', (s) => Buffer.from(rtf(s), 'latin1')],
  ['pdf', 'application/pdf', (s) => pdf(s)],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', (s) => docx(s)],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', xlsx],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation', pptx],
  ['odt', 'application/vnd.oasis.opendocument.text', (s) => odt(s)],
  ['epub', 'application/epub+zip', epub],
  ['doc', 'application/msword', (s) => doc(s)],
  ['xls', 'application/vnd.ms-excel', (s) => xls(s)],
  ['ppt', 'application/vnd.ms-powerpoint', (s) => ppt(s)],
  ['msg', 'application/vnd.ms-outlook', (s) => msg({ subject: 'letter', body: s.join('\r\n') })],
  ['eml', 'message/rfc822', (s) => Buffer.from(eml(s))],
  ['mbox', 'application/mbox', (s) => Buffer.from(mbox(s))],
  ['csv', 'text/csv', (s) => Buffer.from(`number;words\n${s.map((one, i) => `${i};"${one}"`).join('\n')}\n`)],
  ['json', 'application/json', (s) => Buffer.from(JSON.stringify({ list: s.map((one) => ({ one })) }))],
  ['discord', 'application/x-discord-messages', discord],
  ['sqlite', 'application/x-sqlite3', sqlite],
  ['ndjson', 'application/x-ndjson', (s) => Buffer.from(s.map((one) => JSON.stringify({ one })).join('\n'))],
]
