/** What a Mac kept beside a file, on an image of its volume. */
import { hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LAST_USED, QUARANTINE, WHERE_FROMS } from '../../fixtures/device/apple.ts'
import { hfsPlus } from '../../fixtures/device/hfs-plus.ts'
import { makeHfsPlus } from '../../fixtures/hfs-plus/volume.ts'
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
  expect(seized(['scan', image, ...asked, ...words]).status).toBe(3)
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
}, 180_000)

it('a picture that was removed from a volume of HFS+ is a hit, and the whole volume was examined', async () => {
  const folder = temporaryFolder()
  const [image, ledger, list] = [
    join(folder, 'mac.raw'),
    join(folder, 'case.sqlite'),
    join(folder, 'list.txt'),
  ]
  const gone = await jpeg({ seed: 4, width: 320, height: 240 })
  const kept = await jpeg({ seed: 5, width: 320, height: 240 })
  const from = { 'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS }
  // The last name of its leaf: nothing is moved over it.
  const { bytes } = makeHfsPlus([
    { path: 'kept.jpg', data: kept },
    { path: 'pictures', folder: true, removed: true },
    { path: 'pictures/gone.jpg', data: gone, attributes: from, removed: true },
  ])
  writeFileSync(image, bytes)
  writeFileSync(list, `${hash('sha256', gone)}\n`)
  const asked = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  const words = ['--phases', 'inventory,known', '--hashset', `illegal:${list}`]
  expect(seized(['scan', image, ...asked, ...words]).status).toBe(10)
  const hits = exported(ledger, folder).filter(({ hits }) => hits.length > 0)
  expect(hits.map(({ path }) => path)).toEqual(['volume 1 » pictures/gone.jpg » record 18'])
  expect(seized(['verify', ledger]).status).toBe(0)
}, 180_000)
