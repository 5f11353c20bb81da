/** Removes undefined properties: an absent option differs from an option with the value undefined. */

export type DefinedOnly<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

export function definedOnly<T extends object>(given: T): DefinedOnly<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as DefinedOnly<T>
}
