/**
 * Derives the key of a BitLocker volume from a secret: the typed text is stretched, opens the master key, and that
 * opens the key of the sectors. AES-CCM verifies each step.
 */
import { createDecipheriv, hash } from 'node:crypto'
import type { Secret } from '../../../contracts/lock.ts'
import { guidAt } from '../../bytes/guid.ts'
import { type BitlockerMetadata, type BitlockerProtector, entriesIn, type Sealed } from './metadata.ts'

/** @see libbde, "Stretch key" */
const ROUNDS = 0x100000
const ROUNDS_A_STEP = 0x8000

/**
 * The key in a sealed value. Null: it was sealed by another key.
 * @returns behind 12 bytes that name size and kind
 */
export function unsealed(sealed: Sealed, key: Buffer): Buffer | null {
  const whole = opened(sealed, key)
  return whole === null || whole.length <= 12 || whole.readUInt16LE(0) !== whole.length
    ? null
    : whole.subarray(12)
}

function opened(sealed: Sealed, key: Buffer): Buffer | null {
  if (key.length !== 32) return null
  const ccm = createDecipheriv('aes-256-ccm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  ccm.setAuthTag(sealed.subarray(12, 28))
  try {
    const plain = ccm.update(sealed.subarray(28))
    ccm.final()
    return plain
  } catch (error) {
    // The message of Node for a wrong authentication tag.
    if (error instanceof Error && /authenticate/.test(error.message)) return null
    throw error
  }
}

/** True where the master key confirms this metadata; also where an older version sealed no digest. */
export function isGenuine({ sealedDigest, digest }: BitlockerMetadata, masterKey: Buffer): boolean {
  if (sealedDigest === null) return true
  const datum = opened(sealedDigest, masterKey)
  return datum !== null && datum.length >= 44 && datum.subarray(12, 44).equals(digest)
}

/**
 * The master key that a secret opens by this protector; null: it does not.
 * @param moved called now and then: the stretch takes seconds
 */
export function masterKeyBy(
  protector: BitlockerProtector,
  secret: Secret,
  metadata: BitlockerMetadata,
  moved: () => void,
): Buffer | null {
  const { sealed } = protector
  if (sealed === null) return null
  const key = protectorKey(protector, secret, metadata, moved)
  return key === null ? null : unsealed(sealed, key)
}

/** The master key that lies open; null: none does. */
export function clearMasterKey({ kind, clearKey, sealed }: BitlockerProtector): Buffer | null {
  return kind !== 'clear-key' || clearKey === null || sealed === null ? null : unsealed(sealed, clearKey)
}

function protectorKey(
  { kind, salt, guid }: BitlockerProtector,
  secret: Secret,
  metadata: BitlockerMetadata,
  moved: () => void,
): Buffer | null {
  const bytes = Buffer.from(secret.hex, 'hex')
  if (kind === 'recovery-password' && secret.kind === 'recovery-password') {
    const packed = packedRecoveryPassword(bytes.toString('latin1'))
    return packed === null || salt.length === 0 ? null : stretched(sha256(packed), salt, moved)
  }
  if (kind === 'password' && secret.kind === 'password') {
    const typed = Buffer.from(bytes.toString('utf8'), 'utf16le')
    return salt.length === 0 ? null : stretched(sha256(sha256(typed)), salt, moved)
  }
  if (kind === 'startup-key' && secret.kind === 'startup-key') return externalKey(bytes, guid, metadata.guid)
  return null
}

/** Eight groups of six digits, each eleven times a number of 16 bits. Null: not of that form. */
function packedRecoveryPassword(text: string): Buffer | null {
  const groups = text.split('-')
  if (groups.length !== 8 || groups.some((group) => !/^\d{6}$/.test(group))) return null
  const packed = Buffer.alloc(16)
  for (const [index, group] of groups.entries()) {
    const number = Number(group)
    if (number % 11 !== 0 || number / 11 > 0xffff) return null
    packed.writeUInt16LE(number / 11, index * 2)
  }
  return packed
}

function stretched(first: Buffer, salt: Buffer, moved: () => void): Buffer {
  const state = Buffer.alloc(88)
  first.copy(state, 32)
  salt.copy(state, 64)
  for (let round = 0; round < ROUNDS; round++) {
    state.writeUInt32LE(round, 80)
    sha256(state).copy(state, 0)
    if (round % ROUNDS_A_STEP === 0) moved()
  }
  const key = Buffer.from(state.subarray(0, 32))
  state.fill(0)
  return key
}

/** The key in a .BEK file that names this protector, and this volume where it names one. */
function externalKey(file: Buffer, protector: string, volume: string): Buffer | null {
  if (file.length < 48 + 8 + 24 || file.readUInt32LE(0) !== file.length || file.readUInt32LE(4) !== 1)
    return null
  if (guidAt(file, 16) !== protector) return null
  const [external] = entriesIn(file.subarray(48))
  if (external === undefined || external.type !== 6 || external.value !== 9) return null
  let key: Buffer | null = null
  for (const { value, data } of entriesIn(external.data.subarray(24))) {
    if (value === 1 && data.length > 4) key ??= data.subarray(4)
    if (value === 23 && data.length >= 16 && guidAt(data, 0) !== volume) return null
  }
  return key
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer')
}
