/**
 * Original names of iPhone backup files on a mount. The manifest is read at the first file of a backup, and kept until
 * the walk comes to a file of another backup.
 */
import { lstatSync } from 'node:fs'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { attribute } from '../../contracts/attribute.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notDone } from '../../contracts/stage.ts'
import {
  type Backup,
  backupOf,
  isBackupFile,
  LOGS,
  MANIFEST_BYTES_AT_MOST,
  MANIFESTS,
  PLIST,
} from '../../formats/stores/backup-manifest.ts'
import { readCompanion } from '../../mounts/read-companion.ts'
import { companionFilesIn } from '../../wire/companion-names.ts'

export class BackupNames {
  readonly #isReadOnly: boolean
  readonly #moved: () => void
  /** Folders with a manifest at which an earlier walk hung or ended. */
  readonly #left: ReadonlySet<ByteString>
  #folder: ByteString | null = null
  #backup: Backup | null = null

  /** @param left files at which an earlier walk hung or ended; their folders are not read again */
  constructor(isReadOnly: boolean, left: Iterable<ByteString>, moved: () => void) {
    this.#isReadOnly = isReadOnly
    this.#moved = moved
    this.#left = new Set(
      [...left].flatMap((path) => {
        const name = path.slice(path.lastIndexOf('/') + 1)
        return isBackupFile(name) ? [folderOf(path, name).folder] : []
      }),
    )
  }

  /** Cheap test for every name: whether it can be a backup file. */
  static mayBe(name: ByteString): boolean {
    return isBackupFile(name)
  }

  /** @param name last name of the path @param reach returns the prefix for names in the same folder */
  of(walked: WalkedEntry, path: ByteString, name: ByteString, reach: () => ByteString): WalkedEntry {
    if (walked.entry.kind !== 'file') return walked
    const { folder, isBelow } = folderOf(path, name)
    if (this.#left.has(folder)) return walked
    if (folder !== this.#folder) {
      this.#folder = folder
      this.#backup = null
      this.#backup = this.#read(`${reach()}${isBelow ? '../' : ''}`)
    }
    const backup = this.#backup
    if (backup === null) return walked
    const original = backup.names.get(name)
    const named =
      original === undefined
        ? []
        : [attribute('original-path', { path: original, by: 'backup-manifest' as const })]
    return {
      ...walked,
      ...(backup.isEncrypted(name) && walked.read === null && { read: notDone('encrypted') }),
      ...(named.length > 0 && { named: [...(walked.named ?? []), ...named] }),
    }
  }

  #read(before: ByteString): Backup | null {
    for (const name of MANIFESTS) {
      const read = (beside: string) =>
        readCompanion(bytesOf(before + beside), this.#isReadOnly, MANIFEST_BYTES_AT_MOST, this.#moved)
      const bytes = read(name)
      const beside = LOGS.flatMap((log) => {
        const of = name === 'Manifest.db' && bytes !== null ? read(log) : null
        return of === null ? [] : [{ name: log, bytes: of }]
      })
      const backup =
        bytes && bytes.length > 0 ? backupOf(name, bytes, false, this.#moved, companionFilesIn(beside)) : null
      if (backup !== null && (backup.names.size > 0 || isThere(before + PLIST))) return backup
    }
    return null
  }
}

/** A folder named by the first two digits is below the folder of the manifest, unless it is the exhibit itself. */
function folderOf(path: ByteString, name: ByteString): { folder: ByteString; isBelow: boolean } {
  const parts = path.split('/')
  const isBelow = parts.length > 1 && parts.at(-2) === name.slice(0, 2)
  return { folder: parts.slice(0, isBelow ? -2 : -1).join('/'), isBelow }
}

function isThere(at: ByteString): boolean {
  try {
    return lstatSync(bytesOf(at)).isFile()
  } catch (error) {
    // Rethrows an error that is no answer of a file system.
    errnoOf(error)
    return false
  }
}
