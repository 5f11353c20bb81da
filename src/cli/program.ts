/**
 * Builds the command line from the table of verbs: commander parses and prints help, each option's own parser checks
 * its value.
 */
import { Argument, Command, Option } from 'commander'
import { EXIT_CODES } from '../base/exit-codes.ts'
import { VERSION } from '../base/version.ts'
import { ALL_VERBS } from './all-verbs.ts'
import { type AnyOption, isRequired, nameOf } from './arguments/option.ts'
import type { AnyVerb } from './arguments/verb.ts'
import { FRAME, inEnglish, moreIn, type Say } from './help-texts.ts'
import { endedBySignals } from './services/pause.ts'
import { DESCRIPTION, GROUPS, TASKS } from './verbs.ts'

export interface Shown {
  /** Translates each English text of the help. */
  readonly say: Say
  /** Text after every help; empty: none. */
  readonly note: string
}

/** @param exit sets the exit code of the process */
export function programOf(
  exit: (code: number) => void,
  shown: Shown = { say: inEnglish, note: '' },
): Command {
  const { say, note } = shown
  const program = new Command('seized')
    .description(say(DESCRIPTION))
    .version(VERSION, '-V, --version', say(FRAME.version))
    .helpOption('-h, --help', say(FRAME.help))
    .helpCommand('help [command]', say(FRAME.help))
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true, styleTitle: say })
    .addHelpText(
      'after',
      `\n${say(FRAME.exitCodes)}\n${exitCodeLines(say).join('\n')}\n\n${say(FRAME.languages)}`,
    )
    .addHelpText('afterAll', note)
    .exitOverride()
  const groups = new Groups(program, shown)
  for (const row of ALL_VERBS) {
    const [first, second] = row.name.split(' ') as [string, string?]
    const parent = second === undefined ? program : groups.called(first)
    const command = addVerb(parent, second ?? first, row, exit, shown)
    const task = TASKS.find(([, words]) => words.includes(first))
    if (task) (second === undefined ? command : parent).helpGroup(say(task[0]))
  }
  return program
}

function exitCodeLines(say: Say = inEnglish): string[] {
  return EXIT_CODES.map(({ code, words }) => `  ${String(code).padStart(3)}  ${say(words)}`)
}

class Groups {
  readonly #program: Command
  readonly #shown: Shown
  readonly #made = new Map<string, Command>()

  constructor(program: Command, shown: Shown) {
    this.#program = program
    this.#shown = shown
  }

  called(name: string): Command {
    const known = this.#made.get(name)
    if (known) return known
    const { say } = this.#shown
    const made = this.#program
      .command(name)
      .description(say(GROUPS[name] ?? ''))
      .helpOption('-h, --help', say(FRAME.help))
      .helpCommand('help [command]', say(FRAME.help))
      .exitOverride()
    this.#made.set(name, made)
    return made
  }
}

function addVerb(
  parent: Command,
  name: string,
  row: AnyVerb,
  exit: (code: number) => void,
  { say }: Shown,
): Command {
  const command = parent
    .command(name)
    .description(say(row.summary))
    .helpOption('-h, --help', say(FRAME.help))
    .exitOverride()
  for (const { form, help } of row.operands) command.addArgument(new Argument(form, say(help)))
  for (const option of Object.values(row.options) as AnyOption[]) {
    command.addOption(commanderOption(option.flags, option, say))
    if (option.formerly) command.addOption(commanderOption(option.formerly, option, say).hideHelp())
  }
  if (row.more) command.addHelpText('after', moreIn(row.more, say))
  command.action(async (...all: unknown[]) => {
    const operands = row.operands.flatMap(({ missing }, i) => (all[i] ?? missing ?? []) as string | string[])
    const work = async () => (await row.load())(operands, given(row, command.opts()))
    exit(await (row.pauses ? endedBySignals(work) : work()))
  })
  return command
}

function commanderOption(flags: string, row: AnyOption, say: Say): Option {
  const option = new Option(flags, say(row.help))
  if (row.kind !== 'flag') option.argParser((text, before: string[] | undefined) => [...(before ?? []), text])
  return isRequired(row) ? option.makeOptionMandatory() : option
}

/** @throws UsageError of the first invalid option */
function given(row: AnyVerb, opts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row.options as Readonly<Record<string, AnyOption>>).map(([key, option]) => [
      key,
      option.read(textsOf(option, opts)),
    ]),
  )
}

function textsOf(option: AnyOption, opts: Readonly<Record<string, unknown>>): readonly string[] {
  const of = (flags: string) => opts[new Option(flags).attributeName()]
  if (option.kind === 'flag') return of(option.flags) === !nameOf(option).startsWith('no-') ? [''] : []
  const texts = (of(option.flags) ?? []) as readonly string[]
  const former = option.formerly ? ((of(option.formerly) ?? []) as readonly string[]) : []
  return [...former, ...texts]
}
