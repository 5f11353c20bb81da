/** Detects encryption in documents of the older Office formats; each format has its own flag. */
import type { CompoundFile } from './compound-file.ts'
import { excelRecords, FILE_PASS } from './excel-records.ts'

/** FibBase (MS-DOC 2.5.2): identifier at 0, flags at 10. */
const WORD_IDENTIFIERS = [0xa5ec, 0xa5dc]
const WORD_ENCRYPTED = 0x0100
/** headerToken of an encrypted presentation (MS-PPT 2.3.2). */
const ENCRYPTED_SLIDES = 0xf3d1c4df
const MAX_RECORDS = 50

export function isEncryptedOffice(file: CompoundFile): boolean {
  if (file.has('EncryptedPackage') || file.has('EncryptedSummary')) return true
  const word = file.stream('WordDocument')?.bytes
  if (word && word.length >= 32 && WORD_IDENTIFIERS.includes(word.readUInt16LE(0)))
    return (word.readUInt16LE(10) & WORD_ENCRYPTED) !== 0
  const user = file.stream('Current User')?.bytes
  if (user && user.length >= 16 && user.readUInt32LE(12) === ENCRYPTED_SLIDES) return true
  const book = (file.stream('Workbook') ?? file.stream('Book'))?.bytes
  if (!book) return false
  let count = 0
  for (const { type } of excelRecords(book)) {
    if (type === FILE_PASS) return true
    if (++count > MAX_RECORDS) break
  }
  return false
}
