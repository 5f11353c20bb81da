/**
 * Text of PDF by pdf.js, without worker, network, eval, fonts of the system or canvas. Scripts and actions of a document
 * are not run: pdf.js keeps those apart, and only text is asked for.
 *
 * Everything it may load is loaded by {@link preparePdf}, before a child gives up its rights: the character maps that
 * older East Asian documents name are a megabyte, and live in memory from then on.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type ExtractedText,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  type TextLimits,
  TextSink,
  tidied,
} from './text-extractor.ts'

type PdfJs = typeof import('pdfjs-dist')

let loaded: { readonly pdfjs: PdfJs; readonly maps: ReadonlyMap<string, Uint8Array> } | null = null

export async function preparePdf(): Promise<void> {
  if (loaded) return
  silenceMissingCanvas()
  const pdfjs = (await import('pdfjs-dist/legacy/build/pdf.mjs')) as unknown as PdfJs
  // pdf.js takes a worker of this name in place of starting one.
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

/** pdf.js says at loading that it cannot draw without a canvas; nothing is drawn here. */
function silenceMissingCanvas(): void {
  const globals = globalThis as Record<string, unknown>
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) globals[name] ??= class {}
}

export const pdf: TextExtractor = {
  id: 'pdf',
  reads: (mediaType) => mediaType === 'application/pdf',
  extract: (bytes, limits) => withPdf(bytes, (document) => pages(document, limits)),
}

export type PdfDocument = Awaited<ReturnType<PdfJs['getDocument']>['promise']>

/** @throws TextEncrypted, TextDamaged */
export async function withPdf<T>(bytes: Buffer, use: (document: PdfDocument) => Promise<T>): Promise<T> {
  await preparePdf()
  const { pdfjs, maps } = loaded!
  const task = pdfjs.getDocument({
    // pdf.js takes the buffer away from whoever hands it over.
    data: new Uint8Array(bytes),
    isEvalSupported: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    useWasm: false,
    stopAtErrors: false,
    verbosity: 0,
    cMapPacked: true,
    cMapUrl: 'memory/',
    BinaryDataFactory: fromMemory(maps),
  } as Parameters<PdfJs['getDocument']>[0])
  try {
    return await use(await task.promise)
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw new TextEncrypted()
    throw new TextDamaged(error instanceof Error ? error.message : String(error), { cause: error })
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

async function pages(document: PdfDocument, limits: TextLimits): Promise<ExtractedText> {
  const sink = new TextSink(limits)
  const warnings: string[] = []
  let unreadable = 0
  for (let number = 1; number <= document.numPages && !sink.isFull; number++) {
    try {
      const page = await document.getPage(number)
      const { items } = await page.getTextContent()
      for (const item of items) if ('str' in item) sink.add(item.hasEOL ? `${item.str}\n` : item.str)
      sink.add('\n\n')
      page.cleanup()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      unreadable++
    }
  }
  if (unreadable === document.numPages) throw new TextDamaged('no page could be read')
  if (unreadable > 0) warnings.push(`${unreadable} of ${document.numPages} pages could not be read`)
  const info = await titleOf(document)
  return { text: tidied(`${info}${sink.text()}`), warnings: [...warnings, ...sink.warnings()] }
}

/** Title, subject and keywords are written by a person too. */
async function titleOf(document: PdfDocument): Promise<string> {
  try {
    const info = (await document.getMetadata()).info as Readonly<Record<string, unknown>>
    const lines = ['Title', 'Subject', 'Keywords']
      .map((key) => info[key])
      .filter((v) => typeof v === 'string' && v !== '')
    return lines.length > 0 ? `${lines.join('\n')}\n` : ''
  } catch (error) {
    // Damaged metadata takes nothing from the pages.
    if (error instanceof Error) return ''
    throw error
  }
}
