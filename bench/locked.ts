/**
 * Locked volumes: MB a second of CPU time for each way in which sectors are encrypted, beside the obvious way (a cipher object of
 * node:crypto for each sector), whose bytes must be the same. The limit is 400 MB/s for XTS and CBC.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Medium } from '../src/contracts/image.ts'
import type { SectorKey } from '../src/contracts/lock.ts'
import { unlockedMedium } from '../src/formats/locked/common/unlocked-medium.ts'

const BYTES = 64 << 20
const OBVIOUS_BYTES = 2 << 20
const READ_BYTES = 1 << 20
const RUNS = 3
const LEAST_MB_S = 400

const WAYS: readonly (readonly [
  name: string,
  mode: SectorKey['mode'],
  keyBytes: number,
  sectorBytes: number,
])[] = [
  ['AES-XTS 128, sectors of 512', 'xts', 32, 512],
  ['AES-XTS 256, sectors of 512', 'xts', 64, 512],
  ['AES-XTS 256, sectors of 4,096', 'xts', 64, 4096],
  ['AES-CBC 128 (BitLocker)', 'cbc-eboiv', 16, 512],
  ['AES-CBC 256, ESSIV (LUKS)', 'cbc-essiv', 32, 512],
  ['AES-CBC 128 with the diffuser', 'cbc-elephant', 32, 512],
]

/** @param _args none */
export async function run(_args: string[]): Promise<void> {
  const stored = randomBytes(BYTES)
  const volume: Medium = {
    sizeBytes: BYTES,
    readInto: (target, offset) => stored.copy(target, 0, offset, offset + target.length),
    damageIn: () => [],
  }
  const rows = WAYS.map(([name, mode, keyBytes, sectorBytes]) => {
    const keyHex = randomBytes(keyBytes).toString('hex')
    const key: SectorKey = { cipher: 'aes', mode, keyHex, sectorBytes, ivStep: 1 }
    const opened = unlockedMedium(volume, {
      keys: [key],
      runs: [{ length: BYTES, from: 0, key: 0, ivStart: 0 }],
    })
    const buffer = Buffer.alloc(READ_BYTES)
    const fast = best(() => {
      for (let at = 0; at < BYTES; at += READ_BYTES) opened.readInto(buffer, at)
    }, BYTES)
    const obvious = obviousWay(mode, Buffer.from(keyHex, 'hex'), stored, sectorBytes)
    const same = Buffer.alloc(OBVIOUS_BYTES)
    opened.readInto(same, 0)
    return {
      way: name,
      'MB/s': Math.round(fast),
      'obvious way': obvious === null ? '–' : Math.round(obvious.rate),
      'same bytes': obvious === null ? '–' : obvious.plain.equals(same),
      [`≥ ${LEAST_MB_S}`]: mode === 'cbc-elephant' ? '–' : fast >= LEAST_MB_S,
    }
  })
  console.table(rows)
}

/** A cipher object for each sector; null: node:crypto has no such mode. */
function obviousWay(mode: SectorKey['mode'], key: Buffer, stored: Buffer, sectorBytes: number) {
  if (mode !== 'xts' && mode !== 'cbc-eboiv') return null
  const plain = Buffer.alloc(OBVIOUS_BYTES)
  const rate = best(() => {
    for (let at = 0; at < OBVIOUS_BYTES; at += sectorBytes) {
      const number = Buffer.alloc(16)
      const sector = stored.subarray(at, at + sectorBytes)
      if (mode === 'xts') {
        number.writeBigUInt64LE(BigInt(at / sectorBytes))
        createDecipheriv(`aes-${key.length * 4}-xts`, key, number)
          .update(sector)
          .copy(plain, at)
      } else {
        number.writeBigUInt64LE(BigInt(at))
        const iv = createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
          .setAutoPadding(false)
          .update(number)
        createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv)
          .setAutoPadding(false)
          .update(sector)
          .copy(plain, at)
      }
    }
  }, OBVIOUS_BYTES)
  return { rate, plain }
}

/** MB a second of CPU time, the best of some runs. */
function best(work: () => void, bytes: number): number {
  let rate = 0
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    rate = Math.max(rate, bytes / (user + system))
  }
  return rate
}
