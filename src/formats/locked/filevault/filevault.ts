/** FileVault 2 as one of the locks: the password of a user, or the personal recovery key. */
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import type { Medium } from '../../../contracts/image.ts'
import type { Protector } from '../../../contracts/lock.ts'
import type { LockKind, SeenLock, Unlocking } from '../common/lock-kind.ts'
import { type FilevaultMetadata, filevaultMetadata } from './metadata.ts'

const KEY_BYTES = 16
const MOST_ITERATIONS = 20_000_000
const SECTOR_BYTES = 512

export const FILEVAULT: LockKind = {
  contents: ['filevault'],
  see(volume) {
    const metadata = filevaultMetadata(volume)
    if (metadata === null) return { ...UNSEEN, obstacle: 'metadata-damaged' }
    return {
      ...UNSEEN,
      id: metadata.id,
      protectors: metadata.byPassphrase.map((_, index) => protectorOf(index)),
      obstacle: metadata.isContiguous ? null : 'state-not-built',
    }
  },
  open(volume, secret, moved) {
    const metadata = filevaultMetadata(volume)
    if (metadata === null || !metadata.isContiguous) return null
    const typed = Buffer.from(secret.hex, 'hex')
    if (secret.kind !== 'password' && secret.kind !== 'recovery-password') return null
    for (const [index, { salt, iterations, wrapped }] of metadata.byPassphrase.entries()) {
      moved()
      if (iterations < 1 || iterations > MOST_ITERATIONS) continue
      const kek = unwrapped(pbkdf2Sync(typed, salt, iterations, KEY_BYTES, 'sha256'), wrapped)
      if (kek === null) continue
      for (const one of metadata.wrappedKeys) {
        const key = unwrapped(kek, one)
        const unlocking = key && unlockingOf(volume, metadata, key)
        if (unlocking) return { protector: protectorOf(index), unlocking }
      }
    }
    return null
  },
}

const UNSEEN: Omit<SeenLock, 'obstacle'> = {
  format: 'filevault2',
  id: '',
  method: 'aes-xts-128',
  label: '',
  protectors: [],
}

function protectorOf(index: number): Protector {
  return { kind: 'user', id: `user-${index + 1}` }
}

/** RFC 3394; null: it was wrapped by another key. */
function unwrapped(kek: Buffer, wrapped: Buffer): Buffer | null {
  const unwrap = createDecipheriv('id-aes128-wrap', kek, Buffer.alloc(8, 0xa6))
  try {
    return Buffer.concat([unwrap.update(wrapped), unwrap.final()])
  } catch (error) {
    // OpenSSL reports a wrong check value as a failed update.
    if (error instanceof Error) return null
    throw error
  }
}

function unlockingOf(
  volume: Medium,
  { familyUuid, offset, sizeBytes }: FilevaultMetadata,
  key: Buffer,
): Unlocking | null {
  const tweak = createHash('sha256').update(key).update(familyUuid).digest().subarray(0, KEY_BYTES)
  const length = Math.floor(Math.min(sizeBytes, volume.sizeBytes - offset) / SECTOR_BYTES) * SECTOR_BYTES
  if (length <= 0) return null
  const keyHex = key.toString('hex') + tweak.toString('hex')
  return {
    keys: [{ cipher: 'aes', mode: 'xts', keyHex, sectorBytes: SECTOR_BYTES, ivStep: 1 }],
    runs: [{ length, from: offset, key: 0, ivStart: 0 }],
  }
}
