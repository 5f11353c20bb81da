/** An encrypted volume of APFS is a lock that page one and `seized image` name; the others of its container are read. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addVolume, encrypt, madeVolume } from '../../../fixtures/apfs/volume.ts'
import { seized, temporaryFolder } from '../../e2e/seized.ts'

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
