/** LUKS, both versions, as one of the locks. */
import type { Medium } from '../../../contracts/image.ts'
import type { LockObstacle, Protector, SectorKey, UnlockedRun } from '../../../contracts/lock.ts'
import type { LockKind, SeenLock, Unlocking } from '../common/lock-kind.ts'
import { cipherNamed, isBuilt, isKeyOf, keyInSlot, wantsTooMuch } from './key-material.ts'
import type { LuksHeader } from './luks-header.ts'
import { luks1Header } from './luks1.ts'
import { luks2Header } from './luks2.ts'

/** `xts-plain` counts sectors in 32 bits: up to here it is `xts-plain64`. */
const PLAIN_BYTES = 2 ** 32 * 512

export const LUKS: LockKind = {
  contents: ['luks'],
  see(volume) {
    const header = headerOf(volume)
    if (header === null) return DAMAGED
    const { format, id, label, slots, segments } = header
    return {
      format,
      id,
      label,
      method: segments.find(({ encryption }) => encryption !== null)?.encryption?.replaceAll(':', '-') ?? '',
      protectors: slots.map(({ id: slot }) => ({ kind: 'passphrase', id: `slot-${slot}` })),
      obstacle: obstacleOf(header),
    }
  },
  open(volume, secret, moved) {
    const header = headerOf(volume)
    if (header === null || obstacleOf(header) !== null) return null
    const bytes = Buffer.from(secret.hex, 'hex')
    if (secret.kind === 'raw-key') return openedBy(volume, header, bytes, { kind: 'raw-key', id: '' }, null)
    for (const slot of header.slots) {
      moved()
      const key = keyInSlot(volume, slot, bytes)
      const protector = { kind: 'passphrase', id: `slot-${slot.id}` } as const
      const opened = key && openedBy(volume, header, key, protector, slot.id)
      if (opened) return opened
    }
    return null
  },
}

const DAMAGED: SeenLock = {
  format: 'luks2',
  id: '',
  method: '',
  label: '',
  protectors: [],
  obstacle: 'metadata-damaged',
}

function headerOf(volume: Medium): LuksHeader | null {
  return luks1Header(volume) ?? luks2Header(volume)
}

function obstacleOf({ slots, segments, isStateBuilt }: LuksHeader): LockObstacle | null {
  if (!isStateBuilt) return 'state-not-built'
  const isKnown = segments.every(
    ({ encryption, sectorBytes, offset, length }) =>
      encryption === null ||
      KEY_BYTES.some(
        (bytes) =>
          cipherNamed(encryption, Buffer.alloc(bytes), sectorBytes) !== null &&
          !(encryption.endsWith('-plain') && offset + length > PLAIN_BYTES),
      ),
  )
  if (!isKnown || (slots.length > 0 && !slots.some(isBuilt))) return 'cipher-not-built'
  return slots.length > 0 && slots.every(wantsTooMuch) ? 'memory-short' : null
}

const KEY_BYTES = [16, 24, 32, 64]

/** @param slot that the key came from; null: from none */
function openedBy(
  volume: Medium,
  header: LuksHeader,
  key: Buffer,
  protector: Protector,
  slot: string | null,
): { protector: Protector; unlocking: Unlocking } | null {
  const digest = header.digests.find(
    (one) => (slot === null || one.slots.includes(slot)) && one.segments.length > 0 && isKeyOf(one, key),
  )
  if (digest === undefined) return null
  const keys: SectorKey[] = []
  const runs: UnlockedRun[] = []
  for (const { id, offset, length, encryption, sectorBytes, ivStart } of header.segments) {
    const whole = Math.floor(Math.min(length, volume.sizeBytes - offset) / sectorBytes) * sectorBytes
    if (whole <= 0) return null
    if (encryption === null) {
      runs.push({ length: whole, from: offset, key: null, ivStart: 0 })
      continue
    }
    const sectorKey = cipherNamed(encryption, key, sectorBytes)
    if (sectorKey === null || !digest.segments.includes(id)) return null
    keys.push(sectorKey)
    runs.push({ length: whole, from: offset, key: keys.length - 1, ivStart })
  }
  return runs.length === 0 ? null : { protector, unlocking: { keys, runs } }
}
