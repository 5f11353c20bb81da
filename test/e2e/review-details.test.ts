/** What the page says of one content: every place, those that follow from copies too, and what records on the device say of it. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { knownMet } from '../../fixtures/device/emule.ts'
import { drawing } from '../../fixtures/pictures.ts'
import { digestsOf, ed2kDigest } from '../../src/hash/digest.ts'
import type { Details } from '../../src/review/said.ts'
import { served } from '../review/review-server.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('of a picture in an archive of which there is a copy, and which a sharing program knows', async () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  const config = join(root, 'Users/x/AppData/Local/eMule/config')
  for (const one of [config, join(root, 'backup')]) mkdirSync(one, { recursive: true })
  const picture = await drawing({ seed: 4, width: 300, height: 200 }).png().toBuffer()
  writeFileSync(join(root, 'z.png'), picture)
  const archive = zipSync({ 'lighthouse.png': picture })
  writeFileSync(join(root, 'holiday.zip'), archive)
  writeFileSync(join(root, 'backup/copy.zip'), archive)
  writeFileSync(
    join(config, 'known.met'),
    knownMet([
      {
        ed2k: digestsOf(picture, ed2kDigest()).ed2kRed!,
        name: 'lighthouse.png',
        sizeBytes: picture.length,
        modified: 1_600_000_000,
        sentBytes: 4000,
        requests: 5,
        accepted: 3,
      },
    ]),
  )
  const list = join(folder, 'list.csv')
  const other = digestsOf(Buffer.from('of nothing here'), ed2kDigest()).ed2kRed
  writeFileSync(list, `md5,ed2k\n,${other}\n${createHash('md5').update(picture).digest('hex')},\n`)
  const ledger = join(folder, 'case.sqlite')
  summaryOf(
    seized(
      scanArgs(root, ledger, [`illegal:${list}`], '--ed2k', '--phases', 'inventory,known', '--workers', '1'),
    ),
  )
  const review = await served(ledger)
  await review.hello()
  const sha256 = createHash('sha256').update(picture).digest('hex')
  const details = (await review.post('details', { sha256 })).json() as unknown as Details
  const plain = (text: string) => text.replace(/[\u2066\u2069]/g, '')
  expect(details.places.map(plain).sort()).toEqual([
    'backup/copy.zip » member lighthouse.png',
    'holiday.zip » member lighthouse.png',
    'z.png',
  ])
  expect(details.more).toBe(0)
  expect(details.records).toEqual([
    expect.stringMatching(/A record on the device says: .*lighthouse\.png.*it was (shared|sent)/s),
  ])
  expect(details.records[0]).toContain('known.met')
  expect(details.findings.join()).toContain('list.csv')
  expect(details.reasons.length).toBeGreaterThan(0)
  const { catalogue } = review.session
  const number = catalogue.numberOf(sha256)!
  expect([catalogue.places[number], catalogue.priorities[number]]).toEqual([3, 1])
})
