/** Reads values of a bencoded dictionary and checks their types. */

import { decodeLocal } from '../bytes/local-text.ts'
import type { BencodedDictionary } from './bencode.ts'

export type Entries = BencodedDictionary['entries']

export function text(entries: Entries, key: string): string | undefined {
  const value = entries.get(key)
  return Buffer.isBuffer(value) ? decodeLocal(value.subarray(0, 4096)) : undefined
}

/** A whole number, not negative. */
export function number(entries: Entries, key: string): number | undefined {
  const value = entries.get(key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

const SHA1_BYTES = 20

export function hash(entries: Entries, key: string): string | undefined {
  const value = entries.get(key)
  return Buffer.isBuffer(value) && value.length === SHA1_BYTES ? value.toString('hex') : undefined
}
