/** Decodes text of programs that write UTF-8 or the code page of their system, without stating which. */

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** Text that is not UTF-8 is decoded as Windows-1252. Accented letters may then be wrong, but no other characters. */
export function decodeLocal(bytes: Buffer): string {
  const text = bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes
  try {
    return UTF8.decode(text)
  } catch {
    return WINDOWS.decode(text)
  }
}

const WINDOWS = new TextDecoder('windows-1252')
