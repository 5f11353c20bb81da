/**
 * Messages of a walking process: entries in the order of their paths, and in a careful walk the place of the next call.
 */
import * as v from 'valibot'
import { BYTES, COUNT, checked, type Message, TEXT } from './checks.ts'
import { ENTRY_ITEMS, ORIGINAL_PATH, requireReading } from './entry.ts'
import { ImplausibleReply } from './implausible.ts'

const EXTENDED = {
  'extended-attribute': v.strictObject({
    name: TEXT,
    bytes: v.exactOptional(COUNT),
    text: v.exactOptional(TEXT),
  }),
  'extended-attributes-left-out': v.strictObject({ attributes: COUNT }),
  'extended-attributes-unlisted': v.strictObject({ text: TEXT }),
} as const

/** Findings that a walk may report; leads and other findings come from the main process alone. */
const NAMED = v.variant('code', [
  ORIGINAL_PATH,
  extended('extended-attribute'),
  extended('extended-attributes-left-out'),
  extended('extended-attributes-unlisted'),
])

/** Further attributes of one entry are left out by the lister. */
const MOST_NAMED = 1000

const ENTRY = v.strictTuple([...ENTRY_ITEMS, v.nullable(v.pipe(v.array(NAMED), v.maxLength(MOST_NAMED)))])
const ENTRIES = v.pipe(v.array(ENTRY), v.minLength(1))

/** A system call that can hang, on one path. */
const PLACE = v.strictObject({
  path: BYTES,
  call: v.picklist(['lstat', 'open', 'attributes']),
})

export type WalkedTuple = Message<typeof ENTRY>
export type AboutPlace = Message<typeof PLACE>

/** A file, or a stream of one: `name`, `folder/name`, `name \0stream:` and the stream's name. */
const STREAM = '\0stream:'

/**
 * @param after path of the last entry; null: none yet
 * @throws ImplausibleReply unless each entry is below the root and sorts after the last one
 */
export function checkedEntries(header: unknown, after: string | null): readonly WalkedTuple[] {
  const entries = checked(ENTRIES, header, 'entries')
  let last = after
  for (const entry of entries) {
    const [path, kind, sizeBytes, , , , , , , , , , , , read] = entry
    if (last !== null && path <= last) throw new ImplausibleReply('an entry that is not behind the last')
    last = path
    requireBelow(path)
    requireReading(kind, read)
    if (read === null && BigInt(sizeBytes) > MOST_BYTES) throw new ImplausibleReply('a size out of range')
  }
  return entries
}

function extended<C extends keyof typeof EXTENDED>(code: C) {
  return v.strictObject({ kind: v.literal('attribute'), code: v.literal(code), params: EXTENDED[code] })
}

export function checkedPlace(header: unknown): AboutPlace {
  const place = checked(PLACE, header, 'a place')
  requireBelow(place.path)
  return place
}

/** Why the root cannot be walked. Not escaped. */
export function checkedRefusal(header: unknown): string {
  return checked(TEXT, header, 'a refusal')
}

const MOST_BYTES = BigInt(Number.MAX_SAFE_INTEGER)

/** `..` would lead a reader out of the exhibit. @throws ImplausibleReply */
function requireBelow(path: string): void {
  const zero = path.indexOf('\0')
  if (zero !== -1 && (!path.startsWith(STREAM, zero) || path.includes('\0', zero + 1)))
    throw new ImplausibleReply('a path that no walk gives')
  const file = zero === -1 ? path : path.slice(0, zero)
  if (file === '') return
  if (OUTSIDE.test(file)) throw new ImplausibleReply('a path that does not lie below the root')
}

const OUTSIDE = /(?:^|\/)\.{0,2}(?:\/|$)/
