/** Reads tags in eMule files: a type, a name of one byte, a value. */

import type { Cursor } from '../../bytes/bytes.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { NotAnArtefact } from '../../records/artefact.ts'

export interface Tag {
  /** Null for a tag with a text name. */
  readonly id: number | null
  /** Null for a type that no reader uses. */
  readonly value: number | string | null
}

/** @throws Ended, NotAnArtefact for an unknown type */
export function tagAt(cursor: Cursor): Tag {
  let type = cursor.u8()
  let id: number | null = null
  if ((type & 0x80) !== 0) {
    type &= 0x7f
    id = cursor.u8()
  } else {
    const name = cursor.take(cursor.u16())
    if (name.length === 1) id = name[0]!
  }
  return { id, value: valueAt(cursor, type) }
}

function valueAt(cursor: Cursor, type: number): number | string | null {
  switch (type) {
    case 0x01:
      cursor.take(16)
      return null
    case 0x02:
      return decodeLocal(cursor.take(cursor.u16()))
    case 0x03:
      return cursor.u32()
    case 0x04:
      cursor.take(4)
      return null
    case 0x05:
      return cursor.u8()
    case 0x07:
      cursor.take(cursor.u32())
      return null
    case 0x08:
      return cursor.u16()
    case 0x09:
      return cursor.u8()
    case 0x0a:
      cursor.take(cursor.u8())
      return null
    case 0x0b:
      return cursor.u64()
    default:
      if (type >= 0x11 && type <= 0x20) return decodeLocal(cursor.take(type - 0x10))
      throw new NotAnArtefact()
  }
}
