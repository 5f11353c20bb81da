/** Checks a coded value against the closed table of its codes: for replies of children and rows of a ledger. */
import type { CodedOf, CodeTable, Param, ParamSpec, Params } from '../contracts/coded.ts'

/** More items than any parameter needs: lists of agency terms or of age bands. */
const MOST_ITEMS = 200

/**
 * @param text makes text safe (escapes, cuts); text from a ledger is not changed
 * @returns the same code with exactly the parameters of the table, or null if it does not match the table
 */
export function codedIn<T extends CodeTable>(
  table: T,
  code: unknown,
  params: unknown,
  text: (value: string) => string = same,
): CodedOf<T> | null {
  if (typeof code !== 'string' || !Object.hasOwn(table, code)) return null
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return null
  const specs = table[code]!
  const given = params as Params
  if (Object.keys(given).some((name) => !Object.hasOwn(specs, name))) return null
  const checked: Record<string, Param> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name]
    if (value === undefined) {
      if (!spec.endsWith('?')) return null
      continue
    }
    const one = checkedParam(spec, value, text)
    if (one === null) return null
    checked[name] = one
  }
  return { code, params: checked } as unknown as CodedOf<T>
}

function checkedParam(spec: ParamSpec, value: Param, text: (value: string) => string): Param | null {
  switch (spec) {
    case 'text':
    case 'text?':
      return typeof value === 'string' ? text(value) : null
    case 'number':
    case 'number?':
      return Number.isFinite(value) ? value : null
    case 'flag':
    case 'flag?':
      return typeof value === 'boolean' ? value : null
    case 'texts':
    case 'texts?':
      return listOf(value, (one) => typeof one === 'string')?.map((one) => text(one as string)) ?? null
    default:
      return listOf(value, (one) => Number.isFinite(one))
  }
}

function listOf(
  value: Param,
  fits: (one: unknown) => boolean,
): readonly (string | number | boolean)[] | null {
  return Array.isArray(value) && value.length <= MOST_ITEMS && value.every(fits) ? value : null
}

function same(value: string): string {
  return value
}
