/** A database that SQLCipher encrypted, decrypted with the companion files that lie beside it. */
import { companionFilesIn } from '../../../wire/companion-names.ts'
import {
  type DecryptedFile,
  decryptedFile,
  type FileKey,
  isPageOf,
  SALT_BYTES,
  SQLCIPHER_4,
} from '../../sqlite/encrypted-file.ts'
import { laidOver, type NewerPages, newerPages } from '../../sqlite/write-ahead-log.ts'
import { type Beside, ContainerEncrypted } from './container.ts'

/** Bytes of a database header that say it was written in the mode of a write-ahead log. */
const [MODES, MODES_END] = [18, 20]

/**
 * A log none of whose pages belongs to the key is one of another database: it is left, and said.
 * @throws ContainerEncrypted: the key belongs to another database
 */
export function decryptedDatabase(
  bytes: Buffer,
  beside: Beside,
  { key, form = SQLCIPHER_4, salt = bytes.subarray(0, SALT_BYTES) }: Partial<FileKey> & Pick<FileKey, 'key'>,
): { readonly file: DecryptedFile; readonly isLogLeft: boolean } {
  const { log, journal } = companionFilesIn([...beside].map(([name, of]) => ({ name, bytes: of })))
  const newer = log === null ? null : ownPages(log, { key, form, salt })
  const file = decryptedFile(newer === null ? bytes : laidOver(bytes, newer), key, form, salt)
  if (file === null) throw new ContainerEncrypted()
  // The header names a write-ahead log. The log is already applied to these pages, so the header is reset.
  if (newer !== null && file.bytes[MODES] === 2) file.bytes.fill(1, MODES, MODES_END)
  // A journal contains pages from before a transaction that may be incomplete. The program does not check whether it
  // is.
  return { file, isLogLeft: (log !== null && newer === null) || journal !== null }
}

/** Null: not a log, or one of another database. */
function ownPages(log: Buffer, key: FileKey): NewerPages | null {
  const newer = newerPages(log)
  if (newer === null || newer.pages.size === 0) return newer
  return [...newer.pages].some(([number, page]) => isPageOf(page, number, key)) ? newer : null
}
