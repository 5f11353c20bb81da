/**
 * Extracts text of PDF with pdf.js, without worker, network, eval, system fonts or canvas. Scripts and actions of a
 * document are not run: pdf.js keeps them separate, and only the text is requested.
 *
 * {@link preparePdf} loads all resources before a child process gives up its rights. The character maps of older East
 * Asian documents have one megabyte and then stay in memory.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FilePasswords } from '../../contracts/file-lock.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import type { TextLimits } from '../../wire/text.ts'
import { detailOf } from '../bytes/coded-error.ts'
import { mayReplace, tagOf, textsOf } from './pdf-page-text.ts'
import { type Mark, markedStreams, marksLike } from './pdf-replacement.ts'
import { MOST_IMAGE_POINTS, scannedSheet, statesHugeImage } from './pdf-scans.ts'
import {
  type ExtractedText,
  type ScanReader,
  TextCollector,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  tidied,
} from './text-extractor.ts'

type PdfJs = typeof import('pdfjs-dist')

let loaded: { readonly pdfjs: PdfJs; readonly maps: ReadonlyMap<string, Uint8Array> } | null = null

export async function preparePdf(): Promise<void> {
  if (loaded) return
  silenceMissingCanvas()
  const pdfjs = (await import('pdfjs-dist/legacy/build/pdf.mjs')) as unknown as PdfJs
  // pdf.js uses a worker of this name instead of starting one.
  const worker: unknown = await import('pdfjs-dist/legacy/build/pdf.worker.mjs' as string)
  Object.assign(globalThis, { pdfjsWorker: worker })
  const folder = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'cmaps')
  const maps = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.bcmap'))
      .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
  )
  loaded = { pdfjs, maps }
}

/** At load time pdf.js warns that it cannot draw without a canvas; this program draws nothing. */
function silenceMissingCanvas(): void {
  const globals = globalThis as Record<string, unknown>
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) globals[name] ??= class {}
}

export const pdf: TextExtractor = {
  id: 'pdf',
  reads: (mediaType) => mediaType === 'application/pdf',
  extract: (bytes, limits, beside) =>
    withPdf(bytes, beside?.passwords ?? NONE, (document) =>
      pages(document, bytes, limits, beside?.scans ?? null),
    ),
}

type PdfDocument = Awaited<ReturnType<PdfJs['getDocument']>['promise']>

/**
 * A document with an empty user password opens without any. Else the passwords are tried, as user's and as owner's password.
 * @throws TextEncrypted, TextDamaged
 */
export async function withPdf<T>(
  bytes: Buffer,
  passwords: FilePasswords,
  use: (document: PdfDocument) => Promise<T>,
): Promise<T> {
  const plain = await openedOr(bytes, passwords, use)
  if (plain !== CLOSED) return plain
  for (const password of passwords.passwords) {
    const made = await opened(bytes, password.text, use)
    if (made === CLOSED) continue
    passwords.opened(password, 'key')
    return made
  }
  passwords.closed()
  throw new TextEncrypted()
}

const NONE: FilePasswords = { passwords: [], opened: () => {}, closed: () => {} }

const CLOSED = Symbol('closed')

/** @throws TextEncrypted for a document that certificates open, TextDamaged */
async function openedOr<T>(
  bytes: Buffer,
  passwords: FilePasswords,
  use: (document: PdfDocument) => Promise<T>,
): Promise<T | typeof CLOSED> {
  try {
    return await opened(bytes, null, use)
  } catch (error) {
    // The words of pdf.js for a security handler other than that of passwords.
    if (!(error instanceof TextDamaged) || !/unknown encryption method/i.test(causeOf(error))) throw error
    passwords.closed('pdf-certificate')
    throw new TextEncrypted()
  }
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** @throws TextDamaged */
async function opened<T>(
  bytes: Buffer,
  password: string | null,
  use: (document: PdfDocument) => Promise<T>,
): Promise<T | typeof CLOSED> {
  await preparePdf()
  const { pdfjs, maps } = loaded!
  const task = pdfjs.getDocument({
    // pdf.js detaches the buffer of the caller, so it gets a copy.
    data: new Uint8Array(bytes),
    ...(password === null ? {} : { password }),
    isEvalSupported: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    useWasm: false,
    stopAtErrors: false,
    maxImageSize: MOST_IMAGE_POINTS,
    verbosity: 0,
    cMapPacked: true,
    cMapUrl: 'memory/',
    BinaryDataFactory: fromMemory(maps),
  } as Parameters<PdfJs['getDocument']>[0])
  try {
    return await use(await task.promise)
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') return CLOSED
    throw new TextDamaged(detailOf(error), { cause: error })
  } finally {
    await task.destroy()
  }
}

function fromMemory(maps: ReadonlyMap<string, Uint8Array>) {
  return class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
      const map = kind === 'cMapUrl' ? maps.get(filename) : undefined
      if (!map) throw new Error(`${kind} ${filename} is not at hand`)
      return map.slice()
    }
  }
}

/** A page with fewer letters of its own is read as a scan: a number or a stamp is set on scans. */
const LETTERS_OF_A_PAGE = 200

async function pages(
  document: PdfDocument,
  bytes: Buffer,
  limits: TextLimits,
  scans: ScanReader | null,
): Promise<ExtractedText> {
  let streams: ReturnType<typeof markedStreams> | null = null
  let unplaced = 0
  const sink = new TextCollector(limits)
  const warnings: TextNote[] = []
  let [unreadable, empty] = [0, 0]
  for (let number = 1; number <= document.numPages && !sink.isFull; number++) {
    try {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent({ includeMarkedContent: true })
      let marks: readonly Mark[] | null = null
      if (items.some(mayReplace)) {
        streams ??= markedStreams(bytes, limits.unpackedBytes)
        marks = marksLike(
          streams,
          items.flatMap((item) => tagOf(item) ?? []),
        )
        if (marks === null && streams.length > 0) unplaced++
      }
      const before = sink.room
      for (const text of textsOf(items, marks)) sink.add(text)
      const letters = before - sink.room
      sink.add('\n\n')
      if (scans !== null && letters < LETTERS_OF_A_PAGE && scans.takes()) {
        const sheet = await scannedSheet(page, loaded!.pdfjs)
        if (sheet !== null) await scans.read(sheet, number)
        else if (letters === 0) empty++
      }
      page.cleanup()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      unreadable++
    }
  }
  // pdf.js leaves out what is too large, and says nothing of it.
  if (empty > 0 && statesHugeImage(bytes)) unreadable += empty
  if (unreadable === document.numPages) throw new TextDamaged({ code: 'no-page-readable', params: {} })
  if (unreadable > 0)
    warnings.push({ code: 'pages-unreadable', params: { pages: unreadable, of: document.numPages } })
  if (unplaced > 0)
    warnings.push({
      code: 'replacement-text-unplaced',
      params: { pages: unplaced, of: document.numPages },
    })
  const info = await titleOf(document)
  const own = { text: tidied(`${info}${sink.text()}`), warnings: [...warnings, ...sink.warnings()] }
  return scans === null ? own : scans.joined(own)
}

/** A person also writes title, subject and keywords. */
async function titleOf(document: PdfDocument): Promise<string> {
  try {
    const info = (await document.getMetadata()).info as Readonly<Record<string, unknown>>
    const lines = ['Title', 'Subject', 'Keywords']
      .map((key) => info[key])
      .filter((v) => typeof v === 'string' && v !== '')
    return lines.length > 0 ? `${lines.join('\n')}\n` : ''
  } catch (error) {
    // Damaged metadata does not affect the pages.
    if (error instanceof Error) return ''
    throw error
  }
}
