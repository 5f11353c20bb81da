/**
 * Reads the manifest of an iPhone backup by iTunes or Finder. The name of each backup file is a digest of its path on
 * the phone; the manifest maps digests to paths. `Manifest.db` (iOS 10 and later) is in the folder above the folders
 * named after the first two digits. `Manifest.mbdb` is in the folder of the files.
 *
 * Since iOS 10.2, the manifest of an encrypted backup is encrypted too. Before, it is in the clear. The row or record of each
 * file contains its key, wrapped. Without the class keys the bytes of such files are ciphertext and no contents.
 * @see abrignoni/iLEAPP, scripts/search_files.py: table `Files` with fileID, domain, relativePath
 * @see dinosec/iphone-dataprotection, python_scripts/backups/backup4.py: records of `Manifest.mbdb`
 */
import { createHash } from 'node:crypto'
import { type CompanionFiles, NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { stateOf } from '../sqlite/database-state.ts'
import { NotSqlite } from '../sqlite/sqlite-file.ts'
import type { WrappedKey } from './ios-backup-keys.ts'
import { keyedArchive } from './keyed-archive.ts'
import { NotPropertyList } from './property-list.ts'

export const MANIFESTS = ['Manifest.db', 'Manifest.mbdb'] as const
export type ManifestName = (typeof MANIFESTS)[number]
/** Companion files of `Manifest.db`. */
export const LOGS = ['Manifest.db-wal', 'Manifest.db-journal'] as const
/** Every manifest has this companion file. A folder without it is not a backup with an encrypted manifest. */
export const PLIST = 'Manifest.plist'
/** The manifest of a phone with a million files has 300 MB; it is in memory once. */
export const MANIFEST_BYTES_AT_MOST = 384 << 20
const MOST_FILES = 1_000_000
const MBDB = Buffer.from('mbdb\x05\0', 'latin1')
/**
 * Mode, inode, owner, group, three times, size, class: the fields between the names of a record and its property
 * count.
 */
const MBDB_FIXED_BYTES = 39
/** Places of the size and of the protection class in these fields. */
const [MBDB_SIZE, MBDB_CLASS] = [30, 38]
const NO_STRING = 0xffff
const ROWS_A_MOVE = 1024
/** A string of 13 letters in the property list of a row; only encrypted files have it. */
const KEY_IN_ROW = ']EncryptionKey'

export interface Backup {
  /** Domain and path on the phone, by digest. */
  readonly names: ReadonlyMap<string, string>
  readonly isEncrypted: (digest: string) => boolean
  /** Key and size of an encrypted file; null: its row has none, or they were not asked for. */
  readonly sealedOf: (digest: string) => SealedRow | null
}

export interface SealedRow extends WrappedKey {
  readonly sizeBytes: number
}

/** @returns whether the name may belong to a file of a backup */
export const isBackupFile = (name: string): boolean => name.length === 40 && /^[0-9a-f]+$/.test(name)

/**
 * @param bytes the complete manifest
 * @param isDamaged the bytes are incomplete
 * @param logs companion files: a backup that was interrupted, or opened by another program, has them
 * @param hasKeys the backup was opened: keys and sizes of its files are read too
 * @returns null: not a usable manifest of a backup; when the bytes are complete but not a database, all files are
 *   encrypted
 */
export function backupOf(
  name: ManifestName,
  bytes: Buffer,
  isDamaged: boolean,
  moved: () => void,
  logs: CompanionFiles = NO_COMPANION_FILES,
  hasKeys = false,
): Backup | null {
  if (name === 'Manifest.mbdb') return inRecords(bytes, moved, hasKeys)
  try {
    return inDatabase(bytes, logs, moved, hasKeys)
  } catch (error) {
    if (!(error instanceof NotSqlite)) throw error
    return isDamaged ? null : { names: new Map(), isEncrypted: () => true, sealedOf: () => null }
  }
}

function inDatabase(bytes: Buffer, logs: CompanionFiles, moved: () => void, hasKeys: boolean): Backup | null {
  const { file } = stateOf(bytes, logs)
  const table = file.tables().find(({ name }) => name === 'files')
  const at = (column: string) => table?.columns.indexOf(column) ?? -1
  const [id, domain, path] = [at('fileid'), at('domain'), at('relativepath')]
  if (table === undefined || id < 0 || domain < 0 || path < 0) return null
  const about = at('file')
  const read = new Read(moved)
  for (const { values } of file.rows(table.rootPage)) {
    const [digest, of, relative, row] = [values[id], values[domain], values[path], values[about]]
    if (typeof digest !== 'string' || typeof of !== 'string' || typeof relative !== 'string') continue
    const isEncrypted = Buffer.isBuffer(row) && row.includes(KEY_IN_ROW, 0, 'latin1')
    if (isEncrypted && hasKeys) read.seal(digest, sealedRow(row))
    if (!read.add(digest, of, relative, isEncrypted)) break
  }
  return read.backup
}

function inRecords(bytes: Buffer, moved: () => void, hasKeys: boolean): Backup | null {
  if (!bytes.subarray(0, MBDB.length).equals(MBDB)) return null
  const read = new Read(moved)
  let at = MBDB.length
  const string = (): Buffer => {
    const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : NO_STRING
    const from = at + 2
    at = from + (length === NO_STRING ? 0 : length)
    return bytes.subarray(from, at)
  }
  while (at < bytes.length) {
    const [domain, path, , , key] = [string(), string(), string(), string(), string()]
    const fixed = at
    at += MBDB_FIXED_BYTES
    // A truncated record gives no name, because its fields are incomplete.
    if (at >= bytes.length) break
    for (let left = 2 * bytes[at++]!; left > 0; left--) string()
    const isSealed = hasKeys && key!.length === KEY_IN_ROW_BYTES
    const digest = createHash('sha1').update(domain!).update('-').update(path!).digest('hex')
    if (isSealed)
      read.seal(digest, {
        protection: bytes[fixed + MBDB_CLASS]!,
        wrapped: key!.subarray(KEY_IN_ROW_BYTES - WRAPPED_BYTES),
        sizeBytes: Number(bytes.readBigUInt64BE(fixed + MBDB_SIZE)),
      })
    if (!read.add(digest, domain!.toString(), path!.toString(), key!.length > 0)) break
  }
  return read.backup
}

/** The archived object of a row (MBFile). Null: it has no key, or is no such object. */
function sealedRow(row: Buffer): SealedRow | null {
  try {
    const file = keyedArchive(row)
    if (!(file instanceof Map)) return null
    const [key, protection, size] = [file.get('EncryptionKey'), file.get('ProtectionClass'), file.get('Size')]
    const bytes = key instanceof Map ? key.get('NS.data') : key
    const [number, sizeBytes] = [Number(protection), Number(size)]
    const isOne = Buffer.isBuffer(bytes) && bytes.length === KEY_IN_ROW_BYTES
    if (!isOne || !(number >= 0 && number < 256) || !(sizeBytes >= 0) || !Number.isSafeInteger(sizeBytes))
      return null
    return { protection: number, wrapped: bytes.subarray(4), sizeBytes }
  } catch (error) {
    if (error instanceof NotPropertyList) return null
    throw error
  }
}

/** A class in four bytes, and the wrapped key. */
const KEY_IN_ROW_BYTES = 44
const WRAPPED_BYTES = 40

class Read {
  readonly #sealed = new Map<string, SealedRow>()
  readonly #names = new Map<string, string>()
  readonly #encrypted = new Set<string>()
  readonly #moved: () => void

  constructor(moved: () => void) {
    this.#moved = moved
  }

  /** @returns whether more files fit */
  add(digest: string, domain: string, path: string, isEncrypted: boolean): boolean {
    this.#names.set(digest, path === '' ? domain : `${domain}/${path}`)
    if (isEncrypted) this.#encrypted.add(digest)
    if (this.#names.size % ROWS_A_MOVE === 0) this.#moved()
    return this.#names.size < MOST_FILES
  }

  seal(digest: string, row: SealedRow | null): void {
    if (row !== null) this.#sealed.set(digest, row)
  }

  get backup(): Backup {
    const [encrypted, sealed] = [this.#encrypted, this.#sealed]
    return {
      names: this.#names,
      isEncrypted: (digest) => encrypted.has(digest),
      sealedOf: (digest) => sealed.get(digest) ?? null,
    }
  }
}
