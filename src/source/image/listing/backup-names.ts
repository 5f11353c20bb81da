/**
 * Names of the files of an iTunes or Finder backup of an iPhone: files are called by a digest of where they lay on the phone, and
 * `Manifest.db` says which is which. It may stand behind them in an archive, so it is looked for first.
 *
 * The manifest of an encrypted backup is encrypted too: its files are then named as encrypted, and nobody takes what they hold for contents.
 * @see abrignoni/iLEAPP, scripts/search_files.py: table `Files` with fileID, domain, relativePath
 */
import type { Medium, VolumeEntry } from '../../../contracts/image.ts'
import { contentOf } from '../../../image/content/content.ts'
import { NotSqlite, SqliteFile } from '../../../sqlite-file/sqlite-file.ts'

const MANIFEST = 'Manifest.db'
const PLIST = 'Manifest.plist'
/** A phone with a million files has 300 MB of it; in the memory of the lister it lies once. */
const MOST_BYTES = 384 << 20
const MOST_FILES = 1_000_000
const DIGEST = /^[0-9a-f]{40}$/

/** By digest: domain and path on the phone; null where the manifest is encrypted. */
type Backup = ReadonlyMap<string, string> | null

export class BackupNames {
  /** By folder, as bytes. */
  readonly #backups = new Map<string, Backup>()

  /** @param entries of the archive, from its beginning @param moved called for each */
  constructor(entries: Iterable<VolumeEntry>, volume: Medium, moved: () => void) {
    const encryptable = new Set<string>()
    for (const entry of entries) {
      moved()
      const name = entry.path.at(-1)?.toString('latin1')
      if (entry.kind !== 'file' || entry.stream !== null || (name !== MANIFEST && name !== PLIST)) continue
      const folder = keyOf(entry.path.slice(0, -1))
      if (name === PLIST) encryptable.add(folder)
      else {
        const backup = manifestIn(entry, volume)
        if (backup !== undefined) this.#backups.set(folder, backup)
      }
    }
    for (const [folder, backup] of this.#backups)
      if (backup === null && !encryptable.has(folder)) this.#backups.delete(folder)
  }

  /** As the manifest has it; what is no file of a backup is as it was. */
  of(entry: VolumeEntry): VolumeEntry {
    const digest = entry.path.at(-1)?.toString('latin1') ?? ''
    if (this.#backups.size === 0 || entry.kind !== 'file' || !DIGEST.test(digest)) return entry
    const above = entry.path.slice(0, -1)
    // In folders by the first two digits since iOS 10.
    const inFolder = above.at(-1)?.toString('latin1') === digest.slice(0, 2)
    const backup = this.#backups.get(keyOf(inFolder ? above.slice(0, -1) : above))
    if (backup === undefined) return entry
    if (backup === null) return { ...entry, place: { kind: 'none', reason: 'encrypted', detail: '' } }
    const path = backup.get(digest)
    return path === undefined ? entry : { ...entry, originalPath: { path, by: 'backup-manifest' } }
  }
}

const keyOf = (path: readonly Buffer[]): string => path.map((name) => name.toString('latin1')).join('/')

/** @returns undefined: nothing can be said of it */
function manifestIn({ place, sizeBytes }: VolumeEntry, volume: Medium): Backup | undefined {
  if (place.kind === 'none' || sizeBytes === 0 || sizeBytes > MOST_BYTES) return undefined
  const bytes = Buffer.alloc(sizeBytes)
  const content = contentOf(volume, place, sizeBytes)
  content.readInto(bytes, 0)
  const isDamaged = content.damageIn(0, sizeBytes).length > 0
  try {
    const file = new SqliteFile(bytes)
    const table = file.tables().find(({ name }) => name === 'files')
    const at = (column: string) => table?.columns.indexOf(column) ?? -1
    const [id, domain, path] = [at('fileid'), at('domain'), at('relativepath')]
    if (table === undefined || id < 0 || domain < 0 || path < 0) return undefined
    const names = new Map<string, string>()
    for (const { values } of file.rows(table.rootPage)) {
      if (names.size >= MOST_FILES) break
      const [digest, of, relative] = [values[id], values[domain], values[path]]
      if (typeof digest === 'string' && typeof of === 'string' && typeof relative === 'string')
        names.set(digest, relative === '' ? of : `${of}/${relative}`)
    }
    return names
  } catch (error) {
    if (!(error instanceof NotSqlite)) throw error
    return isDamaged ? undefined : null
  }
}
