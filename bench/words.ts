/**
 * Words in pictures: `npm run bench -- words screenshots [EVERY]` draws the authored conversations of the third part as
 * screenshots of five looks, light and dark, as messengers send them (720 pixels, JPEG of quality 70), and counts words,
 * sides, contacts, times and scores against what was drawn. `… words gate FOLDER [EVERY [LIST]]` counts for which pictures of a
 * folder the gate opens, by the folders below it; with LIST it writes a line a picture to that file, so that a
 * person can look at them, and reads no word. `… words scans` is in words-scans.ts, `… words offers` in words-offers.ts. All print CPU time of this process.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { asMessengersSend, type DrawnMessage, drawnScreenshot, LOOKS } from '../fixtures/drawn-screenshot.ts'
import { parseAuthored } from '../scripts/train/authored.ts'
import { MODELS_DIR } from '../src/base/version.ts'
import { pictureKindOf } from '../src/classify/picture-kind.ts'
import type { Message } from '../src/classify-text/conversation.ts'
import { LEAST_CONFIDENCE, textModelUses } from '../src/classify-text/uses.ts'
import { openTextClassifiers } from '../src/classify-text/windows.ts'
import { prepareLanguage } from '../src/confined/decoder/language.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { isSearched } from '../src/formats/words/picture-text.ts'
import { findLines, readLines } from '../src/formats/words/read-lines.ts'
import type { ReadWord } from '../src/formats/words/text-line.ts'
import { wordParts } from '../src/formats/words/word-parts.ts'
import { wordReader } from '../src/formats/words/words-in-picture.ts'
import { offers } from './words-offers.ts'
import { scans } from './words-scans.ts'

const AUTHORED = join(import.meta.dirname, '../../scripts/train/authored')
const LIMITS = { textChars: 1 << 20, pixels: 178_956_970 }
const CONTACTS = ['Anna Smith', 'Jonas K.', 'Maria Lopes', 'Luca 07', 'Eva Martin']

export async function run([what = 'screenshots', ...args]: string[]): Promise<void> {
  await loadDecoders()
  if (what === 'scans') return scans(args[0]!, Number(args[1] ?? 1), args[2])
  if (what === 'offers') return offers(Number(args[0] ?? 1), args[1], args[2])
  return what === 'gate' ? gate(args[0]!, Number(args[1] ?? 1), args[2]) : screenshots(Number(args[0] ?? 1))
}

interface Counted {
  words: number
  found: number
  messages: number
  sides: number
  contacts: number
  contactsRight: number
  times: number
  timesRight: number
  cpuMs: number[]
}

async function screenshots(every: number): Promise<void> {
  const parts = await wordParts(MODELS_DIR, await prepareLanguage())
  const read = wordReader(parts)
  const uses = textModelUses(MODELS_DIR)
  const classify = await openTextClassifiers(uses, MODELS_DIR)
  const lead = async (messages: readonly Message[]) =>
    messages.length > 0 &&
    (await classify('', messages)).some(
      (one) =>
        one.kind === 'score' &&
        one.classifier === 'grooming' &&
        one.scorePer10k >= (one.thresholdPer10k ?? Number.POSITIVE_INFINITY),
    )
  const groups = new Map<string, Counted>()
  const scores = new Map<string, { n: number; table: number; picture: number; differ: number }>()
  const chats = ['third-grooming', 'third-benign'].flatMap((name) =>
    parseAuthored(readFileSync(join(AUTHORED, `${name}.txt`), 'utf8')).map((chat) => ({ name, ...chat })),
  )
  for (const [i, chat] of chats.entries()) {
    if (i % every !== 0) continue
    for (const dark of [false, true]) {
      const look = LOOKS[(i + (dark ? 2 : 0)) % LOOKS.length]!
      const first = chat.messages[0]!.sender
      const own = i % 2 === 0 ? first : null
      const contact = CONTACTS[i % CONTACTS.length]!
      const messages = chat.messages.map(({ sender, text }, n) => ({
        side: ((own === null) === (sender === first) ? 'left' : 'right') as DrawnMessage['side'],
        text,
        time: `14:${String(10 + n).padStart(2, '0')}`,
      }))
      const { png, messages: drawn } = await drawnScreenshot({
        look,
        dark,
        language: chat.language,
        contact,
        day: '12.03.2026',
        messages,
      })
      const jpeg = await asMessengersSend(png)
      const before = process.cpuUsage()
      const got = await read(jpeg, 'image/jpeg', LIMITS)
      const { user, system } = process.cpuUsage(before)
      for (const key of [
        dark ? 'dark' : 'light',
        `${dark ? 'dark' : 'light'} ${chat.language}`,
        `look ${look}`,
      ])
        count(groups, key, drawn, contact, got, (user + system) / 1000)
      const key = `${chat.name} ${dark ? 'dark' : 'light'}`
      const one = scores.get(key) ?? { n: 0, table: 0, picture: 0, differ: 0 }
      scores.set(key, one)
      const asTable = await lead(drawn.map(({ side, text }) => ({ sender: side, text })))
      const asPicture = await lead(got.messages ?? [])
      one.n++
      if (asTable) one.table++
      if (asPicture) one.picture++
      if (asTable !== asPicture) one.differ++
    }
  }
  for (const [key, one] of [...groups].sort()) {
    const cpu = [...one.cpuMs].sort((a, b) => a - b)
    console.log(
      `${key.padEnd(16)} words ${share(one.found, one.words)}  sides ${share(one.sides, one.messages)}  contacts ${share(one.contactsRight, one.contacts)}  times ${share(one.timesRight, one.times)}  CPU ms median ${Math.round(cpu[cpu.length >> 1]!)}, of ten the ninth ${Math.round(cpu[Math.floor(cpu.length * 0.9)]!)}`,
    )
  }
  for (const [key, one] of scores)
    console.log(
      `${key.padEnd(22)} leads of ${one.n}: ${one.table} as a table, ${one.picture} as a screenshot; another answer for ${one.differ}`,
    )
}

function share(part: number, of: number): string {
  return `${(part / Math.max(1, of)).toFixed(3)} of ${of}`
}

type Got = Awaited<ReturnType<ReturnType<typeof wordReader>>>

function count(
  groups: Map<string, Counted>,
  key: string,
  drawn: readonly DrawnMessage[],
  contact: string,
  { text, messages = [] }: Got,
  cpuMs: number,
): void {
  const one = groups.get(key) ?? {
    words: 0,
    found: 0,
    messages: 0,
    sides: 0,
    contacts: 0,
    contactsRight: 0,
    times: 0,
    timesRight: 0,
    cpuMs: [],
  }
  groups.set(key, one)
  const rest = wordsOf(text)
  for (const word of drawn.flatMap((message) => wordsOf(message.text))) {
    one.words++
    const at = rest.indexOf(word)
    if (at === -1) continue
    rest.splice(at, 1)
    one.found++
  }
  for (const message of drawn) {
    one.messages++
    const best = messages
      .map((read) => ({ read, shared: overlap(wordsOf(read.text), wordsOf(message.text)) }))
      .sort((a, b) => b.shared - a.shared)[0]
    const isRight = best?.read.sender === '(this account)'
    if (best && best.shared >= 0.5 && isRight === (message.side === 'right')) one.sides++
    one.times++
    if (text.includes(`(${message.time}): `)) one.timesRight++
  }
  one.contacts++
  if (
    messages.every(({ sender }) => sender === '(this account)' || sender === contact) &&
    messages.length > 0
  )
    one.contactsRight++
  one.cpuMs.push(cpuMs)
}

function overlap(a: readonly string[], b: readonly string[]): number {
  return b.filter((word) => a.includes(word)).length / Math.max(1, b.length)
}

/** Words without marks around them, in small letters. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '')
}

const TYPES: Readonly<Record<string, string>> = { jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png' }

interface Gate {
  n: number
  photographs: number
  open: number
  /** Of these. */
  words: number
  lines: number
  ms: number
}

/** Three letters of which the recogniser is sure. */
function isSureWord({ text, confidence }: ReadWord): boolean {
  return confidence >= LEAST_CONFIDENCE && /\p{L}{3}/u.test(text)
}

async function gate(folder: string, every: number, list?: string): Promise<void> {
  if (!existsSync(folder)) throw new Error(`${folder} is not there`)
  const parts = await wordParts(MODELS_DIR, await prepareLanguage())
  const { detector } = parts
  const groups = new Map<string, Gate>()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .sort()
  for (const [i, file] of files.entries()) {
    const type = TYPES[file.split('.').at(-1)!.toLowerCase()]
    if (type === undefined || i % every !== 0) continue
    const decoded = await decodePicture(readFileSync(file), type, LIMITS)
    if (!decoded.ok || Math.min(decoded.picture.width, decoded.picture.height) < 8) continue
    const pixels = await toPixels(decoded.picture)
    const key = relative(folder, file).split('/')[0]!
    const one = groups.get(key) ?? { n: 0, photographs: 0, open: 0, words: 0, lines: 0, ms: 0 }
    groups.set(key, one)
    one.n++
    const kind = pictureKindOf(pixels)
    const isPhotograph = kind === 'photograph'
    const before = process.cpuUsage()
    const open = await isSearched(detector, pixels)
    const { user, system } = process.cpuUsage(before)
    let lines: number | null = null
    if (isPhotograph) {
      one.photographs++
      one.ms += (user + system) / 1000
      if (open) {
        one.open++
        if (list === undefined) {
          const { lines } = await readLines(pixels, (await findLines(detector, pixels)).lines, parts)
          if (lines.some(({ words }) => words.some(isSureWord))) one.words++
        }
      }
    } else {
      lines = (await findLines(detector, pixels)).lines.length
      if (lines > 0) one.lines++
    }
    if (list !== undefined)
      appendFileSync(list, `${JSON.stringify({ file: relative(folder, file), kind, open, lines })}\n`)
  }
  for (const [key, one] of groups)
    console.log(
      `${key.padEnd(40)} ${one.n}: ${one.photographs} photographs, gate open for ${share(one.open, one.photographs)} (a word is read in ${one.words}), ${(one.ms / Math.max(1, one.photographs)).toFixed(1)} ms each; of the others lines in ${share(one.lines, one.n - one.photographs)}`,
    )
}
