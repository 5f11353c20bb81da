/**
 * Opens the encrypted iOS backups on the volumes of an image with the passwords of the keys file. A pass over the names finds
 * them; it is made only where a password is given that may be one of a backup.
 */
import type { Medium, OpenImage, VolumeEntry, VolumeRange } from '../../contracts/image.ts'
import { isUsedFor, type OpenedBackup, type Secret, type UnlockedVolume } from '../../contracts/lock.ts'
import { ImageVolumes } from '../../formats/locked/image-volumes.ts'
import { PLIST } from '../../formats/stores/backup-manifest.ts'
import { type BackupPlist, backupPlist, openBackup } from '../../formats/stores/ios-backup-keys.ts'
import { bytesOf } from './backup-names.ts'
import { leftOut, openFileSystem } from './open-volume.ts'

const MOST_BACKUPS = 8
const MOST_PLIST_BYTES = 16 << 20

/** @returns the volumes, with the class keys of the backups that opened on each */
export function withBackups(
  image: OpenImage,
  ranges: readonly VolumeRange[],
  unlocked: readonly UnlockedVolume[],
  secrets: readonly Secret[],
  moved: () => void,
): readonly UnlockedVolume[] {
  const passwords = secrets.filter((secret) => secret.kind === 'password' && isUsedFor('files', secret))
  if (passwords.length === 0) return unlocked
  const bytes = new ImageVolumes(image.medium, unlocked)
  const found = new Map<number, readonly OpenedBackup[]>()
  for (const range of ranges) {
    if (range.number === null) continue
    const backups = backupsIn(image, range, bytes, passwords, moved)
    if (backups.length > 0) found.set(range.number, backups)
  }
  const opened = unlocked.map((one) => {
    const backups = found.get(one.volume)
    found.delete(one.volume)
    return backups === undefined ? one : { ...one, backups }
  })
  return [...opened, ...[...found].map(([volume, backups]) => ({ volume, keys: [], runs: [], backups }))]
}

function backupsIn(
  image: OpenImage,
  range: VolumeRange,
  bytes: ImageVolumes,
  passwords: readonly Secret[],
  moved: () => void,
): readonly OpenedBackup[] {
  const [seen, volume] = [bytes.seen(range), bytes.of(range)]
  const opened = leftOut(seen, range.number!, null, []) ?? openFileSystem(image, seen, volume)
  if ('result' in opened) return []
  const backups: OpenedBackup[] = []
  try {
    for (const plist of listsIn(opened.entries(), volume, moved)) {
      if (backups.length === MOST_BACKUPS) break
      const isKnown = backups.some(({ id }) => id === plist.id)
      const backup = isKnown ? null : openedBy(plist, passwords, moved)
      if (backup !== null) backups.push(backup)
    }
  } catch (error) {
    // A damaged file system: its listing says so, and this pass gives what it found before.
    if (!(error instanceof Error)) throw error
  }
  return backups
}

function openedBy(plist: BackupPlist, passwords: readonly Secret[], moved: () => void): OpenedBackup | null {
  for (const { number, hex } of passwords) {
    moved()
    const backup = openBackup(plist, Buffer.from(hex, 'hex'))
    if (backup !== null) return { ...backup, secret: number }
  }
  return null
}

function* listsIn(entries: Iterable<VolumeEntry>, volume: Medium, moved: () => void): Generator<BackupPlist> {
  for (const entry of entries) {
    moved()
    const isOne =
      entry.path.at(-1)?.toString('latin1') === PLIST && entry.kind === 'file' && entry.stream === null
    if (!isOne || entry.sizeBytes > MOST_PLIST_BYTES) continue
    const read = bytesOf(volume, entry)
    const plist = read && backupPlist(read.bytes)
    if (plist) yield plist
  }
}
