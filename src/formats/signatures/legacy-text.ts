/** Text in an encoding of before Unicode, told from other contents that hold no control either. */

const LOOKED_AT = 1024
/** In shorter contents no controls is chance. */
const ENOUGH = 128

/** @param head no control among its first bytes, and not UTF-8 */
export function looksLegacy(head: Buffer): boolean {
  const end = Math.min(head.length, LOOKED_AT)
  let ascii = 0
  let c1 = 0
  for (let i = 0; i < end; i++) {
    if (head[i]! < 0x80) ascii++
    // 0x80–0x9f are rare in running text of single-byte encodings but for those of DOS, and of Shift-JIS.
    else if (head[i]! < 0xa0) c1++
  }
  if (end < ENOUGH) return ascii * 4 > end * 3
  const looked = head.subarray(0, end)
  return c1 * 4 < end || ascii * 2 > end || looksShiftJis(looked) || looksCodePage866(looked)
}

/** Running Japanese holds kana, nearly every other character; other contents that can be read so hold them by chance. */
function looksShiftJis(looked: Buffer): boolean {
  // The last character may be cut.
  const text = new TextDecoder('shift_jis').decode(looked).slice(0, -1)
  const beyondAscii = text.match(/[^\0-\x7f]/g)?.length ?? 0
  const kana = text.match(/[\u3041-\u30fe]/g)?.length ?? 0
  return !text.includes('\ufffd') && kana * 5 > beyondAscii
}

/**
 * Cyrillic of DOS: letters lie apart from frames and signs, most of them where Windows has none (0x80–0xaf), and words have spaces
 * between them.
 */
export function looksCodePage866(looked: Buffer): boolean {
  let [first, last, spaces, others] = [0, 0, 0, 0]
  for (const byte of looked) {
    if (byte >= 0x80 && byte < 0xb0) first++
    else if (byte >= 0xe0 && byte < 0xf2) last++
    else if (byte === 0x20 || byte === 0x0a) spaces++
    else if (byte >= 0x80) others++
  }
  const letters = first + last
  return first > last && letters * 2 > looked.length && spaces * 20 > looked.length && others * 20 < letters
}
