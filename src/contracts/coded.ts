/**
 * A fact as a code with parameters. The program never stores or sends sentences. `report/texts` makes the words when it
 * shows a fact, so a later version can show an old ledger in any language.
 */
export type Param = string | number | boolean | readonly (string | number | boolean)[]

/** Plain JSON. Text of the exhibit in it is escaped and bounded before it is stored. */
export type Params = Readonly<Record<string, Param>>

export interface Coded {
  readonly code: string
  readonly params: Params
}

/** Type of a parameter; with `?` it may be absent. A number whose name has a unit is an integer. */
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
