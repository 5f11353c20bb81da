/** A file of an encrypted iOS backup where it lies: any range of it, in any order, as it was written; and nothing without its key. */
import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/locked/android-backup.ts'
import type { Damage, Medium } from '../../src/contracts/image.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { ContentSealed, keepBackups } from '../../src/formats/image/content/sealed.ts'
import { randomBytes, seeded as randomOf } from './random.ts'

const PLAIN = randomBytes(randomOf(7), 100_003)
const [CLASS_KEY, FILE_KEY] = [seeded('class', 32), seeded('file', 32)]

function encrypted(cipher: string, key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const one = createCipheriv(cipher, key, iv)
  return Buffer.concat([one.update(bytes), one.final()])
}

const STORED = encrypted('aes-256-cbc', FILE_KEY, Buffer.alloc(16), PLAIN)
const WRAPPED = encrypted('id-aes256-wrap', CLASS_KEY, Buffer.alloc(8, 0xa6), FILE_KEY)

function volumeOf(damage: readonly Damage[] = []): Medium {
  return {
    sizeBytes: STORED.length,
    readInto: (target, offset) => STORED.copy(target, 0, offset, offset + target.length),
    damageIn: (offset, length) =>
      damage.filter((one) => one.offset < offset + length && one.offset + one.length > offset),
  }
}

const sealedOn = (volume: Medium, wrapped = WRAPPED) =>
  contentOf(
    volume,
    {
      kind: 'runs',
      runs: [{ offset: 0, length: STORED.length }],
      validBytes: STORED.length,
      sealed: { backup: 'a', protection: 3, wrappedHex: wrapped.toString('hex'), storedBytes: STORED.length },
    },
    PLAIN.length,
  )

function opened(volume = volumeOf()): Medium {
  keepBackups(volume, [
    { id: 'a', secret: 1, classes: [{ protection: 3, keyHex: CLASS_KEY.toString('hex') }] },
  ])
  return volume
}

describe('a sealed content', () => {
  it('gives any range, in any order', () => {
    const content = sealedOn(opened())
    const random = randomOf(9)
    const wrong: string[] = []
    for (let turn = 0; turn < 2000; turn++) {
      const [offset, length] = [random(PLAIN.length), random(5000)]
      const target = Buffer.alloc(length)
      const got = content.readInto(target, offset)
      if (!target.subarray(0, got).equals(PLAIN.subarray(offset, offset + length)))
        wrong.push(`${offset} ${length}`)
    }
    expect(wrong).toEqual([])
  })

  it('is not read without the key of its class, or with a changed key of its own', () => {
    expect(() => sealedOn(volumeOf())).toThrow(ContentSealed)
    const changed = Buffer.from(WRAPPED)
    changed[5]! ^= 1
    expect(() => sealedOn(opened(), changed)).toThrow(ContentSealed)
  })

  it('says of a damaged block that it spoils itself and the next', () => {
    const damage: Damage = { offset: 1600, length: 1, kind: 'damaged', cause: 'checksum' } as Damage
    const found = sealedOn(opened(volumeOf([damage]))).damageIn(0, PLAIN.length)
    expect(found.map(({ offset, length }) => [offset, length])).toEqual([[1600, 32]])
  })
})
