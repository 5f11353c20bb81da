/** The parts of a record between two headings: data, no markup. */
export type Block =
  | { readonly kind: 'pairs'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'table'
      readonly heads: readonly string[]
      /** Shares of the width, one a column. */
      readonly widths: readonly number[]
      /** Each line of a cell gets its own line. */
      readonly rows: readonly (readonly (readonly string[])[])[]
    }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
