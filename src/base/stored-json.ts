/**
 * JSON as a ledger stores it: keys sorted by UTF-16 code unit, no spaces. Unlike canonical-json.ts, which is only hashed,
 * it comes back: big integers become {"$int":"123"}. Text that is not well-formed gets U+FFFD, as in every column.
 */
/** @throws TypeError for what JSON cannot say (functions, NaN, cycles) */
export function storedJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

export function parseStoredJson(text: string): unknown {
  // Asking a function of every key takes five times as long, and big integers are rare.
  if (!MAY_BE_BIG.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value) => {
    if (typeof value !== 'object' || value === null) return value
    const keys = Object.keys(value)
    return keys.length === 1 && keys[0] === '$int' && typeof value.$int === 'string'
      ? BigInt(value.$int)
      : value
  })
}

/** The mark of a big integer, or a letter that is written otherwise. */
const MAY_BE_BIG = /\$int|\\u/

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'bigint') return { $int: value.toString() }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]))
}
