/** `seized terms`: an agency's own terms for names, paths and texts. The program contains no terms and prints none. */

import { readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { ACCEPTED_PATH_SHARE, checkTerms, type TermCheck } from '../../terms/check-terms.ts'
import { importTerms, openTerms } from '../../terms/import-terms.ts'
import { parseLabelledPaths } from '../../terms/labelled-paths.ts'
import { neutralPaths, neutralTexts } from '../../terms/neutral.ts'
import { openPathModel, sealPathModel, trainPathClassifier } from '../../terms/path-classifier.ts'
import type { Given } from '../arguments/option.ts'
import type { TERMS_CHECK, TERMS_IMPORT, TERMS_TRAIN } from '../arguments/options-table.ts'
import { linesOfFile } from '../services/lines-of-file.ts'
import { readPassphrase } from '../services/passphrase.ts'

/** Number of generated paths and sentences when the agency gives no benign ones. */
const NEUTRAL = 20_000

export async function importList(
  [list = '']: readonly string[],
  given: Given<typeof TERMS_IMPORT>,
): Promise<number> {
  print(importTerms(list, given.store, await readPassphrase(given), today()))
  return EXIT.complete
}

export async function check(_: readonly string[], given: Given<typeof TERMS_CHECK>): Promise<number> {
  const passphrase = await readPassphrase(given)
  const store = openTerms(given.store, passphrase)
  const model = given.pathModel === undefined ? null : openPathModel(readBytes(given.pathModel), passphrase)
  const own = given.paths !== undefined || given.texts !== undefined
  const benign = {
    paths: given.paths === undefined ? (own ? [] : neutralPaths(NEUTRAL)) : lines(given.paths, '--paths'),
    texts: given.texts === undefined ? (own ? [] : neutralTexts(NEUTRAL)) : lines(given.texts, '--texts'),
  }
  const checked = await checkTerms(store, today(), benign, model)
  if (given.json) print(checked)
  else process.stdout.write(inWords(checked, own))
  return EXIT.complete
}

export async function train(
  [labelled = '']: readonly string[],
  given: Given<typeof TERMS_TRAIN>,
): Promise<number> {
  const rows = parseLabelledPaths(read(labelled))
  const passphrase = await readPassphrase(given)
  const model = trainPathClassifier(rows)
  write(given.model, sealPathModel(model, passphrase))
  print({ model: given.model, ...model.measured })
  return EXIT.complete
}

function inWords(check: TermCheck, own: boolean): string {
  const share = (value: number | null) => (value === null ? 'not checked' : `${(100 * value).toFixed(3)} %`)
  const rate = (value: number | null) => (value === null ? '-' : String(value))
  const found = check.terms.filter(({ pathHits, textHits }) => pathHits + textHits > 0)
  return [
    own ? '' : 'On made-up paths and sentences: real ones are less regular, so these rates are too low.',
    `${check.paths} paths, ${check.texts} texts; marked by any term: ${share(check.pathShare)} of paths, ${share(check.textShare)} of texts.`,
    check.pathShare !== null && check.pathShare > ACCEPTED_PATH_SHARE
      ? `More than ${100 * ACCEPTED_PATH_SHARE} % of paths are marked: take out or narrow the terms at the top.`
      : '',
    check.pathModelShare === null ? '' : `The path model marks ${share(check.pathModelShare)} of paths.`,
    `${check.terms.length - found.length} of ${check.terms.length} terms were found nowhere.`,
    ...(found.length === 0 ? [] : ['term id\tper million paths\tper million texts']),
    ...found.map((term) => `${term.termId}\t${rate(term.perMillionPaths)}\t${rate(term.perMillionTexts)}`),
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n')
}

/** Lines of a file without the empty ones. */
async function* lines(file: string, option: string): AsyncIterable<string> {
  for await (const line of linesOfFile(file, option)) if (line !== '') yield line
}

function read(file: string): string {
  return readBytes(file).toString('utf8')
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
}

function write(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new UsageError(`${file} could not be written (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 1)}\n`)
}
