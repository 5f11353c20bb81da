/** Checks the values of a request, because the sender may be another program. */
import { UsageError } from '../base/errors.ts'

export type Body = Readonly<Record<string, unknown>>

export function objectIn(value: unknown, name: string): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw nonsense(name)
  return value as Body
}

export function sha256In(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw nonsense('sha256')
  return value
}

export function wholeIn(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x7fff_ffff)
    throw nonsense('number')
  return value
}

/** Text that a person typed, trimmed and not empty. */
export function lineIn(value: unknown, most: number): string {
  const text = typeof value === 'string' ? value.trim() : ''
  if (text === '' || text.length > most) throw nonsense('text')
  return text
}

export function nonsense(name: string): UsageError {
  return new UsageError(`The page asked for something that makes no sense (${name}).`)
}
