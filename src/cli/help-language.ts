/** Selects the language of the help: `--language` next to `--help`, otherwise the language of the environment. */
import { HELP_TRANSLATIONS } from '../report/texts/help-words.ts'
import { isReviewed, translated } from '../report/texts/translation.ts'
import { FRAME, helpTexts, inEnglish, type Say } from './help-texts.ts'

export interface HelpAsked {
  readonly say: Say
  /** Note that the translation was not reviewed, in both languages; empty where it was. */
  readonly note: string
  /** The arguments without the language option. */
  readonly argv: readonly string[]
}

/** @param argv arguments as in Node, with the program's own arguments from the third on */
export async function helpAsked(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HelpAsked> {
  const words = argv.slice(2)
  if (!asksForHelp(words)) return { say: inEnglish, note: '', argv }
  const { rest, language } = languageOf(words)
  const wanted = language ?? languageIn(environment)
  const load = Object.hasOwn(HELP_TRANSLATIONS, wanted) ? HELP_TRANSLATIONS[wanted] : undefined
  const found = { argv: [...argv.slice(0, 2), ...rest] }
  if (!load) return { ...found, say: inEnglish, note: '' }
  const by = await load()
  const { unreviewed } = FRAME
  return {
    ...found,
    say: (english) => translated(english, by),
    note: isReviewed(by, helpTexts()) ? '' : `\n${translated(unreviewed, by)}\n${unreviewed}`,
  }
}

function asksForHelp(words: readonly string[]): boolean {
  return words.length === 0 || words[0] === 'help' || words.some((word) => word === '--help' || word === '-h')
}

function languageOf(words: readonly string[]): { rest: readonly string[]; language: string | null } {
  const at = words.findIndex((word) => word === '--language' || word.startsWith('--language='))
  if (at === -1) return { rest: words, language: null }
  const [, given] = words[at]!.split('=')
  return {
    rest: words.filter((_, i) => i !== at && (given !== undefined || i !== at + 1)),
    language: given ?? words[at + 1] ?? null,
  }
}

/** `lt_LT.UTF-8` → `lt`. The first variable that is set counts. @see POSIX.1-2017, Base Definitions, 8.2 */
function languageIn({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): string {
  return (LC_ALL || LC_MESSAGES || LANG || '').split(/[_.@]/)[0]!
}
