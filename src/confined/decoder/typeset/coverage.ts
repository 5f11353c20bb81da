/**
 * Characters of the shipped fonts. A character without a glyph would make the whole PDF/A fail, so it is replaced by an
 * escape before typesetting. @see OpenType 1.9, cmap, formats 4 and 12
 */

/** Adds the code points of a TrueType font. @throws RangeError if the bytes are not such a font */
export function addCovered(font: Buffer, covered: Set<number>): void {
  const tables = font.readUInt16BE(4)
  for (let i = 0; i < tables; i++) {
    const at = 12 + i * 16
    if (font.toString('latin1', at, at + 4) === 'cmap') addMap(font, font.readUInt32BE(at + 8), covered)
  }
}

function addMap(font: Buffer, cmap: number, covered: Set<number>): void {
  const encodings = font.readUInt16BE(cmap + 2)
  for (let i = 0; i < encodings; i++) {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4)
    const format = font.readUInt16BE(at)
    if (format === 4) addSegments(font, at, covered)
    if (format === 12) addGroups(font, at, covered)
  }
}

function addSegments(font: Buffer, at: number, covered: Set<number>): void {
  const bytes = font.readUInt16BE(at + 6)
  const [ends, starts] = [at + 14, at + 16 + bytes]
  const [deltas, offsets] = [starts + bytes, starts + 2 * bytes]
  for (let i = 0; i < bytes; i += 2) {
    const [start, end] = [font.readUInt16BE(starts + i), font.readUInt16BE(ends + i)]
    const [delta, offset] = [font.readUInt16BE(deltas + i), font.readUInt16BE(offsets + i)]
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const glyph = offset === 0 ? code + delta : font.readUInt16BE(offsets + i + offset + 2 * (code - start))
      if ((glyph & 0xffff) !== 0) covered.add(code)
    }
  }
}

function addGroups(font: Buffer, at: number, covered: Set<number>): void {
  const groups = font.readUInt32BE(at + 12)
  for (let i = 0; i < groups; i++) {
    const group = at + 16 + i * 12
    const end = font.readUInt32BE(group + 4)
    for (let code = font.readUInt32BE(group); code <= end; code++) covered.add(code)
  }
}

const ALWAYS = new Set([0x09, 0x0a, 0x20])

/** The same value with every character that is not covered written as `\u{…}`; counts them. */
export function coveredOnly<T>(value: T, covered: ReadonlySet<number>, count: { escaped: number }): T {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? coveredText(one, covered, count) : one,
  ) as T
}

function coveredText(text: string, covered: ReadonlySet<number>, count: { escaped: number }): string {
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0)!
    const isPrintable = ALWAYS.has(code) || (covered.has(code) && !/[\p{C}]/u.test(char))
    if (!isPrintable) count.escaped++
    out += isPrintable ? char : `\\u{${code.toString(16)}}`
  }
  return out
}
