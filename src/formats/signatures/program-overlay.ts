/**
 * Finds the data behind a Windows program (overlay). The header states where the sections end. Self-extracting
 * archives and installers start there. @see Microsoft, "PE Format": COFF file header, optional header data
 * directories, section table
 */

export interface Overlay {
  readonly start: number
  readonly end: number
}

const COFF_BYTES = 24
const SECTION_BYTES = 40
/** The specification allows the loader 96. */
const MOST_SECTIONS = 96
/** Offset of the data directories in the optional header: 96 bytes, or 112 in PE32+. */
const DIRECTORIES_AT = new Map([
  [0x10b, 96],
  [0x20b, 112],
])
/** Index of the certificate table; a row has eight bytes. Only this table is located by file offset. */
const CERTIFICATES = 4
/** Certificates start at multiples of eight; a shorter overlay is padding. */
const LEAST_BYTES = 32

/**
 * @param head the first HEAD_BYTES
 * @returns null: not a Windows program, or no data behind it except its certificates
 */
export function overlayOf(head: Buffer, sizeBytes: number): Overlay | null {
  if (head.length < 64 || head.readUInt16LE(0) !== 0x5a4d) return null
  const at = head.readUInt32LE(0x3c)
  if (at + COFF_BYTES + 2 > head.length || head.toString('latin1', at, at + 4) !== 'PE\0\0') return null
  const sections = Math.min(head.readUInt16LE(at + 6), MOST_SECTIONS)
  const optionalBytes = head.readUInt16LE(at + 20)
  const table = at + COFF_BYTES + optionalBytes
  if (table + sections * SECTION_BYTES > head.length) return null
  let start = 0
  for (let i = 0; i < sections; i++) {
    const section = table + i * SECTION_BYTES
    start = Math.max(start, head.readUInt32LE(section + 16) + head.readUInt32LE(section + 20))
  }
  const directories = DIRECTORIES_AT.get(head.readUInt16LE(at + COFF_BYTES)) ?? optionalBytes
  const directory = at + COFF_BYTES + directories + CERTIFICATES * 8
  const signed = directory + 8 <= table ? head.readUInt32LE(directory) : 0
  const end = signed > start && signed < sizeBytes ? signed : signed === start ? start : sizeBytes
  return start > 0 && end - start >= LEAST_BYTES ? { start, end } : null
}
