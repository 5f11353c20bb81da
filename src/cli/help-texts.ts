/** Every English text of the help, and the function that translates it. */
import { EXIT_CODES } from '../base/exit-codes.ts'
import { ALL_VERBS } from './all-verbs.ts'
import type { AnyOption } from './arguments/option.ts'
import { DESCRIPTION, GROUPS, TASKS } from './verbs.ts'

/** Maps the English text to the text that is shown. */
export type Say = (english: string) => string

export const inEnglish: Say = (english) => english

/** Words of the help's frame that are not in the tables. */
export const FRAME = {
  usage: 'Usage:',
  arguments: 'Arguments:',
  options: 'Options:',
  commands: 'Commands:',
  globalOptions: 'Global Options:',
  exitCodes: 'Exit codes:',
  help: 'display help for command',
  version: 'output the version number',
  languages: 'Help in another language: --language lt|es|pt|fr|el|bn, or by LC_ALL, LC_MESSAGES or LANG.',
  unreviewed: 'No forensic examiner reviewed this translation. The English help is binding: --language en.',
} as const

/** Texts in the order of the help, each once; values such as `a|b|c` are not translated. */
export function helpTexts(): readonly string[] {
  const texts: string[] = [
    ...Object.values(FRAME),
    DESCRIPTION,
    ...Object.values(GROUPS),
    ...TASKS.map(([heading]) => heading),
    ...EXIT_CODES.map(({ words }) => words),
    ...ALL_VERBS.flatMap(({ summary, operands, options, more }) => [
      summary,
      ...operands.map(({ help }) => help),
      ...Object.values(options as Readonly<Record<string, AnyOption>>).map(({ help }) => help),
      ...(more ? wordsIn(more) : []),
    ]),
  ]
  return [...new Set(texts)].filter((text) => !VALUES.test(text))
}

/** The text after the options: its paragraphs, and the meanings in its tables. Commands stay unchanged. */
export function moreIn(more: string, say: Say): string {
  return more.replace(PARAGRAPH, (text) => say(text)).replace(ROW, (_, head, means) => `${head}${say(means)}`)
}

function wordsIn(more: string): string[] {
  const found: string[] = []
  moreIn(more, (text) => {
    found.push(text)
    return text
  })
  return found
}

const PARAGRAPH = /^\S.*(?:\n\S.*)*/gm
const ROW = /^( {2}\S+(?: \S+)* {2,})(\S+(?: \S+)*)$/gm

/** `a|b|c` or `a, b, c`. */
const VALUES = /^[\w.-]+(?:(?:\||, )[\w.-]+)*$/
