/** Wires the `text` operation: extractors of extract/text, the language of eld, the classifiers of classify-text. */
import { isDeepStrictEqual } from 'node:util'
import { textModelUses } from '../classify-text/uses.ts'
import { openTextClassifiers } from '../classify-text/windows.ts'
import type { ModelUse } from '../contracts.ts'
import { type ReadTextHeader, readText } from '../extract/read-text.ts'
import { preparePdf } from '../extract/text/pdf.ts'
import { MODELS_DIR } from '../version.ts'
import { prepareLanguage } from './language.ts'
import type { OpRun } from './ops.ts'

export interface TextConfig {
  /** The text models of the plan. */
  readonly models: readonly ModelUse[]
}

export async function prepareTextOp(config: unknown): Promise<OpRun> {
  const { models } = config as TextConfig
  if (!isDeepStrictEqual(textModelUses(MODELS_DIR), models))
    throw new Error('The text models of the plan are not those that are installed.')
  await preparePdf()
  const language = await prepareLanguage()
  const classify = await openTextClassifiers(models, MODELS_DIR)
  return async ({ header, bytes }) => {
    const { reply, text } = await readText(header as ReadTextHeader, bytes, { language, classify })
    return { header: reply, bytes: text }
  }
}
