/**
 * Encrypted volumes of an APFS container as one lock: the password of a user or the personal recovery key opens every volume
 * that names the user. What is decrypted stays where it is, so that the container is read as any other.
 */
import type { Medium } from '../../../contracts/image.ts'
import type { Protector, SectorKey } from '../../../contracts/lock.ts'
import { readAt, u64 } from '../../image/content/read-at.ts'
import { Blocks } from '../../image/filesystem/apfs/blocks.ts'
import {
  type Checkpoint,
  type Container,
  checkpointOf,
  isContainer,
  openContainer,
} from '../../image/filesystem/apfs/container.ts'
import type { LockKind, OpenedBy } from '../common/lock-kind.ts'
import { unlockedMedium } from '../common/unlocked-medium.ts'
import { encryptedRuns, type KeyedVolume } from './encrypted-blocks.ts'
import { type Keybag, keybagAt, placeIn, volumeKeyBy } from './keybag.ts'

const SECTOR_BYTES = 512
/** Of the container's superblock: the place of its keybag. */
const KEY_LOCKER_AT = 1296
/** The record of the personal recovery key. */
const RECOVERY_USER = 'ebc6c064000011aaaa1100306543ecac'
const NOTHING = (): void => {}

export const APFS_LOCK: LockKind = {
  contents: ['apfs'],
  see(volume) {
    const found = lockedIn(volume)
    if (found === null) return null
    const { container, checkpoint, volumes } = found
    const users = new Set(
      volumes.flatMap(({ keybag }) => keybag?.unlockRecords.map(({ uuid }) => uuid) ?? []),
    )
    return {
      format: 'apfs',
      id: container.superblocks[0]?.uuid ?? '',
      method: 'aes-xts-128',
      label: checkpoint.volumes.map(({ superblock: { name } }) => name.toString('utf8')).join(', '),
      protectors: users.size === 0 ? [{ kind: 'user', id: '' }] : [...users].map((uuid) => protectorOf(uuid)),
      // Without a keybag the keys lie in the hardware.
      obstacle: users.size === 0 ? 'format-not-built' : null,
    }
  },
  open(volume, secret, moved) {
    if (secret.kind !== 'password' && secret.kind !== 'recovery-password') return null
    const found = lockedIn(volume)
    if (found === null) return null
    const { container, volumes } = found
    const { blocks } = container
    const typed = Buffer.from(secret.hex, 'hex')
    const keys: SectorKey[] = []
    const keyed: KeyedVolume[] = []
    let protector: Protector | null = null
    for (const { superblock, keybag, wrapped } of volumes) {
      if (superblock.isSealed) continue
      for (const user of keybag?.unlockRecords ?? []) {
        moved()
        const key = wrapped && volumeKeyBy(typed, user, wrapped)
        if (!key) continue
        const sectorKey = { cipher: 'aes', mode: 'xts', keyHex: key.toString('hex'), ...SECTORS } as const
        const whole = { length: blocks.count * blocks.blockBytes, from: 0, key: 0, ivStart: 0 }
        const decrypted = unlockedMedium(volume, { keys: [sectorKey], runs: [whole] })
        keyed.push({
          superblock,
          key: keys.length,
          decrypted: new Blocks(decrypted, blocks.blockBytes, blocks.count),
        })
        keys.push(sectorKey)
        protector ??= protectorOf(user.uuid)
        break
      }
    }
    const runs = keyed.length === 0 ? null : encryptedRuns(container, keyed, moved)
    return runs === null || protector === null
      ? null
      : ({ protector, unlocking: { keys, runs } } satisfies OpenedBy)
  },
}

const SECTORS = { sectorBytes: SECTOR_BYTES, ivStep: 1 } as const

function protectorOf(uuid: string): Protector {
  const id = uuid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return { kind: 'user', id: uuid === RECOVERY_USER ? 'recovery-key' : id }
}

/** Encrypted volumes, each with its keybag and its wrapped key. Null: there is none. */
function lockedIn(volume: Medium) {
  const container = isContainer(volume) ? openContainer(volume) : null
  const checkpoint = container && newest(container)
  if (container === null || checkpoint === null) return null
  const encrypted = checkpoint.volumes.filter(({ superblock }) => superblock.isEncrypted)
  if (encrypted.length === 0) return null
  const { blockBytes } = container.blocks
  const bag = containerKeybag(volume, blockBytes)
  const volumes = encrypted.map(({ superblock }) => {
    const uuid = superblock.uuid.replaceAll('-', '')
    const place = bag?.unlockRecords.find((one) => one.uuid === uuid)
    const keybag = place
      ? keybagAt(volume, placeIn(place, blockBytes), Buffer.from(uuid, 'hex'), 'volume')
      : null
    return { superblock, keybag, wrapped: bag?.volumeKeys.find((one) => one.uuid === uuid) ?? null }
  })
  return { container, checkpoint, volumes }
}

function newest(container: Container): Checkpoint | null {
  for (const superblock of container.superblocks) {
    const checkpoint = checkpointOf(container, superblock, NOTHING)
    if (checkpoint !== null) return checkpoint
  }
  return null
}

function containerKeybag(volume: Medium, blockBytes: number): Keybag | null {
  const head = readAt(volume, 0, KEY_LOCKER_AT + 16)
  if (head.length < KEY_LOCKER_AT + 16) return null
  const place = {
    offset: u64(head, KEY_LOCKER_AT) * blockBytes,
    bytes: u64(head, KEY_LOCKER_AT + 8) * blockBytes,
  }
  return keybagAt(volume, place, head.subarray(72, 88), 'container')
}
