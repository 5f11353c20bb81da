/**
 * VeraCrypt and TrueCrypt as locks: nothing on the volume names them, so a secret is tried where no file system is.
 *
 * A volume may hold an outer and a hidden one; each password opens its own. Of two that are given, the first in the keys file
 * decides which one is examined.
 */
import type { Medium } from '../../../contracts/image.ts'
import type { Protector, Secret } from '../../../contracts/lock.ts'
import { readAt } from '../../image/content/read-at.ts'
import type { LockKind, OpenedBy } from '../common/lock-kind.ts'
import { withKeyFiles } from './derivations.ts'
import { HEADER_BYTES, openHeader, type VeracryptHeader } from './header.ts'
import { oldModeOf } from './old-modes.ts'

const SECTOR_BYTES = 512
const HIDDEN_AT = 65_536
/** On the disk: the last sector of its first track. */
const SYSTEM_AT = 31_744
/** TrueCrypt up to 5: the header of a hidden volume lies so far before the end, and its data before that. */
const OLD_HIDDEN_BYTES = 1536

type Place = 'header' | 'hidden' | 'old-hidden' | 'backup' | 'backup-hidden'

export const VERACRYPT: LockKind = {
  contents: ['possibly-encrypted', 'unknown'],
  see(_volume, content) {
    if (content !== 'possibly-encrypted') return null
    return {
      format: 'noise',
      id: '',
      method: '',
      label: '',
      protectors: [{ kind: 'passphrase', id: '' }],
      obstacle: null,
    }
  },
  open(volume, secret, moved, all, disk) {
    if (secret.kind !== 'password' && secret.kind !== 'key-file') return null
    const places = placesOf(volume.sizeBytes)
    const by = (of: 'pbkdf2' | 'argon2') => {
      for (const password of passwordsOf(secret, all))
        for (const [place, offset] of places) {
          const read = openHeader(readAt(volume, offset, HEADER_BYTES), password, secret.pim, moved, of)
          const opened = read && openedBy(volume, read, place)
          if (opened) return opened
        }
      return null
    }
    return by('pbkdf2') ?? (disk ? ofSystem(volume, disk, secret, moved, all) : null) ?? by('argon2')
  },
  names(volume, secret, all) {
    if (secret.kind !== 'password' && secret.kind !== 'key-file') return null
    for (const password of passwordsOf(secret, all)) {
      const method = oldMode(volume, password)
      if (method !== null) return { format: 'truecrypt', method, obstacle: 'cipher-not-built' }
    }
    return null
  },
}

/** Where TrueCrypt before version 5 kept its headers. */
function oldMode(volume: Medium, password: Buffer) {
  for (const offset of [0, volume.sizeBytes - OLD_HIDDEN_BYTES]) {
    const mode = offset < 0 ? null : oldModeOf(readAt(volume, offset, HEADER_BYTES), password)
    if (mode !== null) return mode
  }
  return null
}

/**
 * A partition of a system that is encrypted as a whole, or alone: the header lies before the first partition, and sectors are counted
 * from the beginning of the disk.
 */
function ofSystem(
  volume: Medium,
  { medium, offset }: { readonly medium: Medium; readonly offset: number },
  secret: Secret,
  moved: () => void,
  all: readonly Secret[],
): OpenedBy | null {
  const stored = readAt(medium, SYSTEM_AT, HEADER_BYTES)
  if (offset < SYSTEM_AT + HEADER_BYTES || stored.every((byte) => byte === 0)) return null
  for (const password of passwordsOf(secret, all)) {
    const header = openHeader(stored, password, secret.pim, moved, 'system')
    if (header === null) continue
    const { by, cipher, keyHex, dataOffset, sizeBytes } = header
    const end = Math.min(offset + volume.sizeBytes, dataOffset + sizeBytes)
    const length = Math.floor((end - offset) / SECTOR_BYTES) * SECTOR_BYTES
    if (offset < dataOffset || offset % SECTOR_BYTES !== 0 || !(length > 0)) return null
    return {
      protector: { kind: 'passphrase', id: 'system' },
      seen: { format: by === 'VERA' ? 'veracrypt' : 'truecrypt', method: `${cipher}-xts-256` },
      unlocking: {
        keys: [{ cipher, mode: 'xts', keyHex, sectorBytes: SECTOR_BYTES, ivStep: 1 }],
        runs: [{ length, from: 0, key: 0, ivStart: offset / SECTOR_BYTES }],
      },
    }
  }
  return null
}

/** A password alone, and with the key files that the keys file names; a key file alone, and all of them. */
function passwordsOf({ kind, hex }: Secret, all: readonly Secret[]): readonly Buffer[] {
  const bytes = Buffer.from(hex, 'hex')
  const files = all.flatMap((one) => (one.kind === 'key-file' ? [Buffer.from(one.hex, 'hex')] : []))
  const nothing = Buffer.alloc(0)
  if (kind === 'password') return [bytes, ...(files.length > 0 ? [withKeyFiles(bytes, files)] : [])]
  return [withKeyFiles(nothing, [bytes]), ...(files.length > 1 ? [withKeyFiles(nothing, files)] : [])]
}

/** The backup headers last: they are asked where the first ones are damaged. */
function placesOf(sizeBytes: number): readonly (readonly [Place, number])[] {
  const places: readonly (readonly [Place, number])[] = [
    ['header', 0],
    ['hidden', HIDDEN_AT],
    ['old-hidden', sizeBytes - OLD_HIDDEN_BYTES],
    ['backup', sizeBytes - 2 * HIDDEN_AT],
    ['backup-hidden', sizeBytes - HIDDEN_AT],
  ]
  return places.filter(([, offset]) => offset >= 0 && offset + HEADER_BYTES <= sizeBytes)
}

function openedBy(volume: Medium, header: VeracryptHeader, place: Place): OpenedBy | null {
  const { by, cipher, keyHex, sizeBytes, hiddenBytes, version } = header
  const isOld = place === 'old-hidden'
  const dataOffset = isOld
    ? volume.sizeBytes - hiddenBytes - OLD_HIDDEN_BYTES
    : version < 3
      ? SECTOR_BYTES
      : header.dataOffset || SECTOR_BYTES
  const stated = isOld ? hiddenBytes : sizeBytes
  const most = volume.sizeBytes - dataOffset
  const length = Math.min(stated > 0 && Number.isFinite(stated) ? stated : most, most)
  const whole = Math.floor(length / SECTOR_BYTES) * SECTOR_BYTES
  if (!(dataOffset >= SECTOR_BYTES) || dataOffset % SECTOR_BYTES !== 0 || whole <= 0) return null
  const protector: Protector = { kind: 'passphrase', id: place === 'old-hidden' ? 'hidden' : place }
  return {
    protector,
    seen: { format: by === 'VERA' ? 'veracrypt' : 'truecrypt', method: `${cipher}-xts-256` },
    unlocking: {
      keys: [{ cipher, mode: 'xts', keyHex, sectorBytes: SECTOR_BYTES, ivStep: 1 }],
      runs: [{ length: whole, from: dataOffset, key: 0, ivStart: dataOffset / SECTOR_BYTES }],
    },
  }
}
