/**
 * Words of real scans and photographs of text: `npm run bench -- words scans FOLDER [EVERY]`, where each picture has its text
 * beside it (`a.jpg`, `a.txt`), by the folders below FOLDER. Counts the words of the text that were read, in any order, those that
 * were read and do not stand there, and for which pictures the gate stayed shut. Intervals are of 1,000 draws of whole pictures.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { prepareLanguage } from '../src/confined/decoder/language.ts'
import { wordParts } from '../src/formats/words/word-parts.ts'
import { wordReader } from '../src/formats/words/words-in-picture.ts'

const LIMITS = { textChars: 1 << 20, pixels: 178_956_970 }
const TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
}

interface Page {
  readonly words: number
  readonly found: number
  readonly read: number
  readonly shut: boolean
  readonly cpuMs: number
}

/** @param languages further ones, with commas; their data must be added */
export async function scans(folder: string, every: number, languages = ''): Promise<void> {
  const further = languages === '' ? [] : languages.split(',')
  const read = wordReader(await wordParts(MODELS_DIR, await prepareLanguage(), further))
  const groups = new Map<string, Page[]>()
  const pictures = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile() && typeOf(item.name) !== undefined)
    .map((item) => join(item.parentPath, item.name))
    .filter((file) => existsSync(textBeside(file)))
    .sort()
    .filter((_, i) => i % every === 0)
  for (const file of pictures) {
    const key = relative(folder, file).split('/')[0]!
    const pages = groups.get(key) ?? []
    groups.set(key, pages)
    const stated = wordsOf(readFileSync(textBeside(file), 'utf8'))
    const before = process.cpuUsage()
    const got = await read(readFileSync(file), typeOf(file)!, LIMITS)
    const { user, system } = process.cpuUsage(before)
    const rest = wordsOf(got.text)
    const count = rest.length
    let found = 0
    for (const word of stated) {
      const at = rest.indexOf(word)
      if (at === -1) continue
      rest.splice(at, 1)
      found++
    }
    const shut = got.whenRead?.result === 'done-with-warnings'
    pages.push({ words: stated.length, found, read: count, shut, cpuMs: (user + system) / 1000 })
    if (process.env.SCAN_ROWS)
      console.log(`  ${found} of ${stated.length}, read ${count}: ${relative(folder, file)}`)
  }
  for (const [key, pages] of groups) console.log(lineOf(key, pages))
}

function lineOf(key: string, pages: readonly Page[]): string {
  const sum = (of: (page: Page) => number, some = pages) => some.reduce((all, page) => all + of(page), 0)
  const share = (some: readonly Page[]) => sum(({ found }) => found, some) / sum(({ words }) => words, some)
  const [low, high] = interval(pages, share)
  const cpu = pages.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b)
  const shares = pages.map((page) => share([page])).sort((a, b) => a - b)
  return [
    `${key}: ${pages.length} pictures, ${sum(({ words }) => words)} words`,
    `found ${share(pages).toFixed(3)} (${low.toFixed(3)} – ${high.toFixed(3)})`,
    `of what was read, stands there ${(sum(({ found }) => found) / sum(({ read }) => read)).toFixed(3)}`,
    `a picture: worst tenth below ${shares[Math.floor(shares.length / 10)]!.toFixed(2)}, median ${shares[shares.length >> 1]!.toFixed(2)}`,
    `gate shut ${sum(({ shut }) => Number(shut))}`,
    `CPU ms median ${Math.round(cpu[cpu.length >> 1]!)}, of ten the ninth ${Math.round(cpu[Math.floor(cpu.length * 0.9)]!)}`,
  ].join('; ')
}

/** 95 %, over pictures: the words of one picture are not independent. */
function interval(
  pages: readonly Page[],
  share: (some: readonly Page[]) => number,
): readonly [number, number] {
  const drawn = Array.from({ length: 1000 }, (_, draw) =>
    share(pages.map((_page, i) => pages[numberAt(`${draw} ${i}`) % pages.length]!)),
  ).sort((a, b) => a - b)
  return [drawn[25]!, drawn[974]!]
}

function numberAt(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

function textBeside(file: string): string {
  return file.replace(/\.[^.]+$/, '.txt')
}

function typeOf(file: string): string | undefined {
  return TYPES[file.split('.').at(-1)!.toLowerCase()]
}

/** Words without marks around them, in small letters. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '')
}
