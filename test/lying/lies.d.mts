export const TARGET: string
export const OTHER: string
export const targetNumbered: (number: number) => string
export const LIES: Readonly<
  Record<string, Readonly<Record<string, { readonly harmless?: true; readonly refused?: true }>>>
>
