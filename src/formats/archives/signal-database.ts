/**
 * Extractor for the encrypted database of Signal Desktop. Its only member is the decrypted database; the companion
 * file with the settings must contain the plain key. Newer settings contain the key encrypted by the operating
 * system, and do not help.
 *
 * @see signalapp/Signal-Desktop, app/main (`key`, `encryptedKey`), ts/sql/Server (keyDatabase)
 */

import { SIGNAL_SETTINGS } from '../../media-types/signal-files.ts'
import { jsonOf, objectIn, textIn } from '../bytes/json-values.ts'
import { opensFirstPage, SALT_BYTES, SQLCIPHER_4 } from '../sqlite/encrypted-file.ts'
import { areEncryptedPages } from '../sqlite/encrypted-pages.ts'
import { type Beside, ContainerDamaged, type Extractor, NO_COMPANIONS, wholeOf } from './common/container.ts'
import { decryptedDatabase } from './common/decrypted-database.ts'
import { type Keys, NO_KEYS } from './common/keys.ts'
import { keysInDump } from './keychain-dump.ts'

export const signalDatabase: Extractor = {
  id: 'signal-database',
  mediaTypes: ['application/x-signal-database'],
  inMemory: true,
  async *members(source, budget, beside = NO_COMPANIONS, _mediaType, keys = NO_KEYS) {
    const bytes = wholeOf(source)
    if (!areEncryptedPages(bytes)) throw new ContainerDamaged({ code: 'no-record', params: {} })
    const key = keyIn(beside) ?? keyAmong(bytes, keys)
    const { file, isLogLeft } = decryptedDatabase(bytes, beside, { key })
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

/** 64 hexadecimal digits, as Signal before version 7.16 wrote them. */
function keyIn(beside: Beside): Buffer | null {
  const settings = beside.get(SIGNAL_SETTINGS)
  const key = settings === undefined ? undefined : textIn(objectIn(jsonOf(settings)), 'key')
  return key !== undefined && /^[0-9a-f]{64}$/i.test(key) ? Buffer.from(key, 'hex') : null
}

/** Where the system keeps the key of the settings. @throws ContainerEncrypted */
function keyAmong(bytes: Buffer, keys: Keys): Buffer {
  const salt = bytes.subarray(0, SALT_BYTES)
  return keys.open(['raw-key', 'keychain'], 'authenticated', (secret, kind) => {
    const candidates = kind === 'raw-key' ? [secret] : keysInDump(secret)
    return candidates.find((key) => opensFirstPage(bytes, { key, form: SQLCIPHER_4, salt })) ?? null
  })
}
