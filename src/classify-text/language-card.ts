/**
 * A further language in which words in pictures are read: `seized model add card.json deu.traineddata.gz`, with Tesseract's data
 * of the language, as it is or compressed. The card pins it by its digest. Seven languages come with the program (models/words).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { cardJson, readPinned, roleOf, sha256Of } from '../classify/card-file.ts'
import { ModelRefused } from '../classify/model-card.ts'
import { type Fail, record, string, strings } from '../classify/strict-fields.ts'
import type { ModelUse } from '../contracts/case.ts'
import { LANGUAGE_ID, languageOfId } from '../contracts/words-in-pictures.ts'
import { unpackedData } from './trained-data.ts'

export interface LanguageCard {
  readonly cardVersion: 1
  /** `words-deu` */
  readonly id: string
  readonly title: string
  readonly role: 'words-language'
  /** ISO 639-2, as Tesseract names its data. */
  readonly language: string
  /** Two letters, as the language of a text is told; empty: the language has none. */
  readonly iso6391: string
  /** Languages of one script stand together: `Latin`, `Greek`, `Bengali`, or any other name. */
  readonly script: string
  /** Of the data. */
  readonly sha256: string
  readonly origin: string
  readonly licence: string
  readonly trainingData: string
  readonly knownFailures: readonly string[]
  readonly neverMeasured: readonly string[]
}

/** With the digest of the card, which pins the data. */
export type AddedLanguage = LanguageCard & { readonly cardSha256: string }

export const LANGUAGE_FILE = 'data.traineddata'
const ROLE = 'words-language'
const FIELDS = [
  'cardVersion',
  'id',
  'title',
  'role',
  'language',
  'iso6391',
  'script',
  'sha256',
  'origin',
  'licence',
  'trainingData',
  'knownFailures',
  'neverMeasured',
] as const

export function isLanguageCard(text: string): boolean {
  return roleOf(text) === ROLE
}

/** @throws ModelRefused when the card is not valid */
function parseLanguageCard(text: string, where: string): AddedLanguage {
  const fail: Fail = (what) => {
    throw new ModelRefused(`The card ${where} was refused: ${what}.`)
  }
  const card = record(cardJson(text, fail), 'card', FIELDS, fail)
  const say = (key: (typeof FIELDS)[number]) => string(card[key], key, fail)
  if (card.cardVersion !== 1) fail(`cardVersion is ${JSON.stringify(card.cardVersion)}, this program reads 1`)
  const language = say('language')
  if (!/^[a-z]{3}(_[a-z]{2,8})?$/.test(language)) fail('language must be named as its data, e.g. deu')
  if (card.id !== `${LANGUAGE_ID}${language}`) fail(`id must be ${LANGUAGE_ID}${language}`)
  if (!/^([a-z]{2})?$/.test(String(card.iso6391))) fail('iso6391 must be two letters, or empty')
  if (!/^[0-9a-f]{64}$/.test(say('sha256'))) fail('sha256 must be 64 lower-case hex digits')
  return {
    cardVersion: 1,
    id: card.id as string,
    title: say('title'),
    role: ROLE,
    language,
    iso6391: String(card.iso6391),
    script: say('script'),
    sha256: say('sha256'),
    origin: say('origin'),
    licence: say('licence'),
    trainingData: say('trainingData'),
    knownFailures: strings(card.knownFailures, 'knownFailures', fail),
    neverMeasured: strings(card.neverMeasured, 'neverMeasured', fail),
    cardSha256: sha256Of(Buffer.from(text)),
  }
}

/** Installs it whole or not at all. @throws ModelRefused when card or data are not valid */
export function addLanguage(text: string, cardPath: string, file: string, modelsDir: string): AddedLanguage {
  const card = parseLanguageCard(text, cardPath)
  if (shippedLanguages(modelsDir).includes(card.language))
    throw new ModelRefused(
      `The language ${card.language} comes with the program: it is read without being added.`,
    )
  const folder = join(modelsDir, card.id)
  if (existsSync(folder)) throw new ModelRefused(`There is data of the language ${card.language} already.`)
  const bytes = readData(card, file)
  const unfinished = join(modelsDir, `.${card.id}.adding`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  writeFileSync(join(unfinished, LANGUAGE_FILE), bytes)
  writeFileSync(join(unfinished, 'card.json'), text)
  renameSync(unfinished, folder)
  return card
}

/** @throws ModelRefused where the data is missing, has another digest than its card's, or holds no network */
export function checkLanguage(folder: string): AddedLanguage {
  const card = readCard(folder)
  readData(card, join(folder, LANGUAGE_FILE))
  return card
}

/** Cards of the languages that were added, by id. @throws ModelRefused on the first that is not valid */
export function listLanguages(modelsDir: string): AddedLanguage[] {
  return languageFolders(modelsDir).map((language) => readCard(join(modelsDir, `${LANGUAGE_ID}${language}`)))
}

/** Codes of those that were added, in their order, whether or not their cards are valid. */
export function languageFolders(modelsDir: string): string[] {
  return readdirSync(modelsDir)
    .filter((id) => existsSync(join(modelsDir, id, 'card.json')))
    .flatMap((id) => languageOfId(id) ?? [])
    .sort()
}

/** ISO 639-2 of those that come with the program. Empty: an installation without them. */
export function shippedLanguages(modelsDir: string): readonly string[] {
  const file = join(modelsDir, 'words', 'card.json')
  if (!existsSync(file)) return []
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly languages: readonly string[] }).languages
}

/**
 * The languages that a scan asks for, in its plan; those that come with the program are read anyway.
 * @throws UsageError where there is no data of one; ModelRefused where it is not what its card pins
 */
export function languageUses(modelsDir: string, asked: readonly string[]): ModelUse[] {
  const shipped = shippedLanguages(modelsDir)
  return [...new Set(asked)]
    .filter((one) => !shipped.includes(one))
    .sort()
    .map((language) => {
      const folder = join(modelsDir, `${LANGUAGE_ID}${language}`)
      if (!existsSync(join(folder, 'card.json')))
        throw new UsageError(
          `There is no data of the language ${language} for words in pictures. There is: ${[...shipped, ...languageFolders(modelsDir)].join(', ')}. Add it: seized model add card.json ${language}.traineddata.gz`,
        )
      return { id: `${LANGUAGE_ID}${language}`, sha256: checkLanguage(folder).cardSha256, thresholds: {} }
    })
}

function readCard(folder: string): AddedLanguage {
  const path = join(folder, 'card.json')
  return parseLanguageCard(readFileSync(path, 'utf8'), path)
}

function readData({ language, sha256 }: LanguageCard, file: string): Buffer {
  const bytes = readPinned(file, sha256)
  try {
    unpackedData(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ModelRefused(`The data of the language ${language} was refused: ${error.message}.`, {
      cause: error,
    })
  }
  return bytes
}
