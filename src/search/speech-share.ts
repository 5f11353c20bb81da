/** Bounds of a query on the share of speech in a sound (attribute `speech`). */
import type { Attribute } from '../contracts/attribute.ts'
import { inRange, parseRange, type Range } from './range.ts'

/** @throws UsageError for a value that is no bound on a share */
export function speechBounds(value: string): Range {
  return value.toLowerCase() === 'any' ? ANY : parseRange('speech', value, 'fraction')
}

const ANY: Range = { from: 0, to: 1, withFrom: false, withTo: true }

export function isSpeechIn(one: Attribute, value: string): boolean {
  return one.code === 'speech' && inRange(one.params.sharePer10k / 10_000, speechBounds(value))
}
