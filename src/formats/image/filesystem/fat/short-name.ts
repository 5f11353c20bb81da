/**
 * Names of eight and three characters, in the code page of the writing system. The volume does not state it: 437 is
 * used.
 */
import { textOfCp437 } from './cp437.ts'

const LOWER_BASE = 0x08
const LOWER_EXTENSION = 0x10
const REMOVED = 0xe5
/** Stored in place of a first character 0xE5, which would mean removed. */
const ESCAPED_E5 = 0x05
/** Shown in place of a lost first letter. */
const UNKNOWN_LETTER = 0x5f

/**
 * True for bytes allowed in a short name (specification 1.03, page 16; space and lower case are accepted as in
 * drivers).
 */
export function isShortNameByte(byte: number): boolean {
  return byte >= 0x20 && byte !== 0x7f && !'"*+,./:;<=>?[\\]|'.includes(String.fromCharCode(byte))
}

export function shortNameOf(slot: Buffer): { name: string; notes: string[] } {
  const bytes = Buffer.from(slot.subarray(0, 11))
  const notes: string[] = []
  if (bytes[0] === ESCAPED_E5) bytes[0] = REMOVED
  else if (bytes[0] === REMOVED) {
    notes.push('first-letter-lost')
    bytes[0] = UNKNOWN_LETTER
  }
  if (bytes.some((byte) => byte >= 0x80)) notes.push('name-code-page-assumed')
  const flags = slot.readUInt8(12)
  const base = piece(bytes.subarray(0, 8), (flags & LOWER_BASE) !== 0)
  const extension = piece(bytes.subarray(8), (flags & LOWER_EXTENSION) !== 0)
  return { name: extension === '' ? base : `${base}.${extension}`, notes }
}

function piece(bytes: Buffer, lower: boolean): string {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0x20) end--
  const text = textOfCp437(bytes.subarray(0, end))
  return lower ? text.toLowerCase() : text
}
