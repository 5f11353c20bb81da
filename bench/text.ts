/**
 * Text: extraction on one core, building the index, its size, and queries on synthetic messages, against plain SQLite FTS5
 * on the same rows and against ripgrep on the same bytes.
 * Rates are a second of processor time, so that other work on the machine does not count; queries are wall time.
 * `npm run bench -- text [messages]`, a million without a number.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { preparePdf } from '../src/formats/documents/pdf.ts'
import { textExtractorFor } from '../src/formats/text/index.ts'
import { digestsOf } from '../src/hash/digest.ts'
import { textLimits } from '../src/host/decoder/text-request.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { TextIndex, TextIndexWriter } from '../src/search/text-index.ts'
import { nameSearchSeconds } from './search-names.ts'

export interface TextBench {
  readonly messages: number
  readonly megabytes: number
  /** Megabytes of input a second, by format, on one core. */
  readonly extraction: Readonly<Record<string, number>>
  readonly index: {
    readonly messagesPerSecond: number
    readonly megabytesPerSecond: number
    readonly sizeShare: number
  }
  readonly plainFts5: { readonly messagesPerSecond: number; readonly sizeShare: number }
  /** Milliseconds a query: ours, plain FTS5, ripgrep (null: not installed). */
  readonly queries: readonly {
    readonly query: string
    readonly ours: number
    readonly plain: number
    readonly ripgrep: number | null
    readonly found: number
  }[]
  /** Seconds for queries that no text index answers, over as many entries. */
  readonly names: Readonly<Record<string, number>>
}

const DEFAULT_MESSAGES = 1_000_000
/** Messages of one content, as in an exported chat. */
const CHAT_MESSAGES = 200

export async function run(args: readonly string[] = []): Promise<void> {
  print(await measured(args))
}

function print({ messages, megabytes, extraction, index, plainFts5, queries, names }: TextBench): void {
  console.log(`${messages} messages in ${CHAT_MESSAGES} a chat, ${megabytes} MB of text`)
  console.log('Extraction, MB of files a second of one core')
  console.table(extraction)
  console.log(
    `Index: ${index.messagesPerSecond} messages/s (${index.megabytesPerSecond} MB/s), ${index.sizeShare} of the text's size; plain FTS5 ${plainFts5.messagesPerSecond} messages/s, ${plainFts5.sizeShare}: ${(index.messagesPerSecond / plainFts5.messagesPerSecond).toFixed(2)} of its rate`,
  )
  console.log('Queries, milliseconds (wall, median of five); ripgrep reads the same bytes')
  console.table(
    queries.map((query) => ({
      ...query,
      'of plain': round(query.ours / query.plain),
      'of ripgrep': query.ripgrep === null ? 'not installed' : round(query.ours / query.ripgrep),
    })),
  )
  console.log('Queries that no text index answers, seconds')
  console.table(names)
}

async function measured(args: readonly string[]): Promise<TextBench> {
  const messages = Number(args.find((arg) => /^\d+$/.test(arg)) ?? DEFAULT_MESSAGES)
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-text-'))
  try {
    const chats = makeChats(messages)
    const bytes = chats.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    const extraction = await extractionRates(chats)
    const ours = buildOurs(join(folder, 'ours.sqlite'), chats)
    const plain = buildPlain(join(folder, 'plain.sqlite'), chats)
    writeFileSync(join(folder, 'chats.txt'), chats.join('\n'))
    return {
      messages,
      megabytes: round(bytes / 1e6),
      extraction,
      index: {
        messagesPerSecond: round(messages / ours.seconds),
        megabytesPerSecond: round(bytes / 1e6 / ours.seconds),
        sizeShare: round(ours.sizeBytes / bytes),
      },
      plainFts5: {
        messagesPerSecond: round(messages / plain.seconds),
        sizeShare: round(plain.sizeBytes / bytes),
      },
      queries: queryTimes(folder),
      names: nameSearchSeconds(folder, messages),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Words of a few languages, drawn by Zipf's law with a fixed seed: the same chats every time.
const WORDS =
  'the to and you is it that of in what home school boat harbour fish sunrise road letter morning window tomorrow žvejai ąžuolas kelias namo rytas laiškas θάλασσα βάρκα λιμάνι πρωί лодка гавань утро নৌকা বন্দর সকাল'.split(
    ' ',
  )
const RARE = 20_000

function makeChats(messages: number): string[] {
  let seed = 1
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const word = () => {
    const rank = Math.floor(Math.exp(random() * Math.log(RARE)))
    return rank <= WORDS.length ? WORDS[rank - 1]! : `w${rank.toString(36)}o`
  }
  const message = () => Array.from({ length: 3 + Math.floor(random() * 17) }, word).join(' ')
  return Array.from({ length: Math.ceil(messages / CHAT_MESSAGES) }, (_, i) =>
    Array.from(
      { length: Math.min(CHAT_MESSAGES, messages - i * CHAT_MESSAGES) },
      () => `${random() < 0.5 ? 'ana' : 'ben'}: ${message()}`,
    ).join('\n'),
  )
}

const SAMPLE_CHATS = 100

async function extractionRates(chats: readonly string[]): Promise<Record<string, number>> {
  await preparePdf()
  const sample = chats.slice(0, SAMPLE_CHATS)
  const lines = sample.flatMap((text) => text.split('\n'))
  const rows = lines.map((line) => ({ sender: line.slice(0, 3), text: line.slice(5) }))
  const formats: [string, string, Buffer][] = [
    ['plain', 'text/plain', Buffer.from(lines.join('\n'))],
    ['json chat', 'application/json', Buffer.from(JSON.stringify({ messages: rows }))],
    [
      'csv chat',
      'text/csv',
      Buffer.from(`sender,text\n${rows.map(({ sender, text }) => `${sender},"${text}"`).join('\n')}`),
    ],
    [
      'html',
      'text/html',
      Buffer.from(
        `<html><body>${lines.map((line) => `<p class="m"><b>${line.slice(0, 3)}</b> ${line.slice(5)}</p>`).join('\n')}</body></html>`,
      ),
    ],
    [
      'rtf',
      'application/rtf',
      Buffer.from(`{\\rtf1\\ansi ${lines.map((line) => `${line.replace(/[^ -~]/g, '?')}\\par`).join('\n')}}`),
    ],
    [
      'mail',
      'message/rfc822',
      Buffer.from(
        `From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${lines.join('\r\n')}`,
      ),
    ],
    ['pdf', 'application/pdf', makePdf(lines.slice(0, 2000))],
  ]
  const rates: Record<string, number> = {}
  for (const [name, mediaType, bytes] of formats) rates[name] = await rateOf(mediaType, bytes)
  return rates
}

const RATE_SECONDS = 1

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function rateOf(mediaType: string, bytes: Buffer): Promise<number> {
  const extractor = textExtractorFor(mediaType)!
  const limits = textLimits(DEFAULT_LIMITS)
  await extractor.extract(bytes, limits)
  const start = cpuSeconds()
  let times = 0
  do {
    await extractor.extract(bytes, limits)
    times++
  } while (cpuSeconds() - start < RATE_SECONDS)
  return round((bytes.length * times) / 1e6 / (cpuSeconds() - start))
}

/** Pages of forty lines in a standard font: what an office program prints, without its pictures. */
function makePdf(lines: readonly string[]): Buffer {
  const pages: string[] = []
  for (let at = 0; at < lines.length; at += 40)
    pages.push(
      lines
        .slice(at, at + 40)
        .map((line, i) => `BT /F1 9 Tf 40 ${800 - i * 18} Td (${line.replace(/[^ -'*-[\]-~]/g, '?')}) Tj ET`)
        .join('\n'),
    )
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages.map((_, i) => `${4 + i * 2} 0 R`).join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  for (const [i, content] of pages.entries())
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + i * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    )
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const at = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const xref = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

/** As text-read does: a commit for every 32 contents. */
const COMMIT_CONTENTS = 32

function buildOurs(path: string, chats: readonly string[]) {
  const start = cpuSeconds()
  const writer = new TextIndexWriter(path)
  for (const [i, text] of chats.entries()) {
    writer.add({ digests: digestsOf(Buffer.from(text)) }, text, null)
    if (i % COMMIT_CONTENTS === COMMIT_CONTENTS - 1) writer.commit()
  }
  writer.finish()
  writer.close()
  return { seconds: cpuSeconds() - start, sizeBytes: statSync(path).size }
}

/** The least that SQLite can do: one transaction, its own tokenizer, nothing folded, nothing else kept. */
function buildPlain(path: string, chats: readonly string[]) {
  const start = cpuSeconds()
  const db = new Database(path)
  db.exec('CREATE VIRTUAL TABLE words USING fts5(text)')
  const insert = db.prepare('INSERT INTO words (text) VALUES (?)')
  db.transaction(() => {
    for (const text of chats) insert.run(text)
  })()
  db.close()
  return { seconds: cpuSeconds() - start, sizeBytes: statSync(path).size }
}

const QUERIES: readonly (readonly [query: string, expression: string, pattern: string])[] = [
  ['a rare word', '"wb4o"', '\\bwb4o\\b'],
  ['a common word', '"harbour"', '\\bharbour\\b'],
  ['a phrase', '"what" + "home"', '\\bwhat home\\b'],
  ['near words', 'NEAR("boat" "sunrise", 5)', '\\bboat\\b.*\\bsunrise\\b'],
  ['a beginning', '"harb" *', '\\bharb'],
]

function queryTimes(folder: string): TextBench['queries'] {
  const ours = new TextIndex(join(folder, 'ours.sqlite'))
  const plain = new Database(join(folder, 'plain.sqlite'), { readonly: true })
  const statement = plain.prepare('SELECT rowid FROM words WHERE words MATCH ?').pluck()
  const hasRipgrep = spawnSync('rg', ['--version']).status === 0
  const times = QUERIES.map(([query, expression, pattern]) => ({
    query,
    ours: medianMs(() => ours.matching(expression)),
    plain: medianMs(() => statement.all(expression)),
    ripgrep: hasRipgrep ? medianMs(() => spawnSync('rg', ['-ic', pattern, join(folder, 'chats.txt')])) : null,
    found: ours.matching(expression).size,
  }))
  ours.close()
  plain.close()
  return times
}

function medianMs(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  }).sort((a, b) => a - b)
  return round(times[2]!)
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
