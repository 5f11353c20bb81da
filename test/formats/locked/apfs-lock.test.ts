/** An encrypted volume of APFS is a lock: named without a key; by password or recovery key it holds what the plain one holds. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ApfsSecrets, encryptApfs } from '../../../fixtures/apfs/encrypt.ts'
import { addVolume, encrypt, madeVolume, mounted } from '../../../fixtures/apfs/volume.ts'
import type { Medium } from '../../../src/contracts/image.ts'
import { APFS } from '../../../src/formats/image/filesystem/apfs/apfs.ts'
import { APFS_LOCK } from '../../../src/formats/locked/apfs/apfs-lock.ts'
import { unlockedMedium } from '../../../src/formats/locked/common/unlocked-medium.ts'
import { exported, seized, temporaryFolder } from '../../e2e/seized.ts'
import { sha256 } from '../../image/apfs/shared.ts'
import { bytesOf, memoryMedium, pathOf } from '../../image/volume.ts'
import { secret } from './samples.ts'

it('names the container, whose key may lie in hardware, and says nothing of one without encrypted volumes', {
  timeout: 120_000,
}, () => {
  const folder = temporaryFolder()
  const image = join(folder, 'mac.img')
  writeFileSync(image, madeVolume())
  expect(seized(['image', image]).stdout).not.toContain('with encrypted volumes')
  const bytes = madeVolume()
  encrypt(addVolume(bytes, 'Locked'))
  writeFileSync(image, bytes)
  const told = seized(['image', image])
  expect([told.status, told.stdout]).toEqual([
    3,
    expect.stringContaining(
      'is a container of APFS (“Made Volume, Locked”) with encrypted volumes: they were not examined',
    ),
  ])
  const ledger = join(folder, 'mac.sqlite')
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  expect(seized(['scan', image, ...who, '--phases', 'inventory,known', '--progress', 'json']).status).toBe(3)
  const out = join(folder, 'mac.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', out]).status).toBe(0)
  expect(readFileSync(out, 'utf8')).toContain('with encrypted volumes: they were not examined')
})

const SECRETS: ApfsSecrets = {
  password: 'heron of the pond',
  recoveryKey: 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF',
}

function encrypted(): Buffer {
  const bytes = madeVolume()
  encryptApfs(bytes, SECRETS)
  return bytes
}

/** Every entry, live, deleted and of snapshots, with its digest; and the class of every byte. */
function listed(medium: Medium) {
  const system = APFS.open(medium)
  const entries = [...system.entries()].map((one) => [
    one.status,
    pathOf(one),
    one.stream?.toString() ?? '',
    one.place.kind === 'none' ? one.place : sha256(bytesOf(medium, one)),
  ])
  return { entries, classes: system.classes(), isPartEncrypted: system.isPartEncrypted }
}

it('opens by the password of a user and by the recovery key, to what lies on the plain volume: live, deleted, snapshots, classes', () => {
  const plain = listed(memoryMedium(madeVolume()))
  expect(plain.entries.length).toBeGreaterThan(400)
  const locked = memoryMedium(encrypted())
  expect(APFS_LOCK.see(locked, 'apfs')).toMatchObject({
    method: 'aes-xts-128',
    label: 'Made Volume',
    obstacle: null,
  })
  expect(listed(locked).entries).toHaveLength(1)
  for (const one of [
    secret('password', SECRETS.password),
    secret('recovery-password', SECRETS.recoveryKey),
  ]) {
    const opened = APFS_LOCK.open(locked, one, () => {}, [one])!
    expect(opened.protector.kind).toBe('user')
    expect(listed(unlockedMedium(locked, opened.unlocking))).toEqual(plain)
  }
  const wrong = secret('password', `${SECRETS.password}.`)
  expect(APFS_LOCK.open(locked, wrong, () => {}, [wrong])).toBeNull()
})

it('is examined with its password as any volume, and named with the kinds of key without', {
  timeout: 180_000,
}, () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('mac.img'), encrypted())
  const keys = [{ kind: 'password', secret: SECRETS.password }]
  writeFileSync(at('keys.json'), JSON.stringify({ keys: 1, secrets: keys }))
  const [[path, digest]] = [...mounted('live')] as [[string, string]]
  writeFileSync(at('list.txt'), `${digest}\n`)
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--hashset', `illegal:${at('list.txt')}`]
  const scan = (ledger: string, ...more: string[]) =>
    seized(['scan', at('mac.img'), ...who, '--ledger', at(ledger), '--phases', 'inventory,known', ...more])
  expect(seized(['image', at('mac.img')]).stdout).toContain(
    'They would be opened by: recovery password, password.',
  )
  const opened = scan('open.sqlite', '--keys', at('keys.json'), '--basis', 'warrant 12/2026')
  expect([opened.status, opened.stderr.includes('HIT')]).toEqual([10, true])
  const hits = exported(at('open.sqlite'), folder).filter((one) => one.hits.length > 0)
  expect(hits.map((one) => one.path)).toContainEqual(expect.stringContaining(path.replace(/^\.\//, '')))
  const page = at('open.html')
  expect(seized(['report', at('open.sqlite'), '--format', 'html', '--out', page]).status).toBe(0)
  expect(readFileSync(page, 'utf8')).toContain('was opened: user of a Mac')
  expect(seized(['verify', at('open.sqlite')]).status).toBe(0)
})
