/** Bounds in a query: `>1M`, `>=0.9`, `<=2`, `1M..5M`, `3`. */
import { UsageError } from '../base/errors.ts'
import type { FieldRow } from './fields.ts'

export interface Range {
  readonly from: number
  readonly to: number
  readonly withFrom: boolean
  readonly withTo: boolean
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
}

type Numbers = NonNullable<FieldRow['range']>

/** @throws UsageError when the value is not a range */
export function parseRange(field: string, value: string, of: Numbers): Range {
  const number = (text: string): number => {
    const found = numberOf(text, of)
    if (found === null) throw new UsageError(`${field}: takes ${TAKES[of]}, not "${value}".`)
    return found
  }
  const between = value.split('..')
  if (between.length === 2)
    return { from: number(between[0]!), to: number(between[1]!), withFrom: true, withTo: true }
  const [, sign = '', rest = ''] = /^(>=|<=|>|<)?(.*)$/.exec(value)!
  const bound = number(rest)
  if (sign === '') return { from: bound, to: bound, withFrom: true, withTo: true }
  const orEqual = sign.endsWith('=')
  return sign.startsWith('>')
    ? { from: bound, to: Number.POSITIVE_INFINITY, withFrom: orEqual, withTo: true }
    : { from: Number.NEGATIVE_INFINITY, to: bound, withFrom: true, withTo: orEqual }
}

export function inRange(value: number, { from, to, withFrom, withTo }: Range): boolean {
  return (withFrom ? value >= from : value > from) && (withTo ? value <= to : value < to)
}

const TAKES: Readonly<Record<Numbers, string>> = {
  bytes: 'a number of bytes or bounds on it (>1M, <=20k, 1M..5M)',
  fraction: 'a number from 0 to 1 or bounds on it (>=0.9, 0.5..0.8)',
  whole: 'none, a number or bounds on it (1, <=2, 2..4)',
}

function numberOf(text: string, of: Numbers): number | null {
  if (of === 'bytes') {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)([kmgt]?i?)b?$/i.exec(text) ?? []
    const factor = UNITS[unit?.toLowerCase() ?? '']
    return digits === undefined || factor === undefined ? null : Number(digits) * factor
  }
  const form = of === 'whole' ? /^\d+$/ : /^\d*\.?\d+$/
  return form.test(text) && (of === 'whole' || Number(text) <= 1) ? Number(text) : null
}
