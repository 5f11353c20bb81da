/**
 * Extractor for a database of a messenger that SQLCipher encrypted whole. Its only member is the decrypted database. The
 * key is a secret of the keys file, or one value of a dump of the phone's keystore or keychain. Each value of the length of
 * a key is tried, and the HMAC of the first page says which one it is.
 *
 * @see Zetetic, "SQLCipher API" (PRAGMA key, cipher_plaintext_header_size); signalapp/Signal-Android,
 *   SqlCipherDatabaseHook; signalapp/Signal-iOS, GRDBKeyFetcher
 */
import { pbkdf2Sync } from 'node:crypto'
import type { SecretKind } from '../../contracts/lock.ts'
import {
  type FileKey,
  MAGIC,
  opensFirstPage,
  type PageForm,
  SALT_BYTES,
  SQLCIPHER_3,
  SQLCIPHER_4,
} from '../sqlite/encrypted-file.ts'
import { areEncryptedPages, isEncryptedBehindHeader } from '../sqlite/encrypted-pages.ts'
import { ContainerDamaged, type Extractor, NO_COMPANIONS, wholeOf } from './common/container.ts'
import { decryptedDatabase } from './common/decrypted-database.ts'
import { NO_KEYS } from './common/keys.ts'
import { keysInDump } from './keychain-dump.ts'

const KEY_BYTES = 32
/** A plain header of SQLite, which iOS needs; the salt is then behind the key. */
const PLAIN_HEADER_BYTES = 32

export const sqlcipherDatabase: Extractor = {
  id: 'sqlcipher-database',
  mediaTypes: ['application/x-sqlcipher-database'],
  inMemory: true,
  async *members(source, budget, beside = NO_COMPANIONS, _mediaType, keys = NO_KEYS) {
    const bytes = wholeOf(source)
    const hasHeader = bytes.subarray(0, MAGIC.length).equals(MAGIC)
    if (!(hasHeader ? isEncryptedBehindHeader : areEncryptedPages)(bytes))
      throw new ContainerDamaged({ code: 'no-record', params: {} })
    const key = keys.open(['raw-key', 'keychain'], hasHeader ? 'header' : 'authenticated', (secret, kind) =>
      keyOf(bytes, hasHeader, secret, kind),
    )
    const { file, isLogLeft } = decryptedDatabase(bytes, beside, key)
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from('database'),
      entryKind: 'file',
      sizeBytes: BigInt(file.bytes.length),
      modified: null,
      linkTarget: null,
      read: async () => {
        budget.charge(file.bytes.length)
        return file.bytes
      },
    }
    if (file.damaged > 0)
      throw new ContainerDamaged({ code: 'records-unreadable', params: { records: file.damaged } })
    if (isLogLeft) throw new ContainerDamaged({ code: 'log-not-read', params: {} })
  },
}

function keyOf(bytes: Buffer, hasHeader: boolean, secret: Buffer, kind: SecretKind): FileKey | null {
  const candidates = kind === 'raw-key' ? [secret] : keysInDump(secret)
  for (const candidate of candidates)
    for (const one of hasHeader
      ? withSalt(candidate)
      : [...raw(bytes, candidate), ...typed(bytes, candidate)])
      if (opensFirstPage(bytes, one)) return one
  return null
}

/** A key of the file itself; version 4 (Signal Desktop, Session) and version 3. */
function raw(bytes: Buffer, candidate: Buffer): FileKey[] {
  if (candidate.length !== KEY_BYTES) return []
  const salt = bytes.subarray(0, SALT_BYTES)
  return [SQLCIPHER_4, SQLCIPHER_3].map((form) => ({ key: candidate, form, salt }))
}

/** Android: the digits of the secret are the passphrase, with one round. Signal keeps to version 3, Session to 4. */
function typed(bytes: Buffer, candidate: Buffer): FileKey[] {
  if (candidate.length !== KEY_BYTES) return []
  const salt = bytes.subarray(0, SALT_BYTES)
  return [SQLCIPHER_3, SQLCIPHER_4].map((form) => ({
    key: pbkdf2Sync(candidate.toString('hex'), salt, 1, KEY_BYTES, form.hmac),
    form,
    salt,
  }))
}

/** iOS: 48 bytes, the key and the salt, for a file with a plain header. */
function withSalt(candidate: Buffer): FileKey[] {
  if (candidate.length !== KEY_BYTES + SALT_BYTES) return []
  const form: PageForm = { ...SQLCIPHER_4, plainBytes: PLAIN_HEADER_BYTES }
  return [{ key: candidate.subarray(0, KEY_BYTES), form, salt: candidate.subarray(KEY_BYTES) }]
}
