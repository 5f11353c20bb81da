/**
 * Gives files of an iPhone backup, in an archive or on a computer's disk, their original names from the phone.
 *
 * A manifest may come after the files that it names. So possible backup files are skipped in the first pass and listed
 * in a second pass, because a phone has too many of them to keep in memory. Most volumes have no such files and need
 * one pass.
 */
import type { Medium, VolumeEntry } from '../../contracts/image.ts'
import { contentOf } from '../../formats/image/content/content.ts'
import { backupsOn } from '../../formats/image/content/sealed.ts'
import {
  type Backup,
  backupOf,
  isBackupFile,
  LOGS,
  MANIFEST_BYTES_AT_MOST,
  MANIFESTS,
  type ManifestName,
  PLIST,
} from '../../formats/stores/backup-manifest.ts'
import { backupPlist, decryptedManifest } from '../../formats/stores/ios-backup-keys.ts'
import { companionFilesIn } from '../../wire/companion-names.ts'

/** Limit on memory: few computers have more backups, and each backup may contain a million names. */
const MOST_BACKUPS = 8

/**
 * @param pass  lists every entry, in the same order each time
 * @param moved called for each skipped entry, and while a manifest is read
 */
export function* withBackupNames(
  pass: () => Iterable<VolumeEntry>,
  volume: Medium,
  moved: () => void,
): Generator<VolumeEntry, void, undefined> {
  const found = new Backups()
  let waiting = 0
  for (const entry of pass()) {
    if (digestIn(entry) !== null) waiting++
    else {
      found.see(entry)
      yield entry
      continue
    }
    moved()
  }
  if (waiting === 0) return
  found.read(volume, moved)
  for (const entry of pass()) {
    if (digestIn(entry) === null) moved()
    else yield found.named(entry)
  }
}

function digestIn({ kind, stream, path }: VolumeEntry): string | null {
  const name = path.at(-1)
  if (name?.length !== 40 || kind !== 'file' || stream !== null) return null
  const digest = name.toString('latin1')
  return isBackupFile(digest) ? digest : null
}

class Backups {
  /** By folder, as bytes. */
  readonly #manifests = new Map<string, { readonly name: ManifestName; readonly entry: VolumeEntry }>()
  readonly #logs = new Map<string, VolumeEntry[]>()
  readonly #lists = new Map<string, VolumeEntry>()
  readonly #backups = new Map<string, Backup>()
  /** Of opened backups, by folder. */
  readonly #ids = new Map<string, string>()

  see(entry: VolumeEntry): void {
    const last = entry.path.at(-1)
    if (last === undefined || last.length > LONGEST || last[0] !== 0x4d) return
    if (entry.kind !== 'file' || entry.stream !== null || entry.status !== 'live') return
    const name = MANIFESTS.find((one) => last.equals(Buffer.from(one)))
    const folder = keyOf(entry.path.slice(0, -1))
    if (name !== undefined) {
      if (!this.#manifests.has(folder) || name === 'Manifest.db') this.#manifests.set(folder, { name, entry })
    } else if (last.toString('latin1') === PLIST) this.#lists.set(folder, entry)
    else if (LOGS.some((one) => last.equals(Buffer.from(one))))
      this.#logs.set(folder, [...(this.#logs.get(folder) ?? []), entry].slice(0, LOGS.length))
  }

  read(volume: Medium, moved: () => void): void {
    for (const [folder, { name, entry }] of this.#manifests) {
      if (this.#backups.size >= MOST_BACKUPS) break
      const read = bytesOf(volume, entry)
      moved()
      if (read === null) continue
      const beside = name === 'Manifest.db' ? (this.#logs.get(folder) ?? []) : []
      const logs = beside.flatMap((log) => {
        const of = bytesOf(volume, log)
        return of === null ? [] : [{ name: log.path.at(-1)!.toString('latin1'), bytes: of.bytes }]
      })
      moved()
      const opened = this.#opened(volume, folder, read.bytes)
      const bytes = (name === 'Manifest.db' ? opened?.manifest : null) ?? read.bytes
      const backup = backupOf(name, bytes, read.isDamaged, moved, companionFilesIn(logs), opened !== null)
      if (opened !== null) this.#ids.set(folder, opened.id)
      if (backup !== null && (backup.names.size > 0 || this.#lists.has(folder)))
        this.#backups.set(folder, backup)
    }
  }

  /** The entry with the name from the manifest; unchanged if it is not a file of a backup. */
  named(entry: VolumeEntry): VolumeEntry {
    const digest = digestIn(entry)!
    const above = entry.path.slice(0, -1)
    const inFolder = above.at(-1)?.toString('latin1') === digest.slice(0, 2)
    const backup = this.#backups.get(keyOf(inFolder ? above.slice(0, -1) : above))
    if (backup === undefined) return entry
    const folder = inFolder ? keyOf(above.slice(0, -1)) : keyOf(above)
    const path = backup.names.get(digest)
    const named: VolumeEntry =
      path === undefined ? entry : { ...entry, originalPath: { path, by: 'backup-manifest' } }
    if (!backup.isEncrypted(digest)) return named
    const [row, id] = [backup.sealedOf(digest), this.#ids.get(folder)]
    if (row === null || id === undefined || entry.place.kind === 'none')
      return { ...named, place: { kind: 'none', reason: 'encrypted', detail: '' } }
    const { protection, wrapped, sizeBytes } = row
    const sealed = {
      backup: id,
      protection,
      wrappedHex: wrapped.toString('hex'),
      storedBytes: entry.sizeBytes,
    }
    // A size that does not fit the blocks would cut the file, or add to it: then all that was decrypted is kept.
    const padding = entry.sizeBytes - sizeBytes
    const isFitting = padding > 0 && padding <= BLOCK_BYTES
    return {
      ...named,
      sizeBytes: isFitting ? sizeBytes : entry.sizeBytes,
      place: { ...entry.place, sealed },
    }
  }

  /** Null: no password opened this backup. Its manifest may be in the clear all the same (before iOS 10.2). */
  #opened(volume: Medium, folder: string, bytes: Buffer): { id: string; manifest: Buffer | null } | null {
    const opened = backupsOn(volume)
    const list = this.#lists.get(folder)
    const plist = opened.length > 0 && list !== undefined ? bytesOf(volume, list) : null
    const of = plist && backupPlist(plist.bytes)
    const backup = of && opened.find(({ id }) => id === of.id)
    return of && backup ? { id: of.id, manifest: decryptedManifest(bytes, of, backup) } : null
  }
}

export function bytesOf(
  volume: Medium,
  { place, sizeBytes }: VolumeEntry,
): { readonly bytes: Buffer; readonly isDamaged: boolean } | null {
  if (place.kind === 'none' || sizeBytes === 0 || sizeBytes > MANIFEST_BYTES_AT_MOST) return null
  const bytes = Buffer.alloc(sizeBytes)
  const content = contentOf(volume, place, sizeBytes)
  content.readInto(bytes, 0)
  return { bytes, isDamaged: content.damageIn(0, sizeBytes).length > 0 }
}

const BLOCK_BYTES = 16

const LONGEST = Math.max(...[PLIST, ...LOGS].map((name) => name.length))

const keyOf = (path: readonly Buffer[]): string => path.map((name) => name.toString('latin1')).join('/')
