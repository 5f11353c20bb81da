/** The command line out of the table of verbs: parsing and help by commander, values by each option's own parser. */
import { Argument, Command, Option } from 'commander'
import { EXIT_CODES } from '../base/exit-codes.ts'
import { VERSION } from '../base/version.ts'
import { ALL_VERBS } from './all-verbs.ts'
import { endedBySignals } from './pause.ts'
import { type AnyOption, isRequired, nameOf } from './table/option.ts'
import type { AnyVerb } from './table/verb.ts'
import { DESCRIPTION, GROUPS } from './table/verbs.ts'

/** @param exit sets the exit code that the process ends with */
export function programOf(exit: (code: number) => void): Command {
  const program = new Command('seized')
    .description(DESCRIPTION)
    .version(VERSION)
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .addHelpText('after', `\nExit codes:\n${exitCodeLines().join('\n')}`)
    .exitOverride()
  const groups = new Map<string, Command>()
  for (const row of ALL_VERBS) {
    const [first, second] = row.name.split(' ') as [string, string?]
    const parent = second === undefined ? program : groupOf(groups, program, first)
    addVerb(parent, second ?? first, row, exit)
  }
  return program
}

export function exitCodeLines(): string[] {
  return EXIT_CODES.map(({ code, words }) => `  ${String(code).padStart(3)}  ${words}`)
}

function groupOf(groups: Map<string, Command>, program: Command, name: string): Command {
  const known = groups.get(name)
  if (known) return known
  const made = program
    .command(name)
    .description(GROUPS[name] ?? '')
    .exitOverride()
  groups.set(name, made)
  return made
}

function addVerb(parent: Command, name: string, row: AnyVerb, exit: (code: number) => void): void {
  const command = parent.command(name).description(row.summary).exitOverride()
  for (const { form, help } of row.operands) command.addArgument(new Argument(form, help))
  for (const option of Object.values(row.options) as AnyOption[]) {
    command.addOption(commanderOption(option.flags, option))
    if (option.formerly) command.addOption(commanderOption(option.formerly, option).hideHelp())
  }
  if (row.more) command.addHelpText('after', row.more)
  command.action(async (...all: unknown[]) => {
    const operands = row.operands.flatMap(({ missing }, i) => (all[i] ?? missing ?? []) as string | string[])
    const work = async () => (await row.load())(operands, given(row, command.opts()))
    exit(await (row.pauses ? endedBySignals(work) : work()))
  })
}

function commanderOption(flags: string, row: AnyOption): Option {
  const option = new Option(flags, row.help)
  if (row.kind !== 'flag') option.argParser((text, before: string[] | undefined) => [...(before ?? []), text])
  return isRequired(row) ? option.makeOptionMandatory() : option
}

/** @throws UsageError as the first option that is not right says it */
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
