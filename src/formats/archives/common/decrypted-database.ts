/** A database that SQLCipher encrypted, decrypted with the companion files that lie beside it. */
import { companionFilesIn } from '../../../wire/companion-names.ts'
import { type DecryptedFile, decryptedFile, type FileKey } from '../../sqlite/encrypted-file.ts'
import { laidOver, newerPages } from '../../sqlite/write-ahead-log.ts'
import { type Beside, ContainerEncrypted } from './container.ts'

/** Bytes of a database header that say it was written in the mode of a write-ahead log. */
const [MODES, MODES_END] = [18, 20]

/** @throws ContainerEncrypted: the key belongs to another database, or the log does */
export function decryptedDatabase(
  bytes: Buffer,
  beside: Beside,
  { key, form, salt }: Partial<FileKey> & Pick<FileKey, 'key'>,
): { readonly file: DecryptedFile; readonly isLogLeft: boolean } {
  const { log, journal } = companionFilesIn([...beside].map(([name, of]) => ({ name, bytes: of })))
  const newer = log === null ? null : newerPages(log)
  const file = decryptedFile(newer === null ? bytes : laidOver(bytes, newer), key, form, salt)
  if (file === null) throw new ContainerEncrypted()
  // The header names a write-ahead log. The log is already applied to these pages, so the header is reset.
  if (newer !== null && file.bytes[MODES] === 2) file.bytes.fill(1, MODES, MODES_END)
  // A journal contains pages from before a transaction that may be incomplete. The program does not check whether it
  // is.
  return { file, isLogLeft: (log !== null && newer === null) || journal !== null }
}
