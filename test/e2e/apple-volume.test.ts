/** What a Mac kept beside a file, on an image of its volume. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LAST_USED, QUARANTINE, WHERE_FROMS } from '../../fixtures/device/apple.ts'
import { hfsPlus } from '../../fixtures/device/hfs-plus.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

it('extended attributes of a volume of HFS+ are records, joined to the file that they are beside', async () => {
  const folder = temporaryFolder()
  const [image, ledger] = [join(folder, 'mac.raw'), join(folder, 'case.sqlite')]
  const attributes = {
    'com.apple.lastuseddate#PS': LAST_USED,
    'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS,
    'com.apple.quarantine': QUARANTINE,
  }
  const picture = (await jpeg({ seed: 3, width: 64, height: 48 })).subarray(0, 4096)
  writeFileSync(image, hfsPlus('lake.jpg', picture, attributes))
  const asked = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  const words = ['--phases', 'inventory,known', '--text', '--basis', 'warrant 7/2026']
  expect(seized(['scan', image, ...asked, ...words]).status).toBe(0)
  const entries = exported(ledger, folder)
  const file = entries.find(({ path }) => path.endsWith('lake.jpg'))!
  expect(file.records.map(({ record }: { record: string }) => record).sort()).toEqual([
    'download',
    'download',
    'last-used',
  ])
  expect(file.records.map(({ path }: { path: string }) => path.replace(/.*lake\.jpg/, '')).sort()).toEqual(
    Object.keys(attributes).map((name) => ` » stream ${name}`),
  )
}, 60_000)
