/**
 * Wires the `typeset` operation: data in, a PDF out. Fonts and the typesetter are loaded while the disk is readable.
 */
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { PdfTemplate, TypesetHeader, TypesetJob, TypesetReply } from '../../wire/typeset.ts'
import type { OpRun } from './op.ts'
import { addCovered, coveredOnly } from './typeset/coverage.ts'
import { MONO, readFonts } from './typeset/fonts.ts'
import { TEMPLATE } from './typeset/template.ts'
import { VALIDATION_TEMPLATE } from './typeset/validation-template.ts'

const TEMPLATES = { court: TEMPLATE, validation: VALIDATION_TEMPLATE } as const satisfies Record<
  PdfTemplate,
  string
>

/** A folder that does not exist: the files of a document are placed there in memory. */
const WORKSPACE = '/nonexistent'

export async function prepareTypesetOp(): Promise<OpRun> {
  const fonts = readFonts()
  const covered = new Set<number>()
  // The mono font is used only with the other fonts as fallback.
  for (const font of fonts.filter((_, i) => i !== MONO)) addCovered(font, covered)
  const compiler = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontBlobs: [...fonts] }] })
  return async ({ header, bytes }) => {
    const { utc, standard, template } = header as TypesetHeader
    const { document, attachments } = JSON.parse(bytes.toString('utf8')) as TypesetJob
    const count = { escaped: 0 }
    const data = {
      ...coveredOnly(document as object, covered, count),
      date: utc.slice(0, 10).split('-').map(Number),
      attachments: attachments.map(({ text: _, ...said }) => said),
    }
    compiler.mapShadow(`${WORKSPACE}/data.json`, Buffer.from(JSON.stringify(data)))
    for (const { name, text } of attachments) compiler.mapShadow(`${WORKSPACE}/${name}`, Buffer.from(text))
    try {
      const creationTimestamp = Math.floor(Date.parse(utc) / 1000)
      const source = { mainFileContent: TEMPLATES[template] }
      const set = compiler.compile(source).result
      // If compiling failed, a second attempt from the source throws the reason.
      const pdf = compiler.pdf(set ?? source, { pdfStandard: standard, creationTimestamp })
      const pages = set?.numOfPages ?? 0
      return { header: { done: true, escaped: count.escaped, pages } satisfies TypesetReply, bytes: pdf }
    } catch (error) {
      const why = String((error as { code?: unknown }).code ?? (error as Error).message).slice(0, 2000)
      return { header: { done: false, why } satisfies TypesetReply, bytes: Buffer.alloc(0) }
    } finally {
      compiler.resetShadow()
      // Otherwise memory of one volume stays allocated for the next.
      compiler.evictCache(0)
    }
  }
}
