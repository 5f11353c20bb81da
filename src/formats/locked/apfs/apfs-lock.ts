/** Encrypted volumes of an APFS container: named with the kind of key that would open them. This version does not. */

import type { FileSystem, Medium } from '../../../contracts/image.ts'
import { APFS } from '../../image/filesystem/apfs/apfs.ts'
import { NotThisFileSystem } from '../../image/filesystem/common/not-this-file-system.ts'
import type { LockKind } from '../common/lock-kind.ts'

export const APFS_LOCK: LockKind = {
  contents: ['apfs'],
  see(volume) {
    const container = opened(volume)
    if (container?.isPartEncrypted !== true) return null
    return {
      format: 'apfs',
      id: container.uuid,
      method: '',
      label: container.label,
      protectors: [{ kind: 'user', id: '' }],
      obstacle: 'format-not-built',
    }
  },
  open: () => null,
}

function opened(volume: Medium): FileSystem | null {
  try {
    return APFS.recognises(volume) ? APFS.open(volume) : null
  } catch (error) {
    // What is wrong with it is said where it is listed.
    if (error instanceof NotThisFileSystem) return null
    throw error
  }
}
