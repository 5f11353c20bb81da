/**
 * Extractor for the encrypted manifest of an iOS backup. Its only member is the manifest in the clear. The files of the backup
 * are no members: the lister of an image decrypts them where they lie (confined/lister/backup-keys.ts).
 */
import type { BackupKeys } from '../../contracts/lock.ts'
import { IOS_MANIFEST, IOS_MANIFEST_LIST } from '../../media-types/placed-types.ts'
import { backupPlist, decryptedManifest, openBackup } from '../stores/ios-backup-keys.ts'
import { ContainerEncrypted, type Extractor, NO_COMPANIONS, wholeOf } from './common/container.ts'
import { NO_KEYS } from './common/keys.ts'

const SQLITE = Buffer.from('SQLite format 3\0', 'latin1')
/** One derivation takes seconds: it is made once a process for each password. */
const derived = new Map<string, BackupKeys | null>()
const MOST_DERIVED = 64

export const iosManifest: Extractor = {
  id: 'ios-manifest',
  mediaTypes: [IOS_MANIFEST],
  inMemory: true,
  async *members(source, budget, beside = NO_COMPANIONS, _mediaType, keys = NO_KEYS) {
    const list = beside.get(IOS_MANIFEST_LIST)
    const plist = list === undefined ? null : backupPlist(list)
    if (plist === null) throw new ContainerEncrypted()
    const bytes = wholeOf(source)
    const manifest = keys.open(['password'], 'key', (secret) => {
      const id = `${plist.id} ${secret.toString('hex')}`
      const opened = derived.has(id) ? derived.get(id)! : openBackup(plist, secret)
      if (derived.size >= MOST_DERIVED) derived.clear()
      derived.set(id, opened)
      const plain = opened && decryptedManifest(bytes, plist, opened)
      return plain?.subarray(0, SQLITE.length).equals(SQLITE) ? plain : null
    })
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from('database'),
      entryKind: 'file',
      sizeBytes: BigInt(manifest.length),
      modified: null,
      linkTarget: null,
      read: async () => {
        budget.charge(manifest.length)
        return manifest
      },
    }
  },
}
