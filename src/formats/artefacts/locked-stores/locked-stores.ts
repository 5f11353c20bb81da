/** Reports encrypted stores of messengers: existence, program and form. Their content is not read. */
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import { UNRECOGNISED } from '../../../media-types/sample.ts'
import { type ArtefactReader, NotAnArtefact } from '../../records/artefact.ts'
import { areEncryptedPages, isEncryptedBehindHeader } from '../../sqlite/encrypted-pages.ts'
import { whatsappBackup } from './signature.ts'

export const lockedStores: ArtefactReader = {
  id: 'locked-stores',
  mediaTypes: [
    'application/x-whatsapp-backup',
    'application/x-signal-backup',
    'application/x-telegram-data',
    'application/x-signal-config',
    'application/x-sqlcipher-database',
    // Only at the path of a messenger's database.
    UNRECOGNISED,
  ],
  read(bytes, sink) {
    sink.isEncrypted = true
    const text = bytes.toString('latin1', 0, 64)
    if (text.startsWith('TDF$')) return [locked('telegram-desktop', 'tdata', String(bytes.readUInt32LE(4)))]
    if (text.startsWith('{')) {
      // When the settings contain the plain key, the database in the same folder is opened. The settings contain no
      // other records.
      sink.isEncrypted = !bytes.includes('"key"')
      return sink.isEncrypted
        ? [locked('signal-desktop', 'system-key')]
        : [attribute('database-key', { program: 'signal-desktop' })]
    }
    if (bytes.length > 64 && bytes[4] === 0x0a) return [locked('signal', 'backup')]
    const backup = bytes.length < 64 ? null : whatsappBackup(bytes, bytes.length)
    if (backup !== null) return [locked('whatsapp', backup.form, backup.version ?? undefined)]
    if (text.startsWith('SQLite format 3\0') && isEncryptedBehindHeader(bytes))
      return [locked('sqlcipher', 'database')]
    // The path tells which messenger the file belongs to.
    if (!areEncryptedPages(bytes)) throw new NotAnArtefact()
    return []
  },
}

function locked(program: string, form: string, version?: string) {
  return attribute('locked-store', definedOnly({ program, form, version }))
}
