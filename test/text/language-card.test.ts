/** The card and the data of a further language: installed whole or not at all, and named in a plan only where it is what its card pins. */
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { greekCard } from '../../fixtures/language-card.ts'
import { MODELS_DIR } from '../../src/base/version.ts'
import { verifyModels } from '../../src/classify/index.ts'
import { addLanguage, languageUses } from '../../src/classify-text/language-card.ts'
import { textModelUses } from '../../src/classify-text/uses.ts'
import { languages } from '../../src/cli/doctor/program.ts'
import { parseTextLanguages } from '../../src/cli/services/text-options.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const WHOLE = readFileSync(join(MODELS_DIR, 'words/ell.traineddata.gz'))
const PLAIN = gunzipSync(WHOLE)
const pinOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** A folder of models of which the shipped languages are without Greek. */
function folderOfModels(): string {
  const folder = join(temporaryFolder(), 'models')
  mkdirSync(join(folder, 'words'), { recursive: true })
  for (const name of readdirSync(join(MODELS_DIR, 'words')))
    if (name !== 'card.json') symlinkSync(join(MODELS_DIR, 'words', name), join(folder, 'words', name))
  const card = JSON.parse(readFileSync(join(MODELS_DIR, 'words/card.json'), 'utf8'))
  const languages = card.languages.filter((one: string) => one !== 'ell')
  writeFileSync(join(folder, 'words/card.json'), JSON.stringify({ ...card, languages }))
  return folder
}

function added(folder: string, bytes: Buffer, card: string) {
  const file = join(folder, '..', 'ell.traineddata.gz')
  writeFileSync(file, bytes)
  return addLanguage(card, 'card.json', file, folder)
}

describe('a further language', () => {
  it.each([
    ['the pin of another file', WHOLE, greekCard(pinOf(PLAIN)), 'its card pins SHA-256'],
    [
      'data that is cut',
      WHOLE.subarray(0, 5000),
      greekCard(pinOf(WHOLE.subarray(0, 5000))),
      'does not unpack',
    ],
    ['parts that are cut', PLAIN.subarray(0, 5000), greekCard(pinOf(PLAIN.subarray(0, 5000))), 'cut'],
    ['other bytes', Buffer.alloc(900), greekCard(pinOf(Buffer.alloc(900))), 'not data of Tesseract'],
    [
      'a language that is shipped',
      WHOLE,
      greekCard(pinOf(WHOLE), { id: 'words-eng', language: 'eng' }),
      'comes with the program',
    ],
    [
      'an id of another language',
      WHOLE,
      greekCard(pinOf(WHOLE), { id: 'words-kat' }),
      'id must be words-ell',
    ],
    [
      'a way out of the folder',
      WHOLE,
      greekCard(pinOf(WHOLE), { id: 'words-../x', language: '../x' }),
      'language must be',
    ],
    ['no licence', WHOLE, greekCard(pinOf(WHOLE), { licence: '' }), 'licence is not a text'],
    ['an unknown field', WHOLE, greekCard(pinOf(WHOLE), { sha1: 'x' }), 'unknown field'],
  ])('is refused with %s, and nothing is installed', (_, bytes, card, why) => {
    const folder = folderOfModels()
    expect(() => added(folder, bytes, card)).toThrow(why)
    expect(readdirSync(folder)).toEqual(['words'])
  })

  it('is refused without a network: data of versions before 4', () => {
    const bare = Buffer.from(PLAIN)
    bare.writeBigInt64LE(-1n, 4 + 8 * 17)
    expect(() => added(folderOfModels(), bare, greekCard(pinOf(bare)))).toThrow('it has no LSTM network')
  })

  it.each([
    ['as it is', PLAIN],
    ['compressed', WHOLE],
  ])('is installed %s, named in a plan by the digest of its card, and told by doctor', (_, bytes) => {
    const folder = folderOfModels()
    const card = greekCard(pinOf(bytes))
    expect(languages(folder)).toMatchObject([
      { state: 'ok', found: 'words in pictures: eng, lit, spa, por, fra, ben' },
    ])
    expect(() => languageUses(folder, ['ell'])).toThrow('no data of the language ell')
    added(folder, bytes, card)
    expect(() => added(folder, bytes, card)).toThrow('There is data of the language ell already')
    const use = { id: 'words-ell', sha256: pinOf(Buffer.from(card)), thresholds: {} }
    expect(languageUses(folder, ['ell', 'lit', 'ell'])).toEqual([use])
    expect(languages(folder)).toMatchObject([
      { found: expect.stringContaining('; with --text-languages: ell') },
    ])
    expect(verifyModels(folder).find(({ id }) => id === 'words-ell')).toMatchObject({ problem: null })
    appendFileSync(join(folder, 'words-ell/data.traineddata'), 'x')
    expect(() => languageUses(folder, ['ell'])).toThrow('its card pins SHA-256')
    expect(verifyModels(folder).find(({ id }) => id === 'words-ell')!.problem).toContain('its card pins')
  })

  it('changes no plan that does not ask for it', () => {
    expect(textModelUses(MODELS_DIR, ['lit', 'ben'])).toEqual(textModelUses(MODELS_DIR))
  })

  it('is asked for in codes, and only with a legal basis', () => {
    expect(parseTextLanguages(['deu, kat', 'chi_sim'], 'warrant')).toEqual(['deu', 'kat', 'chi_sim'])
    expect(parseTextLanguages([], null)).toEqual([])
    expect(() => parseTextLanguages(['deu'], null)).toThrow('--basis')
    for (const wrong of ['German', 'de', '', 'deu kat'])
      expect(() => parseTextLanguages([wrong], 'warrant')).toThrow('codes of three letters')
  })
})
