/**
 * Finds onion addresses of version 3 and wallet addresses with a valid checksum, and eD2k and magnet links. An
 * address with a wrong checksum matched by chance and is not reported.
 *
 * Addresses of I2P and keys of Freenet contain no checksum that a text can prove; only their form is checked.
 *
 * @see rend-spec-v3, section 6; BIP 173, BIP 350 (bech32, bech32m); Base58Check (Bitcoin wiki)
 */
import { createHash } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Attribute, attribute } from '../../contracts/attribute.ts'

const MOST = 100
const TEXT = 200

/** Each address once, grouped by kind, in the order of the text. */
export function addressesIn(text: string): readonly Attribute[] {
  const found = new Map<string, Attribute>()
  let left = 0
  const add = (key: string, one: Attribute) => {
    if (found.has(key)) return
    if (found.size < MOST) found.set(key, one)
    else left++
  }
  for (const [, address] of text.matchAll(/(?<![a-z2-7])([a-z2-7]{56})\.onion\b/gi))
    if (isOnion(address!.toLowerCase())) {
      const whole = `${address!.toLowerCase()}.onion`
      add(whole, attribute('onion-address', { address: whole }))
    }
  for (const [address] of text.matchAll(/(?<![a-z0-9])(bc1[a-z0-9]{11,71})(?![a-z0-9])/g))
    if (isBech32(address)) add(address, attribute('wallet-address', { currency: 'bitcoin', address }))
  for (const [address] of text.matchAll(
    /(?<![A-Za-z0-9])[13LM][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/g,
  )) {
    const currency = currencyOf(address)
    if (currency !== null) add(address, attribute('wallet-address', { currency, address }))
  }
  for (const [address] of text.matchAll(/(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/g))
    if (isEthereum(address)) add(address, attribute('wallet-address', { currency: 'ethereum', address }))
  for (const [address] of text.matchAll(/(?<![a-z2-7])[a-z2-7]{52}\.b32\.i2p\b/gi))
    add(address.toLowerCase(), attribute('i2p-address', { address: address.toLowerCase() }))
  for (const [key] of text.matchAll(FREENET)) add(key, attribute('freenet-key', { key: key.slice(0, TEXT) }))
  for (const [, name, size, digest] of text.matchAll(
    /ed2k:\/\/\|file\|([^|\s]{1,1000})\|(\d{1,15})\|([0-9a-f]{32})\|/gi,
  )) {
    const params = { digest: digest!.toLowerCase(), name: unescaped(name!), sizeBytes: Number(size) }
    add(`ed2k ${params.digest}`, attribute('ed2k-link', params))
  }
  for (const [link] of text.matchAll(/magnet:\?[^\s"'<>]{1,4000}/gi)) {
    const infoHash =
      /[?&]xt=urn:bt(?:ih:([0-9a-f]{40}|[a-z2-7]{32})|mh:1220([0-9a-f]{64}))(?![a-z0-9])/i.exec(link)
    if (!infoHash) continue
    const hash = (infoHash[1] ?? infoHash[2]!).toLowerCase()
    const name = /[?&]dn=([^&]{1,1000})/i.exec(link)?.[1]
    add(
      `magnet ${hash}`,
      attribute('magnet-link', { infoHash: hash, ...(name !== undefined && { name: unescaped(name) }) }),
    )
  }
  return left === 0
    ? [...found.values()]
    : [...found.values(), attribute('addresses-left-out', { addresses: left })]
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).slice(0, TEXT)
  } catch {
    // Escapes of another encoding stay as written.
    return text.slice(0, TEXT)
  }
}

/** Routing key, cipher key, settings. @see Freenet (Hyphanet), freenet/keys/FreenetURI.java */
const FREENET = /(?<![A-Za-z])(?:CHK|SSK|USK)@[\w~-]{43},[\w~-]{43},[A-P][\w~-]{6}(?:\/[^\s"'<>]{0,300})?/g

/** The case of the letters encodes a checksum; an address in one case has none. @see EIP-55 */
function isEthereum(address: string): boolean {
  const letters = address.slice(2)
  if (!/[a-f]/.test(letters) || !/[A-F]/.test(letters)) return false
  const sum = Buffer.from(keccak_256(Buffer.from(letters.toLowerCase()))).toString('hex')
  return [...letters].every((letter, i) => {
    const isHigh = Number.parseInt(sum[i]!, 16) >= 8
    return /[0-9]/.test(letter) || isHigh === /[A-F]/.test(letter)
  })
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

function isOnion(letters: string): boolean {
  const bytes = Buffer.alloc(35)
  for (let i = 0; i < 56; i++) {
    const value = BASE32.indexOf(letters[i]!)
    for (let bit = 0; bit < 5; bit++)
      if ((value >> (4 - bit)) & 1) bytes[(i * 5 + bit) >> 3]! |= 0x80 >> ((i * 5 + bit) & 7)
  }
  if (bytes[34] !== 3) return false
  const sum = createHash('sha3-256')
    .update('.onion checksum')
    .update(bytes.subarray(0, 32))
    .update(Buffer.from([3]))
    .digest()
  return sum[0] === bytes[32] && sum[1] === bytes[33]
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** Version bytes of addresses that pay to a key or to a script. */
const CURRENCIES: Readonly<Record<number, string>> = {
  0: 'bitcoin',
  5: 'bitcoin',
  48: 'litecoin',
  50: 'litecoin',
}

function currencyOf(address: string): string | null {
  let value = 0n
  for (const letter of address) value = value * 58n + BigInt(BASE58.indexOf(letter))
  if (value >= 1n << 200n) return null
  const bytes = Buffer.from(value.toString(16).padStart(50, '0'), 'hex')
  const sha256 = (data: Buffer) => createHash('sha256').update(data).digest()
  const sum = sha256(sha256(bytes.subarray(0, 21)))
  return sum.subarray(0, 4).equals(bytes.subarray(21)) ? (CURRENCIES[bytes[0]!] ?? null) : null
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const BECH32_CONSTANT = 1
const BECH32M_CONSTANT = 0x2bc830a3

/** Version 0 uses bech32, later versions bech32m. */
function isBech32(address: string): boolean {
  const values = [...address.slice(3)].map((letter) => BECH32.indexOf(letter))
  if (values.length < 8 || values.includes(-1)) return false
  // The human-readable part `bc`, expanded for the checksum.
  let sum = 1
  for (const value of [3, 3, 0, 2, 3, ...values]) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (let i = 0; i < 5; i++) if ((top >> i) & 1) sum ^= GENERATORS[i]!
  }
  return sum === (values[0] === 0 ? BECH32_CONSTANT : BECH32M_CONSTANT)
}
