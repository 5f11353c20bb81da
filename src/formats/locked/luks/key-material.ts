/**
 * Shared by both versions of LUKS: the derivation of a slot's key, its anti-forensic stripes, names of ciphers, the
 * digest.
 */
import { createHash, getHashes, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type { Medium } from '../../../contracts/image.ts'
import type { SectorKey } from '../../../contracts/lock.ts'
import { readAt } from '../../image/content/read-at.ts'
import { argon2, MOST_ARGON2_KIB } from '../common/argon2.ts'
import { MOST_BYTES_A_CALL, sectorDecrypter } from '../common/sector-cipher.ts'

/** cryptsetup measures seconds: some millions. More would keep a process busy for minutes. */
const MOST_ITERATIONS = 20_000_000
/** Passes times memory: a minute. */
const MOST_ARGON2_WORK_KIB = 64 << 20
const MOST_MATERIAL_BYTES = 16 << 20
const MOST_KEY_BYTES = 128

export type Derivation =
  | { readonly kind: 'pbkdf2'; readonly hash: string; readonly iterations: number; readonly salt: Buffer }
  | {
      readonly kind: 'argon2i' | 'argon2id'
      readonly passes: number
      readonly memoryKib: number
      readonly lanes: number
      readonly salt: Buffer
    }

export interface Slot {
  readonly id: string
  readonly keyBytes: number
  readonly derivation: Derivation
  readonly stripes: number
  readonly stripesHash: string
  readonly offset: number
  /** Of its material: notation of dm-crypt, such as `aes-xts-plain64`. */
  readonly encryption: string
  readonly areaKeyBytes: number
}

export interface Digest {
  readonly hash: string
  readonly iterations: number
  readonly salt: Buffer
  readonly value: Buffer
}

/** Hash names of LUKS as node:crypto has them. Null: not there. */
function hashNamed(name: string): string | null {
  const known = name.toLowerCase() === 'ripemd160' ? 'ripemd160' : name.toLowerCase()
  return /^[a-z0-9-]{1,20}$/.test(known) && getHashes().includes(known) ? known : null
}

/** Whether all that opens this slot is there. */
export function isBuilt({ derivation, stripesHash, encryption, areaKeyBytes }: Slot): boolean {
  const derives = derivation.kind === 'pbkdf2' ? hashNamed(derivation.hash) !== null : argon2 !== null
  return (
    derives &&
    hashNamed(stripesHash) !== null &&
    cipherNamed(encryption, Buffer.alloc(areaKeyBytes), 512) !== null
  )
}

export function wantsTooMuch({ derivation }: Slot): boolean {
  return derivation.kind !== 'pbkdf2' && derivation.memoryKib > MOST_ARGON2_KIB
}

/** The volume's key from this slot; only its digest shows whether it is right. Null: the slot is damaged. */
export function keyInSlot(volume: Medium, slot: Slot, passphrase: Buffer): Buffer | null {
  const { keyBytes, stripes, offset, encryption, areaKeyBytes } = slot
  const materialBytes = Math.ceil((keyBytes * stripes) / 512) * 512
  const isSane =
    keyBytes > 0 && keyBytes <= MOST_KEY_BYTES && stripes > 0 && materialBytes <= MOST_MATERIAL_BYTES
  if (!isSane || !isBuilt(slot) || wantsTooMuch(slot)) return null
  const material = readAt(volume, offset, materialBytes)
  if (material.length < materialBytes) return null
  const by = derived(slot.derivation, passphrase, areaKeyBytes)
  const key = by && cipherNamed(encryption, by, 512)
  if (key === null) return null
  const decrypt = sectorDecrypter(key)
  for (let at = 0; at < materialBytes; at += MOST_BYTES_A_CALL) {
    const piece = Buffer.allocUnsafeSlow(Math.min(MOST_BYTES_A_CALL, materialBytes - at))
    material.copy(piece, 0, at, at + piece.length)
    decrypt(piece, at / 512)
    piece.copy(material, at)
  }
  return merged(material, keyBytes, stripes, hashNamed(slot.stripesHash)!)
}

function derived(derivation: Derivation, passphrase: Buffer, bytes: number): Buffer | null {
  if (derivation.kind === 'pbkdf2') {
    const { hash, iterations, salt } = derivation
    if (iterations < 1 || iterations > MOST_ITERATIONS) return null
    return pbkdf2Sync(passphrase, salt, iterations, bytes, hashNamed(hash)!)
  }
  const { kind, salt, passes, memoryKib, lanes } = derivation
  if (passes * memoryKib > MOST_ARGON2_WORK_KIB) return null
  if (
    argon2 === null ||
    salt.length < 8 ||
    passes < 1 ||
    passes > 1000 ||
    lanes < 1 ||
    lanes > 16 ||
    memoryKib < 8 * lanes
  )
    return null
  return argon2(kind, {
    message: passphrase,
    nonce: salt,
    parallelism: lanes,
    tagLength: bytes,
    memory: memoryKib,
    passes,
  })
}

/** @see Clemens Fruhwirth, "LUKS On-Disk Format Specification Version 1.2.3", 2018, 2.4 "Anti-forensic splitter" */
function merged(material: Buffer, keyBytes: number, stripes: number, hash: string): Buffer {
  let key: Buffer = Buffer.alloc(keyBytes)
  for (let stripe = 0; stripe < stripes; stripe++) {
    for (let at = 0; at < keyBytes; at++) key[at]! ^= material[stripe * keyBytes + at]!
    if (stripe < stripes - 1) key = diffused(key, hash)
  }
  return key
}

function diffused(block: Buffer, hash: string): Buffer {
  const out = Buffer.alloc(block.length)
  const number = Buffer.alloc(4)
  for (let at = 0, index = 0; at < block.length; index++) {
    number.writeUInt32BE(index)
    const digest = createHash(hash).update(number)
    const step = digest.copy().digest().length
    digest
      .update(block.subarray(at, at + step))
      .digest()
      .copy(out, at, 0, Math.min(step, block.length - at))
    at += step
  }
  return out
}

/** Whether a key is the volume's. */
export function isKeyOf({ hash, iterations, salt, value }: Digest, key: Buffer): boolean {
  const known = hashNamed(hash)
  if (known === null || iterations < 1 || iterations > MOST_ITERATIONS || value.length < 16) return false
  return timingSafeEqual(pbkdf2Sync(key, salt, iterations, value.length, known), value)
}

const MODES: Readonly<Record<string, SectorKey['mode']>> = {
  'xts-plain64': 'xts',
  // The same up to 2 TiB, which callers ask for.
  'xts-plain': 'xts',
  'cbc-plain64': 'cbc-plain64',
  'cbc-plain': 'cbc-plain',
  'cbc-essiv:sha256': 'cbc-essiv',
}

/** @param encryption notation of dm-crypt: `aes-xts-plain64` @returns null: a cipher, mode or length that is not built */
export function cipherNamed(encryption: string, key: Buffer, sectorBytes: number): SectorKey | null {
  const [, name, rest = ''] = /^([a-z0-9]+)-(.+)$/.exec(encryption) ?? []
  const mode = Object.hasOwn(MODES, rest) ? MODES[rest]! : null
  if ((name !== 'aes' && name !== 'camellia') || mode === null) return null
  const bytes = mode === 'xts' ? key.length / 2 : key.length
  const isLength = mode === 'xts' ? bytes === 16 || bytes === 32 : [16, 24, 32].includes(bytes)
  if (!isLength || ![512, 1024, 2048, 4096].includes(sectorBytes)) return null
  return { cipher: name, mode, keyHex: key.toString('hex'), sectorBytes, ivStep: sectorBytes / 512 }
}
