/** Headers of VeraCrypt at their places: the backup where the first is damaged; an outer and a hidden volume, each by its password. */
import { createCipheriv, pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { unlockVolumes } from '../../../src/formats/locked/index.ts'
import { lockText } from '../../../src/report/model/lock-words.ts'
import { randomBytes, seeded } from '../../image/random.ts'
import { memoryMedium } from '../../image/volume.ts'
import { VERACRYPT_PIM, veracryptHeader, veracryptVolume } from './made-volumes.ts'
import { secret } from './samples.ts'

// The same in every run: contents drawn anew begin now and then as an archive or a picture does.
const random = seeded(29)

const SIZE = 512 << 10
const HIDDEN_AT = 65_536
const OUTER = secret('password', 'the outer one', 1, VERACRYPT_PIM)
const HIDDEN = secret('password', 'the hidden one', 2, VERACRYPT_PIM)

function header(password: string): Buffer {
  return veracryptVolume(veracryptHeader(SIZE - 4 * HIDDEN_AT), password, 512)
}

/** Noise with headers at some places. */
function volume(headers: readonly (readonly [offset: number, password: string])[]) {
  const bytes = randomBytes(random, SIZE)
  for (const [offset, password] of headers) header(password).copy(bytes, offset)
  return memoryMedium(bytes)
}

function unlocked(medium: ReturnType<typeof volume>, ...secrets: (typeof OUTER)[]) {
  const range = {
    offset: 0,
    length: SIZE,
    kind: 'volume',
    number: 1,
    scheme: 'whole',
    type: '',
    name: '',
  } as const
  return unlockVolumes(medium, [{ ...range, content: 'possibly-encrypted' }], secrets, () => {})
}

it('opens by the backup header where the first one is damaged', () => {
  const { locks } = unlocked(volume([[SIZE - 2 * HIDDEN_AT, 'the outer one']]), OUTER)
  expect(locks[0]!.openedBy).toEqual([{ protector: { kind: 'passphrase', id: 'backup' }, secret: 1 }])
})

it('opens an outer and a hidden volume, examines the first and says the other with its secret in every language', () => {
  const medium = volume([
    [0, 'the outer one'],
    [HIDDEN_AT, 'the hidden one'],
  ])
  const { locks, unlocked: open } = unlocked(medium, OUTER, HIDDEN)
  expect(locks[0]!.openedBy.map(({ protector, secret: by }) => [protector.id, by])).toEqual([
    ['header', 1],
    ['hidden', 2],
  ])
  expect(open).toHaveLength(1)
  expect(lockText(locks[0]!)).toContain(
    'another volume (passphrase or key file hidden), which secret 2 opens',
  )
  for (const language of ['lt', 'es', 'pt', 'fr', 'el', 'bn'])
    expect(lockText(locks[0]!, language)).toContain(' hidden), ')
  const alone = unlocked(medium, OUTER).locks[0]!
  expect(lockText(alone)).not.toContain('another volume')
})

it.each(['aes-lrw', 'aes-cbc'] as const)(
  'names TrueCrypt before version 5, %s, by its password and leaves it closed',
  (method) => {
    const salt = randomBytes(random, 64)
    const derived = pbkdf2Sync('the outer one', salt, 2000, 64, 'ripemd160')
    const own = derived.subarray(0, 16)
    const xored = (one: Buffer, other: Buffer) => Buffer.from(one.map((byte, i) => byte ^ other[i]!))
    const plain = Buffer.concat([Buffer.from('TRUE'), Buffer.alloc(12)])
    const cipher = createCipheriv('aes-256-ecb', derived.subarray(32), null).setAutoPadding(false)
    const whitening = Buffer.from(own.map((_, i) => derived[8 + (i % 8)]!))
    const stored = xored(cipher.update(xored(plain, own)), method === 'aes-lrw' ? own : whitening)
    const bytes = randomBytes(random, 40 << 10)
    Buffer.concat([salt, stored]).copy(bytes)
    const { locks, unlocked: open } = unlocked(memoryMedium(bytes), OUTER)
    expect(open).toEqual([])
    expect(locks[0]).toMatchObject({
      format: 'truecrypt',
      method,
      obstacle: 'cipher-not-built',
      openedBy: [],
      wrong: [],
    })
    expect(lockText(locks[0]!)).toContain(`(truecrypt, ${method}); nothing opened it`)
    expect(unlocked(memoryMedium(bytes), HIDDEN).locks[0]).toMatchObject({ format: 'noise', wrong: [2] })
  },
)
