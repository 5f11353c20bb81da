/**
 * Metadata of locks with bytes changed: none throws, none hangs, and none opens to other bytes than the volume holds. Where a checksum
 * protects it, the checksum is made again, so that what lies behind it is met.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { encryptApfs } from '../../../fixtures/apfs/encrypt.ts'
import { blockOf, madeVolume, objectsOf, seal, TYPE } from '../../../fixtures/apfs/volume.ts'
import { lockVolume } from '../../../fixtures/bitlocker.ts'
import type { Medium } from '../../../src/contracts/image.ts'
import { unlockedBytes } from '../../../src/contracts/lock.ts'
import { BITLOCKER } from '../../../src/formats/locked/bitlocker/bitlocker.ts'
import type { LockKind } from '../../../src/formats/locked/common/lock-kind.ts'
import { FILEVAULT } from '../../../src/formats/locked/filevault/filevault.ts'
import { unlockVolumes } from '../../../src/formats/locked/index.ts'
import { LUKS } from '../../../src/formats/locked/luks/luks.ts'
import { VERACRYPT } from '../../../src/formats/locked/veracrypt/veracrypt.ts'
import { LOCK, unlockedMessage } from '../../../src/wire/lock.ts'
import {
  FILEVAULT_METADATA,
  filevaultPlain,
  filevaultVolume,
  LUKS1_KEY,
  luks1,
  luks2,
  sealLuks2,
  sealVeracrypt,
  VERACRYPT_PIM,
  veracryptHeader,
  veracryptVolume,
} from './made-volumes.ts'
import { secret } from './samples.ts'

/** More as a soak: SEIZED_MUTANTS=100000. */
const MUTANTS = Number(process.env.SEIZED_MUTANTS ?? 500)

function medium(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto: (target, offset) => bytes.copy(target, 0, offset, offset + target.length),
    damageIn: () => [],
  }
}

/** Numbers of a seed. */
function* numbers(seed: string): Generator<number> {
  for (let count = 0; ; count++)
    yield createHmac('sha256', seed).update(String(count)).digest().readUInt32LE(0)
}

interface Case {
  readonly kind: LockKind
  readonly content: string
  readonly bytes: Buffer
  readonly secret: ReturnType<typeof secret>
  /** Ranges that are changed. */
  readonly places: readonly (readonly [from: number, to: number])[]
  readonly sealAgain: (bytes: Buffer) => void
  /** Mutants without new checksums: each costs all derivations. Absent: one in four. */
  readonly unsealedOneIn?: number
  /** Absent: all. */
  readonly mutants?: number
  /** From what is changed to the volume; absent: they are the same. */
  readonly volumeOf?: (changed: Buffer, isSealed: boolean) => Buffer
  /** Whether what opened is the volume: its runs and keys, where the format proves them. */
  readonly isSame: (opened: object, right: object) => boolean
}

function wrongOf(of: Case, name: string): string[] {
  const { kind, content, bytes, secret: key, places, sealAgain, isSame } = of
  const { volumeOf = (same) => same, unsealedOneIn = 4, mutants = MUTANTS } = of
  const right = kind.open(medium(volumeOf(bytes, true)), key, () => {}, [key])!.unlocking
  const random = numbers(name)
  const next = (below: number) => random.next().value! % below
  const wrong: string[] = []
  for (let mutant = 0; mutant < mutants; mutant++) {
    const changed = Buffer.from(bytes)
    const [from, to] = places[next(places.length)]!
    const at = from + next(to - from)
    const values = [0, 0xff, next(256), bytes[at]! ^ (1 << next(8))]
    for (let i = 0; i <= next(4); i++) if (at + i < to) changed[at + i] = values[next(values.length)]!
    // A number of whole sectors passes what looks at alignment alone.
    if (next(2) === 0 && at + 4 <= to) changed.writeUInt32LE(next(2048) * 512, at)
    const isSealed = next(unsealedOneIn) !== 0
    if (isSealed) sealAgain(changed)
    const volume = volumeOf(changed, isSealed)
    const range = {
      offset: 0,
      length: volume.length,
      kind: 'volume',
      number: 1,
      scheme: 'whole',
      type: '',
      name: '',
      content,
    } as const
    const { locks, unlocked } = unlockVolumes(medium(volume), [range], [key], () => {})
    // As the main process is told: what it would not believe ends the listing of the image.
    for (const lock of locks) expect(v.safeParse(LOCK, JSON.parse(JSON.stringify(lock))).success).toBe(true)
    for (const one of unlockedMessage(JSON.parse(JSON.stringify(unlocked)))) {
      expect(unlockedBytes(one)).toBeLessThanOrEqual(volume.length)
      expect(one.runs.every(({ from, length }) => from === null || from + length <= volume.length)).toBe(true)
      if (!isSame({ keys: one.keys, runs: one.runs }, right)) wrong.push(`mutant ${mutant} at ${at}`)
    }
  }
  return wrong
}

const equal = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b)

describe('mutants of metadata', { timeout: 300_000 }, () => {
  it('of BitLocker open to the volume or not at all', () => {
    const bytes = randomBytes(512 << 10)
    const locked = lockVolume(bytes, {})
    const areas = [0, 1, 2].map((index) => Number(bytes.readBigUInt64LE(176 + index * 8)))
    const blockBytes = bytes.readUInt16LE(areas[0]! + 8) * 16
    const sealAgain = (changed: Buffer) => {
      for (const area of areas) {
        const length = Math.min(changed.readUInt16LE(area + 8) * 16, 65_536 - 96)
        changed.writeUInt32LE(crc32(changed.subarray(area, area + length)), area + length + 4)
      }
    }
    // The last entry says where the first bytes of the volume lie: half of the mutants change it.
    const places = [
      [0, 512] as const,
      ...areas.map((area) => [area, area + blockBytes + 88] as const),
      ...areas.map((area) => [area + blockBytes - 40, area + blockBytes] as const),
    ]
    const one: Case = {
      kind: BITLOCKER,
      content: 'bitlocker',
      bytes,
      secret: secret('startup-key', locked.startupKey),
      places,
      sealAgain,
      // Of the boot sector the size of a sector is read, which nothing seals: of another size nothing is recognised inside.
      isSame: (opened, right) => equal(opened, right) || !equal(sectorOf(opened), sectorOf(right)),
    }
    expect(wrongOf(one, 'bitlocker')).toEqual([])
  })

  it('of LUKS1 open to the volume, or by another place and count of its data, which nothing in the header proves', () => {
    const bytes = luks1(randomBytes(32))
    const one: Case = {
      kind: LUKS,
      content: 'luks',
      bytes,
      secret: secret('raw-key', LUKS1_KEY),
      places: [[0, 592]],
      sealAgain: () => {},
      isSame: (opened, right) => equal(keysOf(opened), keysOf(right)) || modeOf(opened) !== modeOf(right),
    }
    expect(wrongOf(one, 'luks1')).toEqual([])
  })

  it('of LUKS2 open to the key of the volume, or by another cipher or place, which nothing in the header proves', () => {
    const bytes = luks2('a passphrase')
    const one: Case = {
      kind: LUKS,
      content: 'luks',
      bytes,
      secret: secret('password', 'a passphrase'),
      places: [
        [0, 512],
        [4096, 4096 + 1400],
        [16_384, 16_384 + 512],
        [32_768, 32_768 + 4096],
      ],
      sealAgain: sealLuks2,
      isSame: (opened, right) => equal(keysOf(opened), keysOf(right)) || modeOf(opened) !== modeOf(right),
    }
    expect(wrongOf(one, 'luks2')).toEqual([])
  })

  it('of VeraCrypt open by the keys of the volume alone', () => {
    const size = 40 << 10
    const one: Case = {
      kind: VERACRYPT,
      content: 'possibly-encrypted',
      bytes: veracryptHeader(size - 1024),
      secret: secret('password', 'a password', 1, VERACRYPT_PIM),
      places: [
        // Not its letters: without them it is another volume’s, and all derivations are tried.
        [4, 192],
        [28, 64],
        [192, 448],
      ],
      sealAgain: sealVeracrypt,
      unsealedOneIn: 16,
      // One that is refused costs every derivation: 500 take half a minute.
      mutants: process.env.SEIZED_MUTANTS === undefined ? 100 : MUTANTS,
      volumeOf: (changed) => veracryptVolume(changed, 'a password', size),
      // A checksum over the keys is made again: other keys then are the keys of another volume.
      isSame: (opened, right) => equal(keysOf(opened), keysOf(right)) || resealed.has(keysOf(opened)[0]!),
    }
    const resealed = new Set<string>()
    const volumeOf = one.volumeOf!
    const watched: Case = {
      ...one,
      volumeOf: (changed, isSealed) => {
        if (isSealed) resealed.add(changed.toString('hex', 192, 256))
        return volumeOf(changed, isSealed)
      },
    }
    expect(wrongOf(watched, 'veracrypt')).toEqual([])
  })

  it('of FileVault 2 open by the key of the volume alone', () => {
    const one: Case = {
      kind: FILEVAULT,
      content: 'filevault',
      bytes: filevaultPlain('a password'),
      secret: secret('password', 'a password'),
      places: FILEVAULT_METADATA,
      sealAgain: () => {},
      volumeOf: filevaultVolume,
      // The second half is made of the family’s identifier, which no key confirms.
      isSame: (opened, right) => equal(halfKeys(opened), halfKeys(right)),
    }
    expect(wrongOf(one, 'filevault')).toEqual([])
  })

  it('of APFS open by the key of the volume alone', () => {
    const bytes = madeVolume()
    encryptApfs(bytes, { password: 'a password', recoveryKey: 'none' })
    const key = secret('password', 'a password')
    const objects = [TYPE.container, TYPE.volume, TYPE.objectMap].flatMap((type) => objectsOf(bytes, type))
    const random = numbers('apfs')
    const next = (below: number) => random.next().value! % below
    const keys = new Set<string>()
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const changed = Buffer.from(bytes)
      const block = blockOf(changed, objects[next(objects.length)]!.block)
      const at = 32 + next(1372)
      if (next(2) === 0) block.writeUInt32LE(next(2) === 0 ? 0xffffffff : next(5000), at)
      else block[at]! ^= 1 << next(8)
      if (next(8) !== 0) seal(block)
      const range = { offset: 0, length: changed.length, kind: 'volume', number: 1, scheme: 'whole' } as const
      const { unlocked } = unlockVolumes(
        medium(changed),
        [{ ...range, type: '', name: '', content: 'apfs' }],
        [key],
        () => {},
      )
      for (const one of unlockedMessage(JSON.parse(JSON.stringify(unlocked)))) {
        keys.add(one.keys[0]!.keyHex)
        expect(unlockedBytes(one)).toBeLessThanOrEqual(changed.length)
      }
    }
    expect(keys.size).toBe(1)
  })
})

const halfKeys = (of: object) => keysOf(of).map((hex) => hex.slice(0, 32))
const sectorOf = (of: object) =>
  (of as { keys: { sectorBytes: number }[] }).keys[0]!.sectorBytes as unknown as object
const keysOf = (of: object) => (of as { keys: { keyHex: string }[] }).keys.map(({ keyHex }) => keyHex)
const modeOf = (of: object) =>
  (of as { keys: { mode: string; cipher: string }[] }).keys.map(({ mode, cipher }) => mode + cipher).join()
