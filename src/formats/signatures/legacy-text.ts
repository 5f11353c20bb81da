/** Recognises text in an encoding before Unicode, among contents without control characters. */

const LOOKED_AT = 1024
/** In shorter contents the absence of control characters proves nothing. */
const ENOUGH = 128
/** A longer run of one byte beyond ASCII fills space: no line of a frame in the DOS encodings is as long. */
const LONGEST_RUN = 256

/** @param head its first bytes contain no control character and are not UTF-8 */
export function looksLegacy(head: Buffer): boolean {
  const end = Math.min(head.length, LOOKED_AT)
  if (isFilled(head.subarray(0, end))) return false
  let ascii = 0
  let c1 = 0
  for (let i = 0; i < end; i++) {
    if (head[i]! < 0x80) ascii++
    // Bytes 0x80–0x9f are rare in running text of single-byte encodings, except the DOS encodings. They are common in
    // Shift-JIS.
    else if (head[i]! < 0xa0) c1++
  }
  if (end < ENOUGH) return ascii * 4 > end * 3
  const looked = head.subarray(0, end)
  return c1 * 4 < end || ascii * 2 > end || looksShiftJis(looked) || looksCodePage866(looked)
}

/** True for erased flash memory and the like (0xff throughout), also behind a few other bytes. */
function isFilled(looked: Buffer): boolean {
  const enough = Math.min(LONGEST_RUN, looked.length)
  let run = 0
  for (let i = 0; i < looked.length && run < enough; i++)
    run = looked[i]! < 0x80 ? 0 : looked[i] === looked[i - 1] ? run + 1 : 1
  return run >= enough
}

/** Running Japanese text contains kana, nearly every second character. Other contents contain kana only by chance. */
function looksShiftJis(looked: Buffer): boolean {
  // The last character may be truncated.
  const text = new TextDecoder('shift_jis').decode(looked).slice(0, -1)
  const beyondAscii = text.match(/[^\0-\x7f]/g)?.length ?? 0
  const kana = text.match(/[\u3041-\u30fe]/g)?.length ?? 0
  return !text.includes('\ufffd') && kana * 5 > beyondAscii
}

/**
 * Cyrillic in the DOS encoding: the letters have other code ranges than frames and signs. Most letters are in
 * 0x80–0xaf, where the Windows encoding has few. Spaces separate the words.
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
