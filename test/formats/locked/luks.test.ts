/** LUKS volumes that qemu-img and cryptsetup made: what was written comes back. */
import { execFileSync } from 'node:child_process'
import { createCipheriv, hash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unlockedBytes } from '../../../src/contracts/lock.ts'
import { unlockedMedium } from '../../../src/formats/locked/common/unlocked-medium.ts'
import { LUKS } from '../../../src/formats/locked/luks/luks.ts'
import { hasTool } from '../../image/container/helpers.ts'
import { openedBy, secret, withVolume } from './samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-luks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MIB = 1 << 20
const PASSPHRASE = 'correct horse battery'

function decrypted(file: string, ...secrets: Parameters<typeof openedBy>[2][number][]): Buffer | null {
  return withVolume(file, (volume) => {
    const opened = openedBy(LUKS, volume, secrets)
    if (opened === null) return null
    const bytes = Buffer.alloc(unlockedBytes(opened.unlocking))
    unlockedMedium(volume, opened.unlocking).readInto(bytes, 0)
    return bytes
  })
}

describe.skipIf(!hasTool('qemu-img'))('LUKS1 by qemu-img', { timeout: 120_000 }, () => {
  const plain = randomBytes(MIB + 4096)
  function made(name: string, options: string): string {
    const raw = join(folder, 'plain.raw')
    writeFileSync(raw, plain)
    const file = join(folder, `${name}.luks`)
    const object = ['--object', `secret,id=s,data=${PASSPHRASE}`]
    execFileSync('qemu-img', [
      'convert',
      '-O',
      'luks',
      ...object,
      '-o',
      `key-secret=s,iter-time=50${options}`,
      raw,
      file,
    ])
    return file
  }

  it.each([
    ['aes-xts-plain64', ''],
    ['aes-xts-plain64', ',cipher-alg=aes-128'],
    [
      'aes-cbc-essiv-sha256',
      ',cipher-alg=aes-256,cipher-mode=cbc,ivgen-alg=essiv,ivgen-hash-alg=sha256,hash-alg=sha1',
    ],
    ['aes-cbc-plain64', ',cipher-alg=aes-128,cipher-mode=cbc,ivgen-alg=plain64,hash-alg=sha512'],
    ['aes-cbc-plain', ',cipher-alg=aes-256,cipher-mode=cbc,ivgen-alg=plain'],
  ])('%s%s gives back what was written, and nothing to another passphrase', (method, options) => {
    const file = made(`one${options.length}`, options)
    withVolume(file, (volume) => expect(LUKS.see(volume, 'luks')?.method).toBe(method))
    expect(decrypted(file, secret('password', PASSPHRASE))?.subarray(0, plain.length).equals(plain)).toBe(
      true,
    )
    expect(decrypted(file, secret('password', `${PASSPHRASE}.`))).toBeNull()
  })

  it.each([
    ['serpent-256', 'cipher-not-built'],
    ['twofish-256', 'cipher-not-built'],
  ])('%s is named and left', (cipher, obstacle) => {
    const file = made(cipher, `,cipher-alg=${cipher}`)
    withVolume(file, (volume) => {
      expect(LUKS.see(volume, 'luks')?.obstacle).toBe(obstacle)
      expect(LUKS.see(volume, 'luks')?.method).toContain(cipher.split('-')[0]!)
    })
    expect(decrypted(file, secret('password', PASSPHRASE))).toBeNull()
  })
})

describe.skipIf(!hasTool('cryptsetup'))('LUKS2 by cryptsetup', { timeout: 120_000 }, () => {
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, PASSPHRASE)
  const plain = randomBytes(4096 * 70)

  /** Its header by cryptsetup; its data by node:crypto's own XTS, sector by sector. */
  function made(name: string, sectorBytes: number, ...options: string[]): { file: string; key: Buffer } {
    const file = join(folder, `${name}.img`)
    writeFileSync(file, '')
    truncateSync(file, 17 * MIB)
    execFileSync('cryptsetup', [
      'luksFormat',
      '-q',
      '--type',
      'luks2',
      '--sector-size',
      `${sectorBytes}`,
      ...options,
      file,
      keyFile,
    ])
    const dumped = join(folder, `${name}.vk`)
    execFileSync('cryptsetup', [
      'luksDump',
      '-q',
      '--dump-volume-key',
      '--volume-key-file',
      dumped,
      '--key-file',
      keyFile,
      file,
    ])
    const key = readFileSync(dumped)
    const bytes = readFileSync(file)
    for (let at = 0; at < plain.length; at += sectorBytes) {
      const number = Buffer.alloc(16)
      number.writeBigUInt64LE(BigInt(at / 512))
      const cipher = createCipheriv(key.length === 64 ? 'aes-256-xts' : 'aes-128-xts', key, number)
      cipher.update(plain.subarray(at, at + sectorBytes)).copy(bytes, 16 * MIB + at)
    }
    writeFileSync(file, bytes)
    return { file, key }
  }

  it.each([
    [
      'argon2id',
      4096,
      [
        '--pbkdf',
        'argon2id',
        '--pbkdf-memory',
        '32768',
        '--pbkdf-force-iterations',
        '4',
        '--pbkdf-parallel',
        '2',
      ],
    ],
    [
      'argon2i',
      512,
      [
        '--pbkdf',
        'argon2i',
        '--pbkdf-memory',
        '32768',
        '--pbkdf-force-iterations',
        '4',
        '--pbkdf-parallel',
        '1',
      ],
    ],
    ['pbkdf2', 512, ['--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000', '--key-size', '256']],
  ] as const)(
    '%s with sectors of %i gives back what was written: by passphrase, key file, volume key',
    (name, sectorBytes, options) => {
      const { file, key } = made(name, sectorBytes, ...options)
      for (const one of [
        secret('password', PASSPHRASE),
        secret('key-file', PASSPHRASE),
        secret('raw-key', key),
      ])
        expect(decrypted(file, one)?.subarray(0, plain.length).equals(plain)).toBe(true)
      expect(decrypted(file, secret('password', 'wrong'))).toBeNull()
      expect(decrypted(file, secret('raw-key', randomBytes(key.length)))).toBeNull()
    },
  )

  it('whose first header is damaged is read by the second', () => {
    const { file } = made('damaged', 512, '--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000')
    const bytes = readFileSync(file)
    bytes.fill(0x20, 4096, 4200)
    writeFileSync(file, bytes)
    expect(decrypted(file, secret('password', PASSPHRASE))?.subarray(0, plain.length).equals(plain)).toBe(
      true,
    )
    bytes.fill(0x20, 16_384 + 4096, 16_384 + 4200)
    writeFileSync(file, bytes)
    expect(decrypted(file, secret('password', PASSPHRASE))).toBeNull()
    withVolume(file, (volume) => expect(LUKS.see(volume, 'luks')?.obstacle).toBe('metadata-damaged'))
  })

  it('whose argon2 wants more memory than a process is given is named so', () => {
    const { file } = made(
      'large',
      512,
      '--pbkdf',
      'argon2id',
      '--pbkdf-memory',
      '32768',
      '--pbkdf-force-iterations',
      '4',
    )
    const bytes = readFileSync(file)
    // Both copies, each with its checksum made again.
    for (const at of [0, 16_384]) {
      const text = bytes.toString('latin1', at, at + 16_384).replace('"memory":32768', '"memory":8388608')
      Buffer.from(text.slice(0, 16_384), 'latin1').copy(bytes, at)
      bytes.fill(0, at + 448, at + 512)
      hash('sha256', bytes.subarray(at, at + 16_384), 'buffer').copy(bytes, at + 448)
    }
    writeFileSync(file, bytes)
    withVolume(file, (volume) => expect(LUKS.see(volume, 'luks')?.obstacle).toBe('memory-short'))
    expect(decrypted(file, secret('password', PASSPHRASE))).toBeNull()
  })
})
