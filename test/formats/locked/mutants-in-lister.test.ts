/**
 * A few mutants of each metadata through the lister process itself, as a scan starts it: it answers each, and what it opens it opens by
 * the keys of the volume. More as a soak: SEIZED_LISTER_MUTANTS=500 (mutants.test.ts has 500 of each in the test's own process).
 */
import { createHmac, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encryptApfs } from '../../../fixtures/apfs/encrypt.ts'
import { madeVolume } from '../../../fixtures/apfs/volume.ts'
import { lockVolume } from '../../../fixtures/bitlocker.ts'
import type { Secret } from '../../../src/contracts/lock.ts'
import { holdImage } from '../../../src/host/held/held-image.ts'
import { openedVolumes } from '../../../src/host/held/opened-volumes.ts'
import { describeImage } from '../../../src/host/lister/list-in-process.ts'
import { temporaryFolderForFile } from '../../ledger/temporary.ts'
import {
  FILEVAULT_METADATA,
  filevaultPlain,
  filevaultVolume,
  LUKS1_KEY,
  luks1,
  luks2,
  VERACRYPT_PIM,
  veracryptHeader,
  veracryptVolume,
} from './made-volumes.ts'
import { secret } from './samples.ts'

const MUTANTS = Number(process.env.SEIZED_LISTER_MUTANTS ?? 4)
const folder = temporaryFolderForFile()
const PASSWORD = 'a password'

interface Made {
  readonly bytes: Buffer
  readonly key: Secret
  readonly places: readonly (readonly [from: number, to: number])[]
}

const MADE: Readonly<Record<string, () => Made>> = {
  BitLocker: () => {
    const bytes = randomBytes(512 << 10)
    const { startupKey } = lockVolume(bytes, {})
    const areas = [0, 1, 2].map((index) => Number(bytes.readBigUInt64LE(176 + index * 8)))
    const places = [[0, 512] as const, ...areas.map((area) => [area, area + 1024] as const)]
    return { bytes, key: secret('startup-key', startupKey), places }
  },
  LUKS1: () => ({
    bytes: luks1(randomBytes(32)),
    key: secret('raw-key', LUKS1_KEY),
    places: [[0, 592]],
  }),
  'FileVault 2': () => ({
    bytes: filevaultVolume(filevaultPlain(PASSWORD), true),
    key: secret('password', PASSWORD),
    places: FILEVAULT_METADATA,
  }),
  LUKS2: () => ({
    bytes: luks2(PASSWORD),
    key: secret('password', PASSWORD),
    places: [
      [0, 512],
      [4096, 5496],
      [16_384, 16_896],
    ],
  }),
  VeraCrypt: () => ({
    bytes: veracryptVolume(veracryptHeader((1 << 20) - 1024), PASSWORD, 1 << 20),
    key: secret('password', PASSWORD, 1, VERACRYPT_PIM),
    places: [[64, 512]],
  }),
  APFS: () => {
    const bytes = madeVolume()
    encryptApfs(bytes, { password: PASSWORD, recoveryKey: 'none' })
    return { bytes, key: secret('password', PASSWORD), places: [[0, 8192]] }
  },
}

/** Keys of what the lister opened, each once. */
async function keysBy(bytes: Buffer, key: Secret): Promise<string[]> {
  const file = join(folder, 'volume.img')
  writeFileSync(file, bytes)
  const held = holdImage(file)
  try {
    await describeImage(held, 60_000, [key])
    return [...new Set(openedVolumes(held).flatMap(({ keys }) => keys.map(({ keyHex }) => keyHex)))]
  } finally {
    held.close()
  }
}

describe('mutants of metadata in the lister', { timeout: Math.max(600_000, MUTANTS * 5_000) }, () => {
  it.each(Object.entries(MADE))(
    'of %s: it answers, and opens by the keys of the volume or not',
    async (name, make) => {
      const { bytes, key, places } = make()
      const right = await keysBy(bytes, key)
      expect(right.length).toBeGreaterThan(0)
      const numbers = createHmac('sha512', name).update('mutants').digest()
      const next = (i: number, below: number) =>
        createHmac('sha256', numbers).update(`${i}`).digest().readUInt32LE(0) % below
      for (let mutant = 0; mutant < MUTANTS; mutant++) {
        const changed = Buffer.from(bytes)
        const [from, to] = places[next(3 * mutant, places.length)]!
        changed[from + next(3 * mutant + 1, to - from)]! ^= 1 << next(3 * mutant + 2, 8)
        const opened = await keysBy(changed, key)
        expect([mutant, opened.filter((one) => !right.includes(one))]).toEqual([mutant, []])
      }
    },
  )
})
