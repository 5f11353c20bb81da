/** BitLocker as a kind of lock: its public metadata, and the key that a secret opens. */
import type { Medium } from '../../../contracts/image.ts'
import type { LockObstacle, Protector, Secret } from '../../../contracts/lock.ts'
import { readAt } from '../../image/content/read-at.ts'
import { signatureOf } from '../../image/volume/content-of.ts'
import type { LockKind, OpenedBy, SeenLock, Unlocking } from '../common/lock-kind.ts'
import { unlockedMedium } from '../common/unlocked-medium.ts'
import { clearMasterKey, isGenuine, masterKeyBy, unsealed } from './keys.ts'
import { methodName, runsOf, sectorKey } from './layout.ts'
import { type BitlockerMetadata, type BitlockerProtector, bitlockerMetadata } from './metadata.ts'

export const BITLOCKER: LockKind = {
  contents: ['bitlocker'],
  see(volume) {
    const [newest] = bitlockerMetadata(volume)
    if (newest === undefined) return { ...UNSEEN, obstacle: 'metadata-damaged' }
    return {
      format: 'bitlocker',
      id: newest.guid,
      method: methodName(newest),
      label: newest.label,
      protectors: newest.protectors.map(shown),
      obstacle: obstacleOf(newest),
    }
  },
  open(volume, secret, moved) {
    for (const metadata of bitlockerMetadata(volume)) {
      if (obstacleOf(metadata) !== null) continue
      const opened = openedBy(volume, metadata, secret, moved)
      if (opened !== null) return opened
    }
    return null
  },
  openWithout(volume) {
    for (const metadata of bitlockerMetadata(volume))
      for (const protector of metadata.protectors) {
        const masterKey = clearMasterKey(protector)
        const unlocking =
          masterKey && obstacleOf(metadata) === null && byMasterKey(volume, metadata, masterKey)
        if (unlocking) return { protector: shown(protector), unlocking }
      }
    return null
  },
}

const UNSEEN: Omit<SeenLock, 'obstacle'> = {
  format: 'bitlocker',
  id: '',
  method: '',
  label: '',
  protectors: [],
}

function shown({ kind, guid }: BitlockerProtector): Protector {
  return { kind, id: guid }
}

function obstacleOf(metadata: BitlockerMetadata): LockObstacle | null {
  if (methodName(metadata) === '') return 'cipher-not-built'
  return metadata.isEncryptOnWrite ? 'state-not-built' : null
}

function openedBy(
  volume: Medium,
  metadata: BitlockerMetadata,
  secret: Secret,
  moved: () => void,
): OpenedBy | null {
  if (secret.kind === 'raw-key') return byRawKey(volume, metadata, Buffer.from(secret.hex, 'hex'))
  for (const protector of metadata.protectors) {
    const masterKey = masterKeyBy(protector, secret, metadata, moved)
    const unlocking = masterKey && byMasterKey(volume, metadata, masterKey)
    if (unlocking) return { protector: shown(protector), unlocking }
  }
  return null
}

function byMasterKey(volume: Medium, metadata: BitlockerMetadata, masterKey: Buffer): Unlocking | null {
  if (metadata.sealedKey === null || !isGenuine(metadata, masterKey)) return null
  const stored = unsealed(metadata.sealedKey, masterKey)
  return stored === null ? null : unlockingOf(volume, metadata, stored)
}

function unlockingOf(volume: Medium, metadata: BitlockerMetadata, stored: Buffer): Unlocking | null {
  const key = sectorKey(metadata, stored)
  const runs = runsOf(metadata, volume.sizeBytes)
  return key === null || runs === null ? null : { keys: [key], runs }
}

/** The master key, which the metadata confirms; or the key of the sectors, which a file system at the beginning confirms. */
function byRawKey(volume: Medium, metadata: BitlockerMetadata, key: Buffer): OpenedBy | null {
  const protector: Protector = { kind: 'raw-key', id: '' }
  const byMaster = key.length === 32 ? byMasterKey(volume, metadata, key) : null
  if (byMaster) return { protector, unlocking: byMaster }
  const unlocking = unlockingOf(volume, metadata, asStored(metadata, key))
  if (unlocking === null || key.length !== lengthOf(unlocking)) return null
  const opened = unlockedMedium(volume, unlocking)
  const boot = readAt(opened, 0, 512)
  const isBoot = boot.length === 512 && boot.readUInt16LE(510) === 0xaa55 && signatureOf(opened) !== null
  return isBoot ? { protector, unlocking } : null
}

function lengthOf({ keys }: Unlocking): number {
  return keys[0]!.keyHex.length / 2
}

/** Of AES-CBC with the diffuser, both keys of 128 bits lie 32 bytes apart. */
function asStored({ method }: BitlockerMetadata, key: Buffer): Buffer {
  if (method !== 0x8000 || key.length !== 32) return key
  return Buffer.concat([key.subarray(0, 16), Buffer.alloc(16), key.subarray(16), Buffer.alloc(16)])
}
