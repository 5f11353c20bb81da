/** A picture inside a locked file, revealed in a review: the keys are asked for again, and what is shown is what was written. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { androidBackup } from '../../fixtures/locked/android-backup.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { smallTar } from '../../src/base/small-files.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { openReview, shown } from './running-review.ts'
import { seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const image = join(folder, 'disk.img')
const ledger = join(folder, 'case.sqlite')
const keys = join(folder, 'keys.txt')
let picture: Buffer
let sha256: string

beforeAll(async () => {
  picture = await jpeg({ seed: 8, width: 320, height: 240 })
  sha256 = createHash('sha256').update(picture).digest('hex')
  const backup = androidBackup(smallTar([['shared/0/DCIM/a.jpg', picture]]), { password: 'p' })
  writeDiskImage(image, [[{ name: 'PHONE.AB', bytes: backup }]])
  writeFileSync(keys, 'password for files: p\n')
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
  const how = ['--phases', 'inventory,known', '--progress', 'json', '--keys', keys, '--basis', 'a test']
  summaryOf(seized(['scan', image, ...who, ...how]))
  const list = join(folder, 'decisions.csv')
  writeFileSync(list, `sha256,category\n${sha256},2\n`)
  expect(seized(['decide', ledger, '--from', list, '--scale', 'vics-us', '--operator', 'B']).status).toBe(0)
}, 120_000)

const asked = (...more: string[]) => [
  ...[ledger, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'second', '--image', image],
  ...more,
]

describe('a reveal out of a locked file', { timeout: 120_000 }, () => {
  it('needs the keys again', async () => {
    await expect(openReview(asked())).rejects.toThrow('give --keys again')
  })

  it('shows the picture that lies in it', async () => {
    const running = await openReview(asked('--keys', keys))
    const wanted = { sha256, reason: 'unclear', words: '', colour: true, blur: 0 }
    const { head, pixels } = await shown(await running.post('reveal', wanted))
    const { width } = head.frames[0]!
    // Below the picture stands a strip that says who saw it.
    const height = (width * 3) / 4
    const expected = await sharp(picture).resize(width, height).removeAlpha().raw().toBuffer()
    const told = pixels.subarray(0, expected.length)
    expect([head.channels, told.length]).toEqual([3, expected.length])
    const difference = expected.reduce((sum, value, i) => sum + Math.abs(value - told[i]!), 0)
    expect(difference / expected.length).toBeLessThan(20)
  })
})
