/**
 * The definition of an option: one row, used for parsing, help, the manual page and completions.
 *
 * A row's parser turns the text into a checked value, or refuses it with a message that names the option. The type of
 * a verb's options follows from its rows, so that each option is written once.
 */

/** Values that a shell can offer as completion. */
export type Offered = 'file' | 'folder' | readonly string[] | null

export interface OptionRow<T> {
  /** Notation in the help: `--ledger <file>`, `--gps`, `--no-open`. */
  readonly flags: string
  readonly help: string
  /** Parses all texts given for the option, in order; the list is empty when the option was not given. */
  readonly read: (texts: readonly string[]) => T
  readonly kind: 'flag' | 'value' | 'many'
  readonly offers: Offered
  /** An older name that is still accepted, but not shown. */
  readonly formerly?: string
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any value stand in one table
export type AnyOption = OptionRow<any>

/** Values, typed by the keys of the rows. */
export type Given<O extends Readonly<Record<string, AnyOption>>> = {
  readonly [K in keyof O]: O[K] extends OptionRow<infer T> ? T : never
}

export function flag(flags: string, help: string): OptionRow<boolean> {
  const given = !flags.startsWith('--no-')
  return { flags, help, kind: 'flag', offers: null, read: (texts) => (texts.length > 0 ? given : !given) }
}

/** The last value counts, as in other command-line programs. */
export function value<T = string>(
  flags: string,
  help: string,
  parse: (text: string) => T = (text) => text as T,
  offers: Offered = offeredBy(flags),
): OptionRow<T | undefined> {
  return {
    flags,
    help,
    kind: 'value',
    offers,
    read: (texts) => (texts.length === 0 ? undefined : parse(texts.at(-1)!)),
  }
}

type ValueOf<R> = R extends OptionRow<infer T> ? Exclude<T, undefined> : never

/** An option with a default value. */
export function withDefault<R extends AnyOption>(row: R, missing: () => ValueOf<R>): OptionRow<ValueOf<R>> {
  return { ...row, read: (texts) => (texts.length === 0 ? missing() : row.read(texts)) }
}

/** A required option: the command is refused without it, before any other option is read. */
export function required<R extends AnyOption>(row: R): OptionRow<ValueOf<R>> & { readonly isRequired: true } {
  return { ...row, isRequired: true }
}

export function many<T = string>(
  flags: string,
  help: string,
  parse: (text: string) => T = (text) => text as T,
): OptionRow<readonly T[]> {
  return { flags, help, kind: 'many', offers: offeredBy(flags), read: (texts) => texts.map(parse) }
}

/** `--path-model <file>` → `path-model`; `--no-open` → `no-open`. */
export function nameOf({ flags }: AnyOption): string {
  return flags.split(' ')[0]!.slice(2)
}

export function isRequired(row: AnyOption): boolean {
  return 'isRequired' in row
}

function offeredBy(flags: string): Offered {
  if (/<(.*:)?(file|csv|xml|store|list|image|ledger)>/.test(flags)) return 'file'
  return /<(dir|folder|mount)>/.test(flags) ? 'folder' : null
}
