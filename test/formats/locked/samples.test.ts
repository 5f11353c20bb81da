/** Volumes that Windows, macOS, TrueCrypt and VeraCrypt made: what comes out equals what cryptsetup's own tests state. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Secret } from '../../../src/contracts/lock.ts'
import { partOf } from '../../../src/formats/image/content/ranges.ts'
import { volumesOf } from '../../../src/formats/image/volume/index.ts'
import { BITLOCKER } from '../../../src/formats/locked/bitlocker/bitlocker.ts'
import { unlockedMedium } from '../../../src/formats/locked/common/unlocked-medium.ts'
import { FILEVAULT } from '../../../src/formats/locked/filevault/filevault.ts'
import { unlockVolumes } from '../../../src/formats/locked/index.ts'
import { VERACRYPT } from '../../../src/formats/locked/veracrypt/veracrypt.ts'
import { decryptedSha256, HAVE_SAMPLES, openedBy, sampleFolder, secret, withVolume } from './samples.ts'

const LONG = 'aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeeeffffffffffff'
const BITLK = sampleFolder('bitlk-images')
const TCRYPT = sampleFolder('tcrypt-images')

type Row = Readonly<Record<string, string>>

/** `[name]` and lines of `KEY=value`. */
const rows: readonly (readonly [string, Row])[] = !HAVE_SAMPLES
  ? [['none', {}]]
  : readFileSync(join(BITLK, 'images.conf'), 'utf8')
      .split('\n\n')
      .map((text) => text.trim().split('\n'))
      .map(([name, ...lines]) => [
        name!.slice(1, -1),
        Object.fromEntries(lines.map((line) => line.split('='))),
      ])

/** Without a sum are the two whose state is encrypt-on-write, which cryptsetup does not open either. */
const isWritten = ([, row]: readonly [string, Row]) => (row.SHA256SUM ?? '') === ''

function firstSecrets({ RP, SK_VMK_GUID }: Row): Secret[] {
  if (SK_VMK_GUID)
    return [secret('startup-key', readFileSync(join(BITLK, `${SK_VMK_GUID.toUpperCase()}.BEK`)))]
  return RP ? [secret('recovery-password', RP)] : []
}

describe.skipIf(!HAVE_SAMPLES)('volumes with known contents', { timeout: 300_000 }, () => {
  it.each(rows.filter((row) => !isWritten(row)))(
    'BitLocker %s decrypts to the bytes that are stated',
    (name, row) => {
      withVolume(join(BITLK, `${name}.img`), (volume) => {
        expect(BITLOCKER.see(volume, 'bitlocker')?.id).toBe(row.GUID)
        expect(decryptedSha256(BITLOCKER, volume, firstSecrets(row))).toBe(row.SHA256SUM)
      })
    },
  )

  it.each(rows.filter(isWritten))('BitLocker %s is named by its state and not opened', (name) => {
    withVolume(join(BITLK, `${name}.img`), (volume) =>
      expect(BITLOCKER.see(volume, 'bitlocker')?.obstacle).toBe('state-not-built'),
    )
  })

  it('BitLocker opens by a password that is not ASCII, by the second recovery password, and by no other', () => {
    const by = (name: string, ...secrets: Secret[]) =>
      withVolume(join(BITLK, `${name}.img`), (volume) => openedBy(BITLOCKER, volume, secrets)?.protector.id)
    const row = (name: string) => rows.find(([one]) => one === name)![1]
    expect(by('bitlk-aes-xts-128-unicode', secret('password', 'anaconda£'))).toBe(
      row('bitlk-aes-xts-128-unicode').PW_VMK_GUID,
    )
    const two = row('bitlk-aes-xts-128-two-recovery')
    expect(by('bitlk-aes-xts-128-two-recovery', secret('recovery-password', two.RP2!))).toBe(two.RP2_VMK_GUID)
    expect(
      by('bitlk-aes-xts-128-two-recovery', secret('recovery-password', row('bitlk-aes-xts-128').RP!)),
    ).toBeUndefined()
  })

  it('FileVault 2 decrypts to the bytes that are stated', () => {
    withVolume(join(sampleFolder('fvault2-images'), 'small'), (volume) => {
      expect(decryptedSha256(FILEVAULT, volume, [secret('password', 'heslo123')])).toBe(
        '2c662e36c0f7e2f5583e6a939bbcbdc660805692d0fccaa45ad4052beb3b8e18',
      )
      expect(openedBy(FILEVAULT, volume, [secret('password', 'heslo124')])).toBeNull()
    })
  })

  const FILES = ['keyfile1', 'keyfile2']
  it.each([
    ['tc_3-ripemd160-xts-aes', 'aaaaaaaaaaaa', 'header', 'truecrypt', 'aes-xts-256'],
    ['tc_3-sha512-xts-aes', 'aaaaaaaaaaaa', 'header', 'truecrypt', 'aes-xts-256'],
    ['tc_3-sha512-xts-aes-hidden', 'bbbbbbbbbbbb', 'hidden', 'truecrypt', 'aes-xts-256'],
    ['tc_4-sha512-xts-aes-hidden', 'bbbbbbbbbbbb', 'hidden', 'truecrypt', 'aes-xts-256'],
    ['tc_5-ripemd160-xts-aes', 'aaaaaaaaaaaa', 'header', 'truecrypt', 'aes-xts-256'],
    ['vc_1-sha512-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vc_1-sha512-xts-aes-hidden', 'bbbbbbbbbbbb', 'hidden', 'veracrypt', 'aes-xts-256'],
    ['vc_1-sha256-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vc_1-blake2s-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vc_1-ripemd160-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vc_1-argon2id-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vc_1-sha512-xts-camellia', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'camellia-xts-256'],
    ['tck_5-sha512-xts-aes', 'aaaaaaaaaaaa', 'header', 'truecrypt', 'aes-xts-256'],
    ['vck_1_pw12-sha512-xts-aes', 'aaaaaaaaaaaa', 'header', 'veracrypt', 'aes-xts-256'],
    ['vck_1_pw72-sha512-xts-aes', LONG, 'header', 'veracrypt', 'aes-xts-256'],
    ['vck_1_nopw-sha512-xts-aes', '', 'header', 'veracrypt', 'aes-xts-256'],
    ['vcpim_1_1234-sha256-xts-aes', 'cccccccccccccccccccc', 'header', 'veracrypt', 'aes-xts-256'],
    ['vcpim_1_8-argon2id-xts-aes', 'cccccccccccccccccccc', 'header', 'veracrypt', 'aes-xts-256'],
  ])('%s opens to the file system that was made on it', (name, password, place, format, method) => {
    withVolume(join(TCRYPT, name), (volume) => {
      const files = /^[tv]ck/.test(name)
        ? FILES.map((file, i) => secret('key-file', readFileSync(join(TCRYPT, file)), i + 2))
        : []
      const pim = Number(/^vcpim_1_(\d+)/.exec(name)?.[1] ?? 0)
      const secrets = [...(password === '' ? [] : [secret('password', password, 1, pim)]), ...files]
      const opened = openedBy(VERACRYPT, volume, secrets)!
      expect([opened.protector.id, opened.seen?.format, opened.seen?.method]).toEqual([place, format, method])
      const boot = Buffer.alloc(512)
      unlockedMedium(volume, opened.unlocking).readInto(boot, 0)
      expect(boot.readUInt32LE(39)).toBe(place === 'hidden' ? 0xcafebabe : 0xdeadbabe)
    })
  })

  it.each([
    ['sys_vc_1_gpt_part-sha512-xts-aes', 3],
    ['sys_vc_1_mbr_full-sha256-xts-aes', 1],
    ['sys_vc_1_mbr_part-sha256-xts-aes', 1],
  ])('%s: the system volume %i of the disk opens by its password', (name, number) => {
    withVolume(join(TCRYPT, name), (disk) => {
      const range = volumesOf(disk).find((one) => one.number === number)!
      const secrets = [secret('password', 'aaaaaaaaaaaa')]
      const { locks, unlocked } = unlockVolumes(disk, [range], secrets, () => {})
      expect(locks[0]?.openedBy[0]?.protector.id).toBe('system')
      const boot = Buffer.alloc(512)
      unlockedMedium(partOf(disk, range), unlocked[0]!).readInto(boot, 0)
      expect([boot.readUInt32LE(39), boot.readUInt32LE(67)]).toContain(0xdeadbabe)
    })
  })
})
