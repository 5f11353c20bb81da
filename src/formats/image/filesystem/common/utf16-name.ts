/** Converts UTF-16 names to WTF-8: like UTF-8, with lone surrogates as three bytes each. */

const SLASH = 0x2f
/** Replaces `/` and zero, which a name in a path cannot contain. */
const REPLACEMENT = 0xfffd

export interface StoredName {
  readonly bytes: Buffer
  /** True where a character was replaced. */
  readonly altered: boolean
}

/** @param units UTF-16LE, an even number of bytes */
export function nameOfUtf16(units: Buffer): StoredName {
  const out = Buffer.allocUnsafe((units.length >>> 1) * 3)
  let length = 0
  let altered = false
  for (let at = 0; at + 1 < units.length; at += 2) {
    let point = units.readUInt16LE(at)
    if (point === SLASH || point === 0) {
      point = REPLACEMENT
      altered = true
    }
    if (point >= 0xd800 && point < 0xdc00 && at + 3 < units.length) {
      const low = units.readUInt16LE(at + 2)
      if (low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        at += 2
      }
    }
    if (point < 0x80) out[length++] = point
    else if (point < 0x800) {
      out[length++] = 0xc0 | (point >>> 6)
      out[length++] = 0x80 | (point & 63)
    } else if (point < 0x10000) {
      out[length++] = 0xe0 | (point >>> 12)
      out[length++] = 0x80 | ((point >>> 6) & 63)
      out[length++] = 0x80 | (point & 63)
    } else {
      out[length++] = 0xf0 | (point >>> 18)
      out[length++] = 0x80 | ((point >>> 12) & 63)
      out[length++] = 0x80 | ((point >>> 6) & 63)
      out[length++] = 0x80 | (point & 63)
    }
  }
  return { bytes: Buffer.from(out.subarray(0, length)), altered }
}
