/**
 * Recognises I2P files without a signature: files that start with an identity (two public keys and a certificate that
 * states the key types), and settings of i2pd.
 *
 * @see geti2p.net, "Common structures Specification"; i2pd, libi2pd/Identity.cpp
 */
import type { Sample } from '../../../media-types/sample.ts'

const KEYS_BYTES = 384
/** Two keys, and a certificate of type 5 with two numbers that state the key types. */
export const IDENTITY_BYTES = KEYS_BYTES + 7
/** EdDSA, plain and blinded. */
const SIGNATURES: readonly number[] = [7, 11]
/** Length of the private key, for ElGamal (0) and X25519 (4). */
const PRIVATE_BYTES: Readonly<Record<number, number>> = { 0: 256, 4: 32 }
const SIGNING_BYTES = 32

/** @returns null: the file does not start with an identity */
function encryptionOf(head: Buffer): number | null {
  if (head.length < IDENTITY_BYTES || head[KEYS_BYTES] !== 5 || head.readUInt16BE(KEYS_BYTES + 1) !== 4)
    return null
  const encryption = head.readUInt16BE(KEYS_BYTES + 5)
  const isKnown = SIGNATURES.includes(head.readUInt16BE(KEYS_BYTES + 3)) && encryption in PRIVATE_BYTES
  return isKnown ? encryption : null
}

const FIRST_MS = Date.UTC(2003, 0)
const LAST_MS = Date.UTC(2100, 0)

export function signature(sample: Sample): string | null {
  return hostsType(sample) ?? i2pType(sample)
}

export function i2pType({ head, sizeBytes }: Sample): string | null {
  if (head[0] === 0x5b || head[0] === 0x23) return isTunnels(head) ? 'text/x-i2pd-config' : null
  const encryption = encryptionOf(head)
  if (encryption === null) return null
  if (sizeBytes === IDENTITY_BYTES + PRIVATE_BYTES[encryption]! + SIGNING_BYTES)
    return 'application/x-i2p-key'
  if (head.length < IDENTITY_BYTES + 9) return null
  const published = Number(head.readBigUInt64BE(IDENTITY_BYTES))
  return published >= FIRST_MS && published < LAST_MS && head.includes('router.version=')
    ? 'application/x-i2p-router'
    : null
}

/** A section with a tunnel type and a key file. */
function isTunnels(head: Buffer): boolean {
  if (!head.includes('keys') || !head.includes('type')) return false
  const text = head.toString('latin1')
  return (
    /^\[[^\]\r\n]{1,200}\]\r?$/m.test(text) &&
    /^\s{0,20}type\s{0,20}=\s{0,20}(client|server|http|irc|udpclient|udpserver|socks|httpproxy|websocks)\s{0,20}$/m.test(
      text,
    ) &&
    /^\s{0,20}keys\s{0,20}=\s{0,20}\S{1,200}/m.test(text)
  )
}

/** The address book of I2P: names and their destinations. */
function hostsType({ head }: Sample): string | null {
  const first = head[0] ?? 0
  // The first character starts a comment, or a name.
  if (first !== 0x23 && !(first >= 0x30 && first < 0x7b)) return null
  if (!head.subarray(0, NAMES_BYTES).includes('.i2p=')) return null
  const text = head.toString('latin1', 0, NAMES_BYTES)
  return /^[a-z0-9.-]{1,67}\.i2p=[A-Za-z0-9~-]{516}/m.test(text) ? 'text/x-i2p-hosts' : null
}

const NAMES_BYTES = 4096
