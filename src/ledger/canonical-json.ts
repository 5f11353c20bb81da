/**
 * JSON with one spelling a value: keys sorted by UTF-16 code unit, no spaces, undefined left out. Big integers become
 * {"$int":"123"} and come back as big integers.
 */
import { createHash } from 'node:crypto'

/** @throws TypeError for what JSON cannot say (functions, NaN, cycles) */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

export function parseCanonicalJson(text: string): unknown {
  return JSON.parse(text, (_key, value) => {
    if (typeof value !== 'object' || value === null) return value
    const keys = Object.keys(value)
    return keys.length === 1 && keys[0] === '$int' && typeof value.$int === 'string'
      ? BigInt(value.$int)
      : value
  })
}

/** SHA-256 of the canonical JSON, lower-case hex: what names a plan. */
export function jsonDigest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return { $int: value.toString() }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]))
}
