/**
 * Decrypts whole sectors with the ciphers of node:crypto, many sectors in one call.
 *
 * A cipher object for each sector costs more than the sector. So all blocks of a run go through one ECB call, and the
 * mode around them is exclusive-or over words: forty times as fast as `aes-256-xts` sector by sector. Words are
 * little-endian, as on every processor that Node runs on.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { SectorKey } from '../../../contracts/lock.ts'
import { undiffuse } from './elephant.ts'

export const MOST_BYTES_A_CALL = 64 << 10
const BLOCK = 16
const WORDS_A_BLOCK = 4

/** Decrypts `bytes` in place: whole sectors, at most {@link MOST_BYTES_A_CALL}, 4-byte aligned; the first has the number `first`. */
export type SectorDecrypter = (bytes: Buffer, first: number) => void

/** @throws RangeError for a key of the wrong length */
export function sectorDecrypter(of: SectorKey): SectorDecrypter {
  const key = Buffer.from(of.keyHex, 'hex')
  if (of.mode === 'xts') return xts(of, key)
  return cbc(of, key)
}

type Ecb = (bytes: Buffer) => Buffer

/** One object for the life of the medium: without padding, ECB keeps nothing from one call to the next. */
function ecb(cipher: SectorKey['cipher'], key: Buffer, way: 'encrypt' | 'decrypt'): Ecb {
  if (![16, 24, 32].includes(key.length)) throw new RangeError('a key of a length that the cipher has not')
  const make = way === 'encrypt' ? createCipheriv : createDecipheriv
  const one = make(`${cipher}-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  return (bytes) => one.update(bytes)
}

// ───────────────────────────────────────────────────────────────────────────── XTS

/** IEEE 1619-2018: P = D(K1, C ^ T) ^ T, T(n, 0) = E(K2, n), T(n, j + 1) = T(n, j) · x in GF(2^128). */
function xts({ cipher, sectorBytes, ivStep }: SectorKey, key: Buffer): SectorDecrypter {
  const half = key.length / 2
  const data = ecb(cipher, key.subarray(0, half), 'decrypt')
  const tweak = ecb(cipher, key.subarray(half), 'encrypt')
  const tweaks = new Uint32Array(MOST_BYTES_A_CALL / 4)
  return (bytes, first) => {
    const words = wordsOf(bytes)
    const sectors = bytes.length / sectorBytes
    const firsts = wordsOf(tweak(sectorNumbers(first, sectors, ivStep, 1)))
    const wordsASector = sectorBytes / 4
    for (let sector = 0; sector < sectors; sector++) {
      let at = sector * wordsASector
      const end = at + wordsASector
      let a = firsts[sector * 4]!
      let b = firsts[sector * 4 + 1]!
      let c = firsts[sector * 4 + 2]!
      let d = firsts[sector * 4 + 3]!
      for (; at < end; at += WORDS_A_BLOCK) {
        tweaks[at] = a
        tweaks[at + 1] = b
        tweaks[at + 2] = c
        tweaks[at + 3] = d
        words[at]! ^= a
        words[at + 1]! ^= b
        words[at + 2]! ^= c
        words[at + 3]! ^= d
        const carry = d >>> 31
        d = (d << 1) | (c >>> 31)
        c = (c << 1) | (b >>> 31)
        b = (b << 1) | (a >>> 31)
        a = (a << 1) ^ (carry * 0x87)
      }
    }
    const decrypted = data(bytes)
    const plain = wordsOf(decrypted)
    for (let at = 0; at < plain.length; at++) words[at] = plain[at]! ^ tweaks[at]!
    release(decrypted)
  }
}

// ───────────────────────────────────────────────────────────────────────────── CBC

/** P(j) = D(C(j)) ^ C(j − 1); the first block of a sector is exclusive-ored with its IV. */
function cbc({ cipher, mode, sectorBytes, ivStep }: SectorKey, key: Buffer): SectorDecrypter {
  const elephant = mode === 'cbc-elephant'
  const [dataKey, diffuserKey] = elephant
    ? [key.subarray(0, key.length / 2), key.subarray(key.length / 2)]
    : [key, key]
  const data = ecb(cipher, dataKey, 'decrypt')
  const ivs = ivMaker(mode, cipher, dataKey, sectorBytes, ivStep)
  const sectorKeys = elephant ? ecb(cipher, diffuserKey, 'encrypt') : null
  return (bytes, first) => {
    const sectors = bytes.length / sectorBytes
    const words = wordsOf(bytes)
    const iv = wordsOf(ivs(first, sectors))
    const decrypted = data(bytes)
    const plain = wordsOf(decrypted)
    const wordsASector = sectorBytes / 4
    for (let sector = sectors - 1; sector >= 0; sector--) {
      const begin = sector * wordsASector
      // From the end, so that the preceding words are still encrypted.
      for (let at = begin + wordsASector - 1; at >= begin + WORDS_A_BLOCK; at--)
        words[at] = plain[at]! ^ words[at - WORDS_A_BLOCK]!
      for (let at = 0; at < WORDS_A_BLOCK; at++) words[begin + at] = plain[begin + at]! ^ iv[sector * 4 + at]!
    }
    release(decrypted)
    if (sectorKeys === null) return
    const offsets = Buffer.alloc(sectors * 2 * BLOCK)
    for (let sector = 0; sector < sectors; sector++) {
      writeNumber(offsets, sector * 2 * BLOCK, (first + sector * ivStep) * sectorBytes)
      writeNumber(offsets, (sector * 2 + 1) * BLOCK, (first + sector * ivStep) * sectorBytes)
      offsets[(sector * 2 + 2) * BLOCK - 1] = 0x80
    }
    const keys = wordsOf(sectorKeys(offsets))
    for (let sector = 0; sector < sectors; sector++)
      undiffuse(
        words.subarray(sector * wordsASector, (sector + 1) * wordsASector),
        keys.subarray(sector * 8, sector * 8 + 8),
      )
  }
}

function ivMaker(
  mode: SectorKey['mode'],
  cipher: SectorKey['cipher'],
  key: Buffer,
  sectorBytes: number,
  ivStep: number,
): (first: number, sectors: number) => Buffer {
  if (mode === 'cbc-plain')
    return (first, sectors) => {
      const numbers = sectorNumbers(first, sectors, ivStep, 1)
      for (let sector = 0; sector < sectors; sector++)
        numbers.fill(0, sector * BLOCK + 4, (sector + 1) * BLOCK)
      return numbers
    }
  if (mode === 'cbc-plain64') return (first, sectors) => sectorNumbers(first, sectors, ivStep, 1)
  if (mode === 'cbc-essiv') {
    const salted = ecb(cipher, createHash('sha256').update(key).digest(), 'encrypt')
    return (first, sectors) => salted(sectorNumbers(first, sectors, ivStep, 1))
  }
  const same = ecb(cipher, key, 'encrypt')
  return (first, sectors) => same(sectorNumbers(first, sectors, ivStep, sectorBytes))
}

/** Numbers of consecutive sectors, little-endian in 16 bytes each, times `unit`. */
function sectorNumbers(first: number, sectors: number, step: number, unit: number): Buffer {
  const numbers = Buffer.alloc(sectors * BLOCK)
  for (let sector = 0; sector < sectors; sector++)
    writeNumber(numbers, sector * BLOCK, (first + sector * step) * unit)
  return numbers
}

function writeNumber(target: Buffer, at: number, value: number): void {
  target.writeUInt32LE(value % 2 ** 32, at)
  target.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4)
}

/** Gives the memory of a result back at once: the collector would run for every few megabytes of them. */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

function wordsOf(bytes: Buffer): Uint32Array {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  const moved = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(moved)
  return new Uint32Array(moved.buffer, 0, moved.length / 4)
}
