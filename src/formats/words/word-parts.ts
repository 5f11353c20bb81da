/** Opens the files that read words in pictures, and refuses one that is not as the card of their folder pins it. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onnxRuntime } from '../../classify/onnx-runtime.ts'
import { checkLanguage, LANGUAGE_FILE } from '../../classify-text/language-card.ts'
import { wordsCard } from '../../classify-text/words-card.ts'
import { LANGUAGE_ID, WORDS_IN_PICTURES } from '../../contracts/words-in-pictures.ts'
import { type LanguageOf, SHIPPED } from './choose-language.ts'
import { codeReader } from './codes.ts'
import { LineDetector } from './line-detector.ts'
import type { WordParts } from './read-lines.ts'
import { type NetworkFile, Recogniser } from './recogniser.ts'

/**
 * @param further languages that an agency added (ISO 639-2)
 * @throws UsageError or ModelRefused when a file is missing or has another digest than its card's
 */
export async function wordParts(
  modelsDir: string,
  languageOf: LanguageOf,
  further: readonly string[] = [],
): Promise<WordParts> {
  const folder = join(modelsDir, WORDS_IN_PICTURES)
  const networks = [
    ...shippedNetworks(wordsCard(folder).languages, folder),
    ...further.map((language) => addedNetwork(join(modelsDir, `${LANGUAGE_ID}${language}`))),
  ]
  // A child cannot open its library later.
  await onnxRuntime()
  const model = openSync(join(folder, 'model.onnx'), 'r')
  const detector = new LineDetector(() => {
    const bytes = readFileSync(model)
    closeSync(model)
    return bytes
  })
  return { detector, recogniser: new Recogniser(networks), codes: codeReader(), languageOf }
}

function shippedNetworks(languages: readonly string[], folder: string): NetworkFile[] {
  return SHIPPED.filter(({ language }) => languages.includes(language)).map((network) => ({
    ...network,
    file: join(folder, `${network.language}.traineddata.gz`),
  }))
}

function addedNetwork(folder: string): NetworkFile {
  const { language, iso6391, script } = checkLanguage(folder)
  return { language, iso6391, script, file: join(folder, LANGUAGE_FILE) }
}
