/**
 * A fact as a code with parameters. What is stored and sent is never a sentence: words are made where they are shown
 * (report/texts), so a ledger of today is read in any language of tomorrow.
 */
export type Param = string | number | boolean | readonly (string | number | boolean)[]

/** Plain JSON. Text of the exhibit in it is escaped and bounded before it is stored. */
export type Params = Readonly<Record<string, Param>>

export interface Coded {
  readonly code: string
  readonly params: Params
}

/** What a parameter holds; with `?` it may be absent. Numbers are whole where the name has a unit. */
export type ParamSpec = ParamKind | `${ParamKind}?`

type ParamKind = 'text' | 'number' | 'flag' | 'texts' | 'numbers'

/** The closed list of codes of one kind of fact, each with its parameters. */
export type CodeTable = Readonly<Record<string, Readonly<Record<string, ParamSpec>>>>

/** One of the codes of a table, with the parameters that the table gives it. */
export type CodedOf<T extends CodeTable, C extends keyof T = keyof T> = {
  [K in C]: { readonly code: K; readonly params: ParamsOf<T[K]> }
}[C]

export type ParamsOf<S extends Readonly<Record<string, ParamSpec>>> = {
  readonly [K in keyof S as S[K] extends `${string}?` ? never : K]: ValueOf<S[K]>
} & {
  readonly [K in keyof S as S[K] extends `${string}?` ? K : never]?: ValueOf<S[K]>
}

type ValueOf<S extends ParamSpec> = S extends 'text' | 'text?'
  ? string
  : S extends 'number' | 'number?'
    ? number
    : S extends 'flag' | 'flag?'
      ? boolean
      : S extends 'texts' | 'texts?'
        ? readonly string[]
        : readonly number[]
