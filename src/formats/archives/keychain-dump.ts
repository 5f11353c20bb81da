/**
 * Values of a dump of keys (Apple's keychain as a property list, JSON or text of an acquisition tool) that have the length of
 * a key: as bytes, as hexadecimal digits or in Base64. Which entry opens a store is shown by the store.
 */
import { NotPropertyList, type PropertyValue, propertyList } from '../stores/property-list.ts'

/** Of a key, and of a key with its salt. */
const LENGTHS: ReadonlySet<number> = new Set([32, 48])
/** A keychain has some thousand entries. */
const MOST_KEYS = 20_000
const MOST_DEPTH = 32

/** In the order of the dump, each once. */
export function keysInDump(dump: Buffer): readonly Buffer[] {
  const found = new Map<string, Buffer>()
  const take = (bytes: Buffer) => {
    if (LENGTHS.has(bytes.length) && found.size < MOST_KEYS) found.set(bytes.toString('hex'), bytes)
  }
  if (dump.subarray(0, 6).toString('latin1') === 'bplist') fromList(dump, take)
  else fromText(dump.toString('latin1'), take)
  return [...found.values()]
}

function fromList(dump: Buffer, take: (bytes: Buffer) => void): void {
  const visit = (value: PropertyValue | undefined, depth: number): void => {
    if (depth > MOST_DEPTH || value === undefined || value === null) return
    if (Buffer.isBuffer(value)) {
      take(value)
      // An entry may be a property list of its own, or text.
      if (value.subarray(0, 6).toString('latin1') === 'bplist') fromList(value, take)
      else if (!LENGTHS.has(value.length)) fromText(value.toString('latin1'), take)
    } else if (typeof value === 'string') fromText(value, take)
    else if (value instanceof Map) for (const one of value.values()) visit(one, depth + 1)
    else if (Array.isArray(value)) for (const one of value) visit(one, depth + 1)
  }
  try {
    visit(propertyList(dump), 0)
  } catch (error) {
    if (!(error instanceof NotPropertyList)) throw error
  }
}

/** Runs of digits; in an XML list, Base64 is broken into lines. */
function fromText(text: string, take: (bytes: Buffer) => void): void {
  for (const [digits] of text.matchAll(/(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{96})(?![0-9a-f])/gi))
    take(Buffer.from(digits, 'hex'))
  for (const [, inside] of text.matchAll(/<data>([A-Za-z0-9+/=\s]{40,200})<\/data>/g))
    take(Buffer.from(inside!.replace(/\s/g, ''), 'base64'))
  for (const [digits] of text.matchAll(
    /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{64})(?![A-Za-z0-9+/=])/g,
  ))
    take(Buffer.from(digits, 'base64'))
}
