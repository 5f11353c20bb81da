/** Opens the files that read words in pictures, and refuses one that is not as the card of their folder pins it. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onnxRuntime } from '../../classify/onnx-runtime.ts'
import { wordsCard } from '../../classify-text/words-card.ts'
import type { LanguageOf } from './choose-language.ts'
import { codeReader } from './codes.ts'
import { LineDetector } from './line-detector.ts'
import type { WordParts } from './read-lines.ts'
import { Recogniser } from './recogniser.ts'

/** @throws UsageError when a file is missing or has another digest than the card's */
export async function wordParts(folder: string, languageOf: LanguageOf): Promise<WordParts> {
  const { languages } = wordsCard(folder)
  // A child cannot open its library later.
  await onnxRuntime()
  const model = openSync(join(folder, 'model.onnx'), 'r')
  const detector = new LineDetector(() => {
    const bytes = readFileSync(model)
    closeSync(model)
    return bytes
  })
  return { detector, recogniser: new Recogniser(folder, languages), codes: codeReader(), languageOf }
}
