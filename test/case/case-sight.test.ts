/** Sight in the review of a case: a disk image and an archive at hand, and previews that were kept beside a third ledger. */
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { previewsPath } from '../../src/review/previews-file.ts'
import { zipOf } from '../child/archives.ts'
import { openReview } from '../e2e/running-review.ts'
import { screenOf, screens, tilesIn } from '../e2e/screens.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'

const SEEDS = [21, 22, 23, 24] as const

describe('sight in a case of an image, an archive and a mount', { timeout: 240_000 }, () => {
  const folder = temporaryFolderForFile()
  const state = { XDG_STATE_HOME: join(folder, 'state') }
  const dir = join(folder, 'case')
  const [disk, phone, mount] = [join(folder, 'disk.img'), join(folder, 'phone.zip'), join(folder, 'mount')]
  const digests: string[] = []
  const ledger = (id: string) => join(folder, `${id}.sqlite`)

  beforeAll(async () => {
    const pictures = await Promise.all(SEEDS.map((seed) => jpeg({ seed, width: 320, height: 240 })))
    const [onDisk, onPhone, onMount, onBoth] = pictures as [Buffer, Buffer, Buffer, Buffer]
    digests.push(...pictures.map((bytes) => createHash('sha256').update(bytes).digest('hex')))
    writeDiskImage(disk, [
      [
        { name: 'PICS/ONE.JPG', bytes: onDisk, state: 'live' },
        { name: 'PICS/BOTH.JPG', bytes: onBoth, state: 'live' },
      ],
    ])
    writeFileSync(phone, zipOf({ 'data/media/0/DCIM/two.jpg': onPhone }))
    mkdirSync(mount)
    writeFileSync(join(mount, 'three.jpg'), onMount)
    writeFileSync(join(mount, 'four.jpg'), onBoth)
    const scan = (path: string, id: string, ...more: string[]) => {
      const args = scanArgs(path, ledger(id), [], ...more).map((one, i, all) =>
        all[i - 1] === '--exhibit' ? id : one,
      )
      const { status, stderr } = seized(args, state)
      if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${id}: ${status} ${stderr}`)
    }
    scan(disk, 'LTU-01')
    scan(phone, 'LTU-02')
    scan(mount, 'LTU-03', '--previews', 'blurred')
    const from = ['LTU-01', 'LTU-02', 'LTU-03'].flatMap((id) => ['--from', ledger(id)])
    expect(seized(['case', 'init', 'T-1', '--dir', dir, ...from], state).status).toBe(0)
  }, 240_000)

  const reviewed = (...args: string[]) =>
    openReview([dir, '--scale', 'vics-us', '--operator', 'A. Example', ...args], state)

  async function shownIn(...args: string[]) {
    const review = await reviewed(...args)
    const tiles = await tilesIn(await screenOf(review, { count: 9 }))
    await review.post('end')
    expect(await review.ended).toBe(0)
    return Object.fromEntries(
      tiles.map(({ sha256, level, frames }) => [
        SEEDS[digests.indexOf(sha256)],
        [level, frames[0]?.width ?? 0],
      ]),
    )
  }

  it('shows kept previews where no exhibit is at hand, and nothing of the others', async () => {
    expect(await shownIn()).toEqual({ 23: ['blurred', 224], 24: ['blurred', 224] })
    // Nothing of the other exhibits was asked for above cells, and their ledgers have none.
    const asked = screens(join(dir, 'case')).flatMap(({ contents = [] }) => contents)
    expect(asked.map((sha256) => SEEDS[digests.indexOf(sha256)]).sort()).toEqual([23, 24])
  })

  it('reads an image and an archive, and takes kept previews for the third exhibit', async () => {
    const atHand = ['--exhibit-at', `LTU-01=${disk}`, '--exhibit-at', `LTU-02=${phone}`]
    expect(await shownIn(...atHand)).toEqual({
      21: ['blurred', 224],
      22: ['blurred', 224],
      23: ['blurred', 224],
      24: ['blurred', 224],
    })
    const first = await reviewed()
    for (const number of [0, 1, 2]) {
      const of = { contents: [digests[number]!], count: 1 }
      expect((await first.post('decide', { act: 'decided', category: '1', note: '', of })).status).toBe(200)
    }
    await first.post('end')
    expect(await first.ended).toBe(0)
    // Originals come from the image and the archive; of the exhibit that is not at hand there is none.
    const second = await reviewed('--pass', 'second', ...atHand)
    const statuses = []
    for (const number of [0, 1, 2]) {
      const asked = { sha256: digests[number], reason: 'report', words: '', colour: false, blur: 0 }
      const answer = await second.post('reveal', asked)
      statuses.push(answer.status)
      await answer.arrayBuffer()
      await second.post('hidden', { by: 'key' })
    }
    expect(statuses).toEqual([200, 200, 409])
    await second.post('end')
    expect(await second.ended).toBe(0)
    expect(seized(['case', 'verify', dir], state).status).toBe(0)
  })

  it('refuses kept previews that are not those of the log', () => {
    appendFileSync(previewsPath(ledger('LTU-03')), 'x')
    const args = ['review', dir, '--scale', 'vics-us', '--operator', 'A. Example']
    const { status, stderr } = seized(args, state)
    expect([status, stderr]).toEqual([2, expect.stringContaining('is not the one that was kept at the scan')])
  })
})
