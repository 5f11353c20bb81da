/**
 * Reads one line of text at a time with Tesseract's LSTM networks, compiled to WebAssembly. The engine is used directly,
 * without the threads and downloads of tesseract.js. Files are opened before a child gives up its rights, and read when
 * the first line of a language is due.
 *
 * A line is read without anything learnt from lines before it: the same line gives the same words in every process.
 */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { unpackedData } from '../../classify-text/trained-data.ts'
import type { Network } from './choose-language.ts'
import { BORDER, LINE_ROWS, type LinePicture } from './line-picture.ts'
import { type LineBox, type Place, placeOf, type ReadWord } from './text-line.ts'

/** Of Tesseract: LSTM networks alone; the picture is a single line. */
const LSTM_ONLY = 1
const SINGLE_LINE = 7
const RAW_LINE = 13
/** Share of a line that its words take up. */
const LEAST_COVERED = 0.5

interface Api {
  Init(folder: string, language: string, mode: number): number
  SetPageSegMode(mode: number): void
  SetVariable(name: string, value: string): boolean
  SetImageFile(): number
  Recognize(monitor: null): number
  GetTSVText(page: number): string
  Clear(): void
}

interface Engine {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void }
  readonly TessBaseAPI: new () => Api
}

type StartEngine = (options: {
  readonly wasmBinary: Buffer
  readonly print: () => void
  readonly printErr: () => void
}) => Promise<Engine>

export interface NetworkFile extends Network {
  /** Path of its data. */
  readonly file: string
}

export class Recogniser {
  readonly networks: readonly Network[]
  readonly #start: () => Promise<Engine>
  readonly #data: ReadonlyMap<string, number>
  readonly #apis = new Map<string, Api>()
  #engine: Promise<Engine> | null = null

  constructor(networks: readonly NetworkFile[]) {
    const program = createRequire(import.meta.url).resolve('tesseract.js-core/tesseract-core-simd-lstm.js')
    const start = createRequire(import.meta.url)(program) as StartEngine
    const wasmBinary = readFileSync(program.replace(/\.js$/, '.wasm'))
    this.#start = () => start({ wasmBinary, print: quiet, printErr: quiet })
    this.networks = networks
    this.#data = new Map(networks.map(({ language, file }) => [language, openSync(file, 'r')]))
  }

  async read(language: string, line: LinePicture, box: LineBox): Promise<ReadWord[]> {
    this.#engine ??= this.#start()
    const engine = await this.#engine
    const api = this.#apis.get(language) ?? this.#load(engine, language)
    const { width, height, grey } = line
    engine.FS.writeFile(PICTURE, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), grey]))
    const words = wordsOf(api, SINGLE_LINE, line, box)
    if (widthOf(words) >= LEAST_COVERED * box.width) return words.map((word) => inLetters(language, word))
    // Of a short line, as a time is, Tesseract's search for letters may take one alone: then the network reads it as it is.
    const raw = wordsOf(api, RAW_LINE, line, box)
    return (worthOf(raw) > worthOf(words) ? raw : words).map((word) => inLetters(language, word))
  }

  #load(engine: Engine, language: string): Api {
    const file = this.#data.get(language)
    if (file === undefined) throw new Error(`no data of the language ${language}`)
    const path = `/${language}.traineddata`
    engine.FS.writeFile(path, unpackedData(readFileSync(file)))
    closeSync(file)
    const api = new engine.TessBaseAPI()
    if (api.Init('/', language, LSTM_ONLY) !== 0) throw new Error(`the data of ${language} were not taken`)
    engine.FS.unlink(path)
    this.#apis.set(language, api)
    return api
  }
}

const PICTURE = '/input'
/** Level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
const WORD_LEVEL = '5'

function quiet(): void {
  // Tesseract's remarks on single pictures: its answer has the words.
}

function wordsOf(api: Api, mode: number, line: LinePicture, box: LineBox): ReadWord[] {
  api.SetPageSegMode(mode)
  if (api.SetImageFile() !== 0) throw new Error('the picture of a line was not taken')
  api.Recognize(null)
  const rows = api.GetTSVText(0).split('\n')
  api.Clear()
  return rows.flatMap((row) => wordOf(row, line, box))
}

/** What a network writes for another letter that looks the same: no search and no sign finds it. */
const LOOKS_LIKE: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  // The sign of a millionth for mu; an iota with an accent, beside which no letter stands, for a one.
  ell: [
    [/\u00b5/gu, '\u03bc'],
    [/(?<!\p{L})\u038a(?!\p{L})/gu, '1'],
  ],
  // A long a before the mark that takes a vowel away, which follows a consonant or a short a.
  ben: [[/\u0986(?=\u09cd)/gu, '\u0985']],
}

function inLetters(language: string, word: ReadWord): ReadWord {
  const pairs = LOOKS_LIKE[language]
  return pairs
    ? { ...word, text: pairs.reduce((text, [written, letter]) => text.replace(written, letter), word.text) }
    : word
}

function widthOf(words: readonly ReadWord[]): number {
  return words.reduce((sum, { place }) => sum + place.width, 0)
}

function worthOf(words: readonly ReadWord[]): number {
  return words.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0)
}

function wordOf(row: string, { unit }: LinePicture, box: LineBox): ReadWord[] {
  const [level, , , , , , left, top, width, height, confidence, text = ''] = row.split('\t')
  if (level !== WORD_LEVEL || text.trim() === '') return []
  const inLine = (value: string | undefined) => Number(value) * unit
  const w = inLine(width)
  const h = inLine(height)
  const columns = box.width / unit
  const along = inLine(left) + w / 2 - (BORDER + columns / 2) * unit
  const beside = inLine(top) + h / 2 - (BORDER + LINE_ROWS / 2) * unit
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)]
  const place: Place = placeOf({
    ...box,
    x: box.x + along * cos - beside * sin,
    y: box.y + along * sin + beside * cos,
    width: w,
    height: h,
  })
  return [{ text: text.trim(), confidence: Math.max(0, Math.min(100, Number(confidence))), place }]
}
