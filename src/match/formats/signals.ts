/**
 * Signals of ThreatExchange's Python library, its command line and Hasher-Matcher-Actioner: the hash of one content
 * each. A vPDQ signal is the JSON list of a whole video's frames.
 *
 * Lines are accepted in the forms of `threatexchange dataset -P` and local signal files: `vpdq [...]` (also `pdq …`,
 * `video_md5 …`), or JSON lists alone. Other forms are CSV with `signal_type,signal_str`, JSON with `type` and
 * `indicator` (descriptors and threat updates of the Graph API), and JSON with `signals` (content of a bank).
 * No category is taken from them: opinions and tags of an exchange are on no list's scale.
 *
 * @see https://github.com/facebook/ThreatExchange (python-threatexchange: cli/dataset_cmd.py,
 *   exchanges/impl/file_api.py; hasher-matcher-actioner: curation.py)
 */
import { type AlgorithmPlace, algorithmNamed, decodeHexText } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { longLines } from './long-lines.ts'
import type { Signal } from './signal.ts'
import { signalsOfJson } from './signals-json.ts'
import { LINE_ENDS, wholeLines } from './text-lines.ts'
import { parseSignalFrame, takeFrame } from './vpdq-frame.ts'

const FRAME = '"{1,2}[0-9a-f]{64},\\d{1,3},[\\d.]+"{1,2}'
const TYPED_LINE = new RegExp(`^(?:video_)?vpdq \\[${FRAME}`, 'i')
const BARE_LINE = new RegExp(`^\\[${FRAME}.*\\]$`, 'i')
const CSV_HEADING = /^"?signal_type"?,"?signal_str"?(?:,|$)/i
const JSON_SIGNALS = /"(?:indicator|signals)"\s*:/
const JSON_FRAMES = /\\"[0-9a-f]{64},\d{1,3},/i

export const signals: HashSetFormat = {
  id: 'signals',
  title: 'Signals of ThreatExchange and HMA',

  detect(head: Buffer, fileSize: number): Detection {
    const text = head.toString('latin1')
    const reason = reasonOf(text, wholeLines(head, fileSize), head.length < fileSize)
    return reason === null
      ? { matches: false, reason: 'neither lines, CSV nor JSON of signals with vPDQ' }
      : { matches: true, reason }
  },

  async *read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    const isJson = /^\s*(?:\{|\[\s*\{)/.test(file.head().toString('latin1'))
    for await (const signal of isJson ? signalsOfJson(file) : signalsOfLines(file, batch)) {
      for (const _ of taken(batch, signal, options)) {
        if (!batch.full) continue
        yield batch
        batch.clear()
      }
    }
    if (batch.rows > 0) yield batch
  },
}

function reasonOf(text: string, lines: readonly string[], isCut: boolean): string | null {
  if (/^\s*[[{]/.test(text) && JSON_SIGNALS.test(text) && JSON_FRAMES.test(text))
    return 'JSON of indicators or signals with vPDQ'
  const [first = ''] = isCut ? [text.split(LINE_ENDS, 1)[0]!] : lines
  if (CSV_HEADING.test(first.trim())) return 'CSV with signal_type and signal_str'
  if (text.split(LINE_ENDS).some((line) => TYPED_LINE.test(line)))
    return 'lines of a signal type and its hash, some of vPDQ'
  const bare = text.split(LINE_ENDS).filter((line) => line.trim() !== '')
  const areLists = bare.length > 1 && bare.slice(0, -1).every((line) => BARE_LINE.test(line.trim()))
  return areLists ? 'lines of JSON lists of "hash,quality,timestamp", a video each' : null
}

async function* signalsOfLines(file: ListFile, batch: RecordBatch): AsyncGenerator<Signal> {
  let isCsv = false
  for await (const { line, text } of longLines(file)) {
    if (line === 1 && CSV_HEADING.test(text)) {
      isCsv = true
      continue
    }
    const match = isCsv
      ? /^"?(\w+)"?,("(?:[^"]|"")*"|[^,]*)/.exec(text)
      : (/^(\w+) (\[[^\]]*\]|\S+)/.exec(text) ?? /^()(\[[^\]]*\])$/.exec(text))
    if (match === null) batch.reject(line, 'not a signal type and its hash')
    else {
      const value = match[2]!
      yield {
        at: line,
        type: match[1] || 'vpdq',
        value: value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value,
        name: `line ${line}`,
      }
    }
  }
}

/** Adds the records of a signal to the batch, and yields after each so that the caller can empty the batch. */
function* taken(batch: RecordBatch, signal: Signal, options: ReadOptions): Generator<void> {
  const { at, type, value, name } = signal
  if (/vpdq/i.test(type)) {
    const frames = framesOf(value)
    if (frames === null || frames.length === 0)
      batch.reject(at, 'not a JSON list of "hash,quality,timestamp"')
    for (const [i, text] of (frames ?? []).entries()) {
      const frame = typeof text === 'string' ? parseSignalFrame(text, name, i) : null
      if (frame === null) batch.reject(at, `frame ${i + 1} is not "hash,quality,timestamp"`)
      else takeFrame(batch, at, frame, options)
      yield
    }
    return
  }
  const place = placeOf(type)
  if (place === undefined)
    batch.reject(at, `a signal of type ${JSON.stringify(type.slice(0, 40))} is not compared`)
  else if (
    value.length !== 2 * place.bytes ||
    !decodeHexText(value, batch.digests, batch.offset(place), place.bytes)
  )
    batch.reject(at, `${place.title} is not ${2 * place.bytes} hex digits`)
  else batch.keep(at, place.bit, Number.NaN, null, null)
  yield
}

/** A digest by the name that an exchange gives its signals: `HASH_PDQ`, `video_md5`, `vmd5`, `photo_md5`. */
function placeOf(type: string): AlgorithmPlace | undefined {
  return algorithmNamed(
    type
      .toLowerCase()
      .replace(/^hash_/, '')
      .replace(/^(?:video_|photo_|v(?=md5))/, ''),
  )
}

function framesOf(value: string): readonly unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed : null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return null
  }
}
