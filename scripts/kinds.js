/**
 * Joins what the folders of kinds hold (src/formats/artefacts/x, src/formats/chats/x), so that a new kind touches its own folder
 * and one line of an array: facts, signatures, words, and the table of docs/reference/device.md.
 *
 * Writes the joined files; `test/formats/kinds.test.ts` says when they are out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FORMATS = join(ROOT, 'src/formats')
const WRITTEN = 'Written by `npm run kinds` from the folders of the kinds; do not edit.'

/** @returns {{ path: string, has: (file: string, exported?: string) => boolean, name: string }[]} by path */
export function kinds() {
  return ['artefacts', 'chats'].flatMap((parent) =>
    readdirSync(join(FORMATS, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'common')
      .map(({ name }) => name)
      .sort()
      .map((name) => ({
        path: `${parent}/${name}`,
        name: name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
        has(file, exported) {
          const path = join(FORMATS, parent, name, file)
          if (!existsSync(path)) return false
          return (
            exported === undefined ||
            new RegExp(`^export (const|function) ${exported}\\b`, 'm').test(text(path))
          )
        },
      })),
  )
}

/** @returns {Map<string, string>} text of each joined file, by its path from the root */
export function joined() {
  return new Map([
    ['src/formats/facts.ts', facts()],
    ['src/formats/signatures/kinds.ts', signatures()],
    ['src/report/texts/kind-words.ts', words()],
    ['docs/reference/device.md', documentation()],
  ])
}

function facts() {
  const all = kinds().filter(({ has }) => has('facts.ts'))
  const spread = (exported) =>
    all.filter(({ has }) => has('facts.ts', exported)).map(({ name }) => `  ...${name}.${exported},`)
  return [
    '/**',
    ' * Facts of every kind of artefact and chat: codes of its records, rows of its media types.',
    ` * ${WRITTEN}`,
    ' */',
    ...all.map(({ path, name }) => `import * as ${name} from './${path}/facts.ts'`),
    '',
    'export const KIND_RECORDS = {',
    ...spread('RECORDS'),
    '} as const',
    '',
    'export const KIND_MEDIA_TYPES = [',
    ...spread('MEDIA_TYPES'),
    '] as const',
    '',
  ].join('\n')
}

function signatures() {
  const all = kinds().filter(({ has }) =>
    ['signature', 'textSignature', 'listSignature'].some((exported) => has('signature.ts', exported)),
  )
  const list = (exported) =>
    all.filter(({ has }) => has('signature.ts', exported)).map(({ name }) => `  ${name}.${exported},`)
  return [
    '/**',
    ' * Signatures of kinds whose first bytes do not tell them: of any content, of a text, of a binary property list.',
    ` * ${WRITTEN}`,
    ' */',
    "import type { Sample } from '../../media-types/sample.ts'",
    ...all.map(({ path, name }) => `import * as ${name} from '../${path}/signature.ts'`),
    '',
    'export const KIND_SIGNATURES: readonly ((sample: Sample) => string | null)[] = [',
    ...list('signature'),
    ']',
    '',
    'export const KIND_TEXT_SIGNATURES: readonly ((text: string) => string | null)[] = [',
    ...list('textSignature'),
    ']',
    '',
    'export const KIND_LIST_SIGNATURES: readonly ((list: Buffer) => string | null)[] = [',
    ...list('listSignature'),
    ']',
    '',
  ].join('\n')
}

function words() {
  const all = kinds().filter(({ has }) => has('words.json'))
  const spread = (part) =>
    all.filter(({ path }) => part in wordsOf(path)).map(({ name }) => `  ...${name}.${part},`)
  return [
    '/**',
    ' * Words of every kind of artefact and chat: its records, the names of its programs and of its lists of opened files.',
    ` * ${WRITTEN}`,
    ' */',
    ...all.map(
      ({ path, name }) => `import ${name} from '../../formats/${path}/words.json' with { type: 'json' }`,
    ),
    '',
    'export const KIND_RECORD_WORDS: Readonly<Record<string, string>> = {',
    ...spread('records'),
    '}',
    '',
    'export const PROGRAM_NAMES: Readonly<Record<string, string>> = {',
    ...spread('programs'),
    '}',
    '',
    'export const LIST_NAMES: Readonly<Record<string, string>> = {',
    ...spread('lists'),
    '}',
    '',
    '/** Messengers of which no file that the program itself wrote was read: codes of programs, as records have them. */',
    'export const MADE_ALONE: readonly string[] = [',
    ...madeAlone().map((program) => `  '${program}',`),
    ']',
    '',
  ].join('\n')
}

/** Programs of chats whose rows of documentation all begin with `made`: a row begins with that, `public sample` or `device`. */
function madeAlone() {
  return kinds()
    .filter(({ path }) => path.startsWith('chats/'))
    .filter(({ path }) => documentationOf(path).every(({ seen }) => seen.startsWith('made')))
    .flatMap(({ path }) => Object.keys(wordsOf(path).programs ?? {}))
}

/** @returns {{ records?: object, programs?: object, lists?: object }} */
export function wordsOf(path) {
  return JSON.parse(text(join(FORMATS, path, 'words.json')))
}

/** @returns {Record<(typeof COLUMNS)[number][0], string>[]} */
export function documentationOf(path) {
  return JSON.parse(text(join(FORMATS, path, 'documentation.json')))
}

export const COLUMNS = [
  ['program', 'program'],
  ['file', 'file'],
  ['seen', 'versions seen'],
  ['read', 'read'],
  ['notRead', 'not read'],
  ['source', 'source'],
]

/** The page as it stands, with its first table made anew: rows of all kinds by program. */
function documentation() {
  const page = text(join(ROOT, 'docs/reference/device.md'))
  const rows = kinds()
    .filter(({ has }) => has('documentation.json'))
    .flatMap(({ path }) => documentationOf(path))
    .map((row) => COLUMNS.map(([key]) => row[key].replaceAll('|', '\\|')))
  const key = ([program]) => program.toLowerCase()
  rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  const table = [COLUMNS.map(([, title]) => title), ...rows]
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => [...row[column]].length)))
  const line = (row) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length)).join(' | ')} |`
  const written = [line(table[0]), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
  return page.replace(/^\| program .*\n(?:\|.*\n)*/m, () => `${written.join('\n')}\n`)
}

function text(path) {
  return readFileSync(path, 'utf8')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, content] of joined()) {
    const file = join(ROOT, path)
    if (existsSync(file) && text(file) === content) continue
    writeFileSync(file, content)
    console.log(`${path} is written`)
  }
