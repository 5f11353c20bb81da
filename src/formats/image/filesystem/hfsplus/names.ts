/** Names: UTF-16, decomposed, unchanged. */
import { nameOfUtf16, type StoredName } from '../common/utf16-name.ts'

const SLASH = 0x2f
const COLON = 0x3a
/** Character that macOS shows for a zero: SYMBOL FOR NULL. */
const NULL_SYMBOL = 0x2400

/** @param units UTF-16BE; a slash becomes a colon, as macOS shows it */
export function shownName(units: Buffer): StoredName {
  const shown = Buffer.alloc(units.length & ~1)
  for (let at = 0; at < shown.length; at += 2) {
    const unit = units.readUInt16BE(at)
    shown.writeUInt16LE(unit === SLASH ? COLON : unit === 0 ? NULL_SYMBOL : unit, at)
  }
  return nameOfUtf16(shown)
}

/** UTF-16BE, as names are stored. */
export function stored(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}
