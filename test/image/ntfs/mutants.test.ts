import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setAttributeSync } from '@napi-rs/xattr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Medium, VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { NotThisFileSystem } from '../../../src/formats/image/filesystem/common/not-this-file-system.ts'
import { NTFS } from '../../../src/formats/image/filesystem/ntfs/ntfs.ts'
import { CAN_MOUNT, classesAddUp, makeVolume, mounted, workFolder } from './helpers.ts'

/** More by hand: `SEIZED_MUTANTS=2000 npx vitest run test/image/ntfs/mutants.test.ts`. */
const MUTANTS = Number(process.env.SEIZED_MUTANTS ?? 320)
/** No mutant's listing may make more of 90 entries, nor its contents be asked for more. */
const MOST = 5_000

function mediumOf(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto(target, offset) {
      return offset >= 0 && offset < bytes.length ? bytes.copy(target, 0, offset, offset + target.length) : 0
    },
    damageIn: () => [],
  }
}

function* randoms(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

/** Everything that a run would ask of a volume; null where it is refused. */
function examined(bytes: Buffer): number | null {
  const volume = mediumOf(bytes)
  if (!NTFS.recognises(volume)) return null
  try {
    const system = NTFS.open(volume)
    const entries: VolumeEntry[] = []
    const target = Buffer.alloc(65536)
    for (const entry of system.entries()) {
      entries.push(entry)
      if (entries.length > MOST) throw new Error('a listing without end')
      if (entry.place.kind === 'none') continue
      const content = contentOf(volume, entry.place, entry.sizeBytes)
      for (const offset of [0, Math.max(0, entry.sizeBytes - 70_000)]) {
        const got = content.readInto(target, offset)
        content.damageIn(offset, got)
      }
    }
    expect(classesAddUp({ entries, system, volume })).toBe(true)
    return entries.length
  } catch (error) {
    if (error instanceof NotThisFileSystem) return null
    throw error
  }
}

describe.skipIf(!CAN_MOUNT)('mutants of an NTFS volume (skipped without root and ntfs-3g)', () => {
  const folder = CAN_MOUNT ? workFolder() : ''
  let original = Buffer.alloc(0)
  let mft = 0

  beforeAll(async () => {
    const image = join(folder, 'volume')
    makeVolume(image, 4 * 1024 * 1024, ['-c', '512'])
    await mounted(image, (root) => {
      mkdirSync(join(root, 'packed'))
      setAttributeSync(join(root, 'packed'), 'system.ntfs_attrib_be', Buffer.from([0, 0, 8, 16]))
      mkdirSync(join(root, 'a/b/c'), { recursive: true })
      for (let index = 0; index < 60; index++) {
        const at = ['packed', 'a', 'a/b', 'a/b/c'][index % 4] as string
        const file = join(root, at, `name ${index}`)
        writeFileSync(file, `${index} `.repeat(index * 97))
        if (index % 9 === 0) setAttributeSync(file, 'user.stream', 'x'.repeat(index * 20))
      }
      linkSync(join(root, 'a/name 1'), join(root, 'another name'))
      const pair = ['p', 'q'].map((name) => openSync(join(root, name), 'w'))
      for (let turn = 0; turn < 400; turn++) for (const fd of pair) writeSync(fd, Buffer.alloc(512, turn))
      for (const fd of pair) closeSync(fd)
    })
    await mounted(image, (root) => {
      for (let index = 0; index < 60; index += 6) {
        unlinkSync(join(root, ['packed', 'a', 'a/b', 'a/b/c'][index % 4] as string, `name ${index}`))
      }
    })
    original = readFileSync(image)
    mft = original.readUInt32LE(48) * 512
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('every one ends, with each byte in a class; one record costs one record', () => {
    const whole = examined(original) ?? 0
    expect(whole).toBeGreaterThan(85)
    let refused = 0
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const random = randoms(mutant)
      const pick = (below: number): number => Math.floor(random.next().value * below)
      const bytes = Buffer.from(original)
      const record = mft + (mutant % 8 === 0 ? pick(24) : 64 + pick(70)) * 1024
      const kind = mutant % 5
      if (kind === 0) for (let flips = 0; flips < 8; flips++) bytes[record + pick(1024)] = pick(256)
      if (kind === 1) bytes.fill(pick(2) * 255, record + pick(510), record + 512 + pick(500))
      // Numbers of 2, 4 and 8 bytes: sizes, offsets, runs, references.
      if (kind === 2)
        bytes.writeUInt16LE([0, 1, 0xffff, 0x8000, pick(65536)][pick(5)] as number, record + pick(505))
      if (kind === 3) bytes.fill(255, record + pick(400), record + 1024)
      if (kind === 4)
        bytes.writeBigUInt64LE(
          BigInt.asUintN(64, BigInt(pick(2) ? pick(2 ** 31) : -pick(5))),
          record + (pick(490) & ~7),
        )
      if (mutant % 31 === 0) bytes[pick(512)] = pick(256)
      if (mutant % 37 === 0) bytes.fill(pick(256), pick(bytes.length), pick(bytes.length))
      const found = examined(mutant % 41 === 0 ? bytes.subarray(0, pick(bytes.length)) : bytes)
      if (found === null) refused++
      else if (mutant % 8 !== 0 && mutant % 31 !== 0 && mutant % 37 !== 0 && mutant % 41 !== 0)
        expect([mutant, found > whole - 12]).toEqual([mutant, true])
    }
    expect(refused).toBeLessThan(MUTANTS / 8)
  })

  it('folders that lie in each other are orphans, once each', () => {
    const bytes = Buffer.from(original)
    const system = NTFS.open(mediumOf(bytes))
    const folders = [...system.entries()].filter(({ path }) =>
      ['a', 'b', 'c'].includes(path.at(-1)?.toString() ?? ''),
    )
    const [a, , c] = folders
    if (!a || !c) throw new Error('no folders')
    // The parent of `a` becomes `a/b/c`.
    const record = bytes.subarray(mft + a.record * 1024, mft + a.record * 1024 + 1024)
    let at = record.readUInt16LE(20)
    while (record.readUInt32LE(at) !== 0x30) at += record.readUInt32LE(at + 4)
    record.writeUIntLE(c.record, at + 24, 6)
    record.writeUInt16LE(c.sequence ?? 0, at + 30)
    const listed = [...NTFS.open(mediumOf(bytes)).entries()]
    const lost = listed.filter(({ path }) => path[0]?.toString() === '$Orphan')
    expect(lost.length).toBeGreaterThan(30)
    expect(lost.every(({ status }) => status === 'orphan')).toBe(true)
    expect(lost.every(({ path }) => path.length < 8)).toBe(true)
  })
})
