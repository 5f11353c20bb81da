/** Completions for bash, zsh and fish from the table of verbs: verbs, options, and the values or files of an option. */
import { type AnyOption, nameOf, type Offered } from './arguments/option.ts'
import type { AnyVerb } from './arguments/verb.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export function completionsFor(shell: Shell, verbs: readonly AnyVerb[]): string {
  return { bash, zsh, fish }[shell](new Words(verbs))
}

const optionsOf = (row: AnyVerb) => Object.values(row.options as Readonly<Record<string, AnyOption>>)
class Words {
  readonly verbs: readonly AnyVerb[]

  constructor(verbs: readonly AnyVerb[]) {
    this.verbs = verbs
  }

  get first(): string[] {
    return [...new Set(this.verbs.map(({ name }) => name.split(' ')[0]!))]
  }

  get groups(): string[] {
    return this.first.filter((word) => this.second(word).length > 0)
  }

  second(first: string): string[] {
    return this.verbs.flatMap(({ name }) =>
      name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [],
    )
  }
}

function bash(words: Words): string {
  const cases = words.verbs.map(
    (row) =>
      `    '${row.name}') words='${optionsOf(row)
        .map((one) => `--${nameOf(one)}`)
        .join(' ')}' ;;`,
  )
  const { groups } = words
  const values = words.verbs.flatMap((row) =>
    optionsOf(row).flatMap((one) =>
      Array.isArray(one.offers)
        ? [
            `    '${row.name} --${nameOf(one)}') COMPREPLY=($(compgen -W '${one.offers.join(' ')}' -- "$word")); return ;;`,
          ]
        : [],
    ),
  )
  return `# seized: completions for bash. Load with: source <(seized completions bash)
_seized() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]} words=''
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W '${words.first.join(' ')}' -- "$word")); return; fi
  case $verb in
${groups.map((group) => `    ${group}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W '${words.second(group).join(' ')}' -- "$word")); return; fi; verb="$verb \${COMP_WORDS[2]}" ;;`).join('\n')}
  esac
  case "$verb $before" in
${values.join('\n')}
  esac
  case $verb in
${cases.join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _seized seized
`
}

function zsh(words: Words): string {
  const verbs = words.verbs.map(
    (row) => `    '${row.name}')
      _arguments ${[...optionsOf(row).map(zshOption), "'*:file:_files'"].join(' \\\n        ')}
      ;;`,
  )
  const { groups } = words
  return `#compdef seized
# seized: completions for zsh. Put this as _seized into a folder of $fpath.
_seized() {
  local verb=$words[2]
  if (( CURRENT == 2 )); then compadd -- ${words.first.join(' ')}; return; fi
  case $verb in
${groups.map((group) => `    ${group}) if (( CURRENT == 3 )); then compadd -- ${words.second(group).join(' ')}; return; fi; verb="$verb $words[3]" ;;`).join('\n')}
  esac
  case $verb in
${verbs.join('\n')}
  esac
}
_seized "$@"
`
}

function zshOption(option: AnyOption): string {
  const help = quoted(option.help.split('\n')[0]!.replace(/[[\]:]/g, ' '))
  const times = option.kind === 'many' ? '*' : ''
  return `'${times}--${nameOf(option)}[${help}]${option.kind === 'flag' ? '' : `:value:${zshValues(option.offers)}`}'`
}

function zshValues(offers: Offered): string {
  if (offers === 'file') return '_files'
  if (offers === 'folder') return '_files -/'
  return offers === null ? ' ' : `(${offers.join(' ')})`
}

function fish(words: Words): string {
  const lines = words.first.map((word) => `complete -c seized -n __fish_use_subcommand -f -a ${word}`)
  for (const group of words.first)
    for (const word of words.second(group))
      lines.push(`complete -c seized -n '__fish_seen_subcommand_from ${group}' -f -a ${word}`)
  for (const row of words.verbs) {
    const seen = row.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    for (const one of optionsOf(row)) lines.push(`complete -c seized -n '${seen}' ${fishOption(one)}`)
  }
  return `# seized: completions for fish. Put this as seized.fish into ~/.config/fish/completions.\n${lines.join('\n')}\n`
}

function fishOption(option: AnyOption): string {
  const { offers } = option
  const takes = option.kind === 'flag' ? '' : offers === 'file' || offers === 'folder' ? ' -r' : ' -x'
  const values = Array.isArray(offers) ? ` -a '${offers.join(' ')}'` : ''
  return `-l ${nameOf(option)}${takes}${values} -d '${quoted(option.help.split('\n')[0]!)}'`
}

function quoted(text: string): string {
  return text.replaceAll("'", '’')
}
