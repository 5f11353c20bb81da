/**
 * What an option is: one row, from which parsing, help, the manual page and completions come.
 *
 * A row's parser turns the text into a checked value or refuses with a sentence that names the option. What a verb gets is
 * typed by its rows, so that an option is written once.
 */

/** What a shell may offer for a value. */
export type Offered = 'file' | 'folder' | readonly string[] | null

export interface OptionRow<T> {
  /** As help shows it: `--ledger <file>`, `--gps`, `--no-open`. */
  readonly flags: string
  readonly help: string
  /** Of every text given for it, in order; none when it was not given. */
  readonly read: (texts: readonly string[]) => T
  readonly kind: 'flag' | 'value' | 'many'
  readonly offers: Offered
  /** An older name that is still taken, and shown nowhere. */
  readonly formerly?: string
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any value stand in one table
export type AnyOption = OptionRow<any>

/** Values by the rows' keys. */
export type Given<O extends Readonly<Record<string, AnyOption>>> = {
  readonly [K in keyof O]: O[K] extends OptionRow<infer T> ? T : never
}

export function flag(flags: string, help: string): OptionRow<boolean> {
  const given = !flags.startsWith('--no-')
  return { flags, help, kind: 'flag', offers: null, read: (texts) => (texts.length > 0 ? given : !given) }
}

/** The last one counts, as shells' users expect. */
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

/** With a value also when it is not given. */
export function withDefault<R extends AnyOption>(row: R, missing: () => ValueOf<R>): OptionRow<ValueOf<R>> {
  return { ...row, read: (texts) => (texts.length === 0 ? missing() : row.read(texts)) }
}

/** Refused when it is not given, before anything else is read. */
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
