/** Signatures for the search in bytes of unknown structure. */

export const MARKS: readonly (readonly [mark: Buffer, offset: number])[] = [
  [Buffer.from('ffd8ff', 'hex'), 0],
  [Buffer.from('ftyp'), 4],
  [Buffer.from('89504e470d0a1a0a', 'hex'), 0],
  [Buffer.from('GIF8'), 0],
  [Buffer.from('RIFF'), 0],
  [Buffer.from('1a45dfa3', 'hex'), 0],
  [Buffer.from('Rar!\x1a\x07', 'latin1'), 0],
  [Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'), 0],
  [Buffer.from('PK\x03\x04', 'latin1'), 0],
  [Buffer.from('%PDF-'), 0],
  [Buffer.from('ID3'), 0],
  [Buffer.from('OggS\0\x02', 'latin1'), 0],
  [Buffer.from('fLaC\0\0\0\x22', 'latin1'), 0],
  [Buffer.from('SQLite format 3\0'), 0],
  [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 0],
  [Buffer.from('3026b2758e66cf11', 'hex'), 0],
  [Buffer.from('fd377a585a00', 'hex'), 0],
]

export function hasMark(bytes: Buffer): boolean {
  return MARKS.some(([mark]) => bytes.includes(mark))
}
