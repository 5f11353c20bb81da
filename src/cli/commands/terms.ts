/** `seized terms`: an agency's own words for names, paths and texts. None are shipped, and none are printed. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { UsageError } from '../../base/errors.ts'
import { ACCEPTED_PATH_SHARE, checkTerms, type TermCheck } from '../../terms/check-terms.ts'
import { importTerms, openTerms } from '../../terms/import-terms.ts'
import { parseLabelledPaths } from '../../terms/labelled-paths.ts'
import { neutralPaths, neutralTexts } from '../../terms/neutral.ts'
import { openPathModel, sealPathModel, trainPathClassifier } from '../../terms/path-classifier.ts'
import { linesOfFile } from '../lines-of-file.ts'
import { addPassphraseOptions, type PassphraseOptions, readPassphrase } from '../passphrase.ts'

/** Made-up paths and sentences when the agency gives no benign ones. */
const NEUTRAL = 20_000

export function addTerms(program: Command): void {
  const terms = program
    .command('terms')
    .description("import, check and learn from an agency's own terms; none are shipped")
  addPassphraseOptions(
    terms
      .command('import')
      .description('seal a term list (CSV or JSON) into a store that only its passphrase opens')
      .argument('<list>', 'columns term, and if present id, language, category, source, expires, match')
      .requiredOption('--store <file>', 'store to create; must not exist'),
  ).action(async (list: string, given: PassphraseOptions & { readonly store: string }) => {
    const report = importTerms(list, given.store, await readPassphrase(given), today())
    print(report)
  })
  addPassphraseOptions(
    terms
      .command('check')
      .description("each term's rate of false finds on benign paths and texts, by term id")
      .requiredOption('--store <file>', 'store that `terms import` wrote')
      .option('--path-model <file>', 'also how many paths the model of `terms train` marks; same passphrase')
      .option(
        '--paths <file>',
        'benign paths, one a line (default: made-up ones, which are far more regular)',
      )
      .option('--texts <file>', 'benign texts, one a line (default: made-up sentences)')
      .option('--json', 'one JSON object'),
  ).action(async (given: CheckOptions) => {
    const passphrase = await readPassphrase(given)
    const store = openTerms(given.store, passphrase)
    const model = given.pathModel === undefined ? null : openPathModel(readBytes(given.pathModel), passphrase)
    const own = given.paths !== undefined || given.texts !== undefined
    const benign = {
      paths: given.paths === undefined ? (own ? [] : neutralPaths(NEUTRAL)) : lines(given.paths, '--paths'),
      texts: given.texts === undefined ? (own ? [] : neutralTexts(NEUTRAL)) : lines(given.texts, '--texts'),
    }
    const check = await checkTerms(store, today(), benign, model)
    if (given.json) print(check)
    else process.stdout.write(inWords(check, own))
  })
  addPassphraseOptions(
    terms
      .command('train')
      .description("fit a path classifier on the agency's own labelled paths; nothing leaves this machine")
      .argument('<labelled>', 'CSV with the columns path and label: 1 concerning, 0 benign')
      .requiredOption('--model <file>', 'sealed model to create; must not exist'),
  ).action(async (labelled: string, given: PassphraseOptions & { readonly model: string }) => {
    const rows = parseLabelledPaths(read(labelled))
    const passphrase = await readPassphrase(given)
    const model = trainPathClassifier(rows)
    write(given.model, sealPathModel(model, passphrase))
    print({ model: given.model, ...model.measured })
  })
}

interface CheckOptions extends PassphraseOptions {
  readonly store: string
  readonly pathModel?: string
  readonly paths?: string
  readonly texts?: string
  readonly json?: boolean
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

/** Empty lines are no paths and no texts. */
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
