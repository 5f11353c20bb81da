/** Small locked volumes of LUKS2, VeraCrypt and FileVault 2, made here with few iterations: for mutants of their metadata. */
import { createCipheriv, createHash, createHmac, hash, pbkdf2Sync } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { crc32c } from '../../../src/hash/crc32c.ts'

/** Bytes of a seed, always the same. */
function bytesOf(seed: string, length: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHmac('sha256', seed).update(String(i)).digest(),
  )
  return Buffer.concat(pieces).subarray(0, length)
}

/** XTS by node:crypto, unit by unit: another way than that of the program. */
function encryptXts(key: Buffer, bytes: Buffer, unitBytes: number, first = 0): Buffer {
  const out = Buffer.alloc(bytes.length)
  for (let at = 0, number = first; at < bytes.length; at += unitBytes, number++) {
    const tweak = Buffer.alloc(16)
    tweak.writeBigUInt64LE(BigInt(number))
    const cipher = createCipheriv(key.length === 64 ? 'aes-256-xts' : 'aes-128-xts', key, tweak)
    cipher.update(bytes.subarray(at, at + unitBytes)).copy(out, at)
  }
  return out
}

const STRIPES = 64
const AREA = 32_768
const HEADER_BYTES = 16_384

/** The raw key of {@link luks1}. */
export const LUKS1_KEY = hash('sha256', 'key', 'buffer')

/** LUKS1 with no slot in use: the digest of its key alone. */
export function luks1(salt: Buffer): Buffer {
  const bytes = Buffer.alloc(1 << 20)
  bytes.write('LUKS\xba\xbe\0\x01', 0, 'latin1')
  bytes.write('aes', 8)
  bytes.write('xts-plain64', 40)
  bytes.write('sha256', 72)
  bytes.writeUInt32BE(1024, 104)
  bytes.writeUInt32BE(32, 108)
  pbkdf2Sync(LUKS1_KEY, salt, 1000, 20, 'sha256').copy(bytes, 112)
  salt.copy(bytes, 132)
  bytes.writeUInt32BE(1000, 164)
  return bytes
}

/** LUKS2 with a slot of PBKDF2 and one of argon2id; both copies of its header. */
export function luks2(passphrase: string): Buffer {
  const key = bytesOf('volume key', 64)
  const bytes = Buffer.alloc(256 << 10)
  const [salt, slotSalt] = [bytesOf('salt', 32), bytesOf('slot salt', 32)]
  const slotKey = pbkdf2Sync(passphrase, slotSalt, 1000, 64, 'sha256')
  encryptXts(slotKey, split(key), 512).copy(bytes, AREA)
  const area = (offset: number) => ({
    type: 'raw',
    offset: String(offset),
    size: '32768',
    encryption: 'aes-xts-plain64',
    key_size: 64,
  })
  const af = { type: 'luks1', stripes: STRIPES, hash: 'sha256' }
  const kdf = { type: 'pbkdf2', hash: 'sha256', iterations: 1000, salt: slotSalt.toString('base64') }
  const argon = { type: 'argon2id', time: 1, memory: 64, cpus: 1, salt: salt.toString('base64') }
  const json = JSON.stringify({
    keyslots: {
      0: { type: 'luks2', key_size: 64, af, area: area(AREA), kdf },
      1: { type: 'luks2', key_size: 64, af, area: area(2 * AREA), kdf: argon },
    },
    tokens: {},
    segments: {
      0: {
        type: 'crypt',
        offset: '131072',
        size: 'dynamic',
        iv_tweak: '0',
        encryption: 'aes-xts-plain64',
        sector_size: 512,
      },
    },
    digests: {
      0: {
        type: 'pbkdf2',
        keyslots: ['0', '1'],
        segments: ['0'],
        hash: 'sha256',
        iterations: 1000,
        salt: salt.toString('base64'),
        digest: pbkdf2Sync(key, salt, 1000, 32, 'sha256').toString('base64'),
      },
    },
    config: { json_size: '12288', keyslots_size: '98304' },
  })
  for (const [at, magic] of [
    [0, '4c554b53babe0002'],
    [HEADER_BYTES, '534b554cbabe0002'],
  ] as const) {
    bytes.write(magic, at, 'hex')
    bytes.writeBigUInt64BE(BigInt(HEADER_BYTES), at + 8)
    bytes.writeBigUInt64BE(3n, at + 16)
    bytes.write('sha256', at + 72)
    bytes.write('11111111-2222-4333-8444-555555555555', at + 168)
    bytes.writeBigUInt64BE(BigInt(at), at + 256)
    bytes.write(json, at + 4096)
  }
  sealLuks2(bytes)
  return bytes
}

export function sealLuks2(bytes: Buffer): void {
  for (const at of [0, HEADER_BYTES]) {
    bytes.fill(0, at + 448, at + 512)
    hash('sha256', bytes.subarray(at, at + HEADER_BYTES), 'buffer').copy(bytes, at + 448)
  }
}

/** The anti-forensic splitter of LUKS, in the direction of writing. */
function split(key: Buffer): Buffer {
  const stripes = bytesOf('stripes', key.length * (STRIPES - 1))
  let block: Buffer = Buffer.alloc(key.length)
  for (let at = 0; at < stripes.length; at += key.length) {
    const mixed = Buffer.from(block.map((byte, i) => byte ^ stripes[at + i]!))
    block = Buffer.concat(
      [0, 1].map((index) => {
        const number = Buffer.alloc(4)
        number.writeUInt32BE(index)
        return createHash('sha256')
          .update(number)
          .update(mixed.subarray(index * 32, index * 32 + 32))
          .digest()
      }),
    )
  }
  const last = Buffer.from(block.map((byte, i) => byte ^ key[i]!))
  const whole = Buffer.concat([stripes, last])
  return Buffer.concat([whole, Buffer.alloc(-whole.length & 511)])
}

export const VERACRYPT_PIM = 1

/** The header of a VeraCrypt volume before it is encrypted: 448 bytes. */
export function veracryptHeader(sizeBytes: number): Buffer {
  const plain = Buffer.alloc(448)
  plain.write('VERA', 0)
  plain.writeUInt16BE(5, 4)
  plain.writeUInt16BE(0x010b, 6)
  plain.writeBigUInt64BE(BigInt(sizeBytes), 36)
  plain.writeBigUInt64BE(1024n, 44)
  plain.writeBigUInt64BE(BigInt(sizeBytes), 52)
  plain.writeUInt32BE(512, 64)
  bytesOf('master keys', 256).copy(plain, 192)
  sealVeracrypt(plain)
  return plain
}

export function sealVeracrypt(plain: Buffer): void {
  plain.writeUInt32BE(crc32(plain.subarray(192)), 8)
  plain.writeUInt32BE(crc32(plain.subarray(0, 188)), 188)
}

const SALT = bytesOf('salt of the header', 64)
const headerKeys = new Map<string, Buffer>()

/** A volume too small for a hidden one, so that one header alone is asked. */
export function veracryptVolume(plain: Buffer, password: string, volumeBytes: number): Buffer {
  const key =
    headerKeys.get(password) ?? pbkdf2Sync(password, SALT, 15_000 + 1000 * VERACRYPT_PIM, 64, 'sha512')
  headerKeys.set(password, key)
  const volume = Buffer.alloc(volumeBytes)
  SALT.copy(volume)
  encryptXts(key, plain, 448).copy(volume, 64)
  return volume
}

const BLOCK = 8192
const LABEL_AT = 8192
const METADATA_AT = 65_536
export const FILEVAULT_METADATA: readonly (readonly [number, number])[] = [
  [0, 512],
  [LABEL_AT, LABEL_AT + 300],
  ...[0, 1, 2].map((i) => [METADATA_AT + i * BLOCK, METADATA_AT + i * BLOCK + 2048] as const),
]

/** A physical volume of CoreStorage whose metadata blocks are still plain. */
export function filevaultPlain(password: string): Buffer {
  const bytes = Buffer.alloc(256 << 10)
  bytes.writeUInt16LE(1, 8)
  bytes.write('CS', 88)
  bytes.writeUInt32LE(4096, 96)
  bytes.writeBigUInt64LE(BigInt(LABEL_AT / 4096), 104)
  bytes.writeUInt32LE(16, 168)
  // AES-XTS 128: what the signature of an encrypted volume is recognised by.
  bytes.writeUInt32LE(2, 172)
  bytesOf('key of the metadata', 16).copy(bytes, 176)
  bytesOf('physical volume', 16).copy(bytes, 304)
  bytes.writeUInt32LE(256, LABEL_AT + 220)
  bytes.writeBigUInt64LE(3n, LABEL_AT + 256 + 8)
  bytes.writeBigUInt64LE(BigInt(METADATA_AT / 4096), LABEL_AT + 256 + 32)
  const [kek, volumeKey, salt] = [bytesOf('kek', 16), bytesOf('volume', 16), bytesOf('user', 16)]
  const wrap = (by: Buffer, key: Buffer) => {
    const cipher = createCipheriv('id-aes128-wrap', by, Buffer.alloc(8, 0xa6))
    return Buffer.concat([cipher.update(key), cipher.final()])
  }
  const passphrase = Buffer.alloc(284)
  salt.copy(passphrase, 8)
  wrap(pbkdf2Sync(password, salt, 1000, 16, 'sha256'), kek).copy(passphrase, 32)
  passphrase.writeUInt32LE(1000, 168)
  const wrapped = Buffer.alloc(256)
  wrap(kek, volumeKey).copy(wrapped, 8)
  const data = (key: string, value: Buffer) => `<key>${key}</key><data>${value.toString('base64')}</data>`
  const xml = (type: number, index: number, at: number, text: string) => {
    const block = METADATA_AT + index * BLOCK
    bytes.writeUInt16LE(type, block + 10)
    bytes.writeUInt32LE(256, block + at)
    bytes.writeUInt32LE(text.length, block + at + 4)
    bytes.write(text, block + 256)
  }
  xml(
    0x19,
    0,
    112,
    data('PassphraseWrappedKEKStruct', passphrase) + data('KEKWrappedVolumeKeyStruct', wrapped),
  )
  const family =
    '<key>com.apple.corestorage.lv.familyUUID</key><string>11111111-2222-4333-8444-555555555555</string>'
  xml(0x1a, 1, 128, `<key>com.apple.corestorage.lv.size</key><integer>65536</integer>${family}`)
  const place = METADATA_AT + 2 * BLOCK
  bytes.writeUInt16LE(0x305, place + 10)
  bytes.writeUInt32LE(1, place + 64)
  bytes.writeUInt32LE(131_072 / 4096, place + 104)
  return bytes
}

/** @param seals makes the checksums again */
export function filevaultVolume(plain: Buffer, seals: boolean): Buffer {
  const volume = Buffer.from(plain)
  const places = [
    [0, 512],
    [LABEL_AT, BLOCK],
    ...[0, 1, 2].map((i) => [METADATA_AT + i * BLOCK, BLOCK] as const),
  ]
  for (const [at, length] of places as readonly (readonly [number, number])[]) {
    const block = volume.subarray(at, at + length)
    if (!seals && block.readUInt32LE(0) !== 0) continue
    block.writeUInt32LE(0xffffffff, 4)
    block.writeUInt32LE(crc32c(0xffffffff, block.subarray(8)), 0)
  }
  // The key of the metadata and the identifier of the volume encrypt its blocks: as the header has them now.
  const key = Buffer.concat([volume.subarray(176, 192), volume.subarray(304, 320)])
  const end = METADATA_AT + 3 * BLOCK
  encryptXts(key, volume.subarray(METADATA_AT, end), BLOCK).copy(volume, METADATA_AT)
  return volume
}
