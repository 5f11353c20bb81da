/** A container on two exhibits of a case, both disk images: its members are read from the one that is at hand. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { zipOf } from '../child/archives.ts'
import { openReview } from '../e2e/running-review.ts'
import { screenOf, tilesIn } from '../e2e/screens.ts'
import { scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { picture, stateIn } from './exhibits.ts'
import { sha256Of } from './six-exhibits.ts'

it('shows a member of a container whichever of its exhibits is at hand', async () => {
  const folder = temporaryFolder()
  const [member, own] = [await picture(1), await picture(2)]
  const album = zipOf({ 'x/one.jpg': member }, 0)
  const exhibits = {
    'LTU-01': [{ name: 'ALBUM.ZIP', bytes: album }],
    'LTU-02': [
      { name: 'COPY.ZIP', bytes: album },
      { name: 'OWN.JPG', bytes: own },
    ],
  }
  const at = (exhibit: string) => join(folder, `${exhibit}.img`)
  const from: string[] = []
  for (const [exhibit, files] of Object.entries(exhibits)) {
    writeDiskImage(at(exhibit), [files])
    const ledger = join(folder, `${exhibit}.sqlite`)
    const args = scanArgs(at(exhibit), ledger, [])
    const named = args.map((one, i) => (args[i - 1] === '--exhibit' ? exhibit : one))
    const { status, stderr } = seized(
      named.filter((one) => one !== '--allow-writable-mount'),
      stateIn(folder),
    )
    expect([[0, 3, 10, 13].includes(status ?? -1), stderr]).toEqual([true, expect.any(String)])
    from.push('--from', ledger)
  }
  const dir = join(folder, 'case')
  expect(seized(['case', 'init', 'T-1', '--dir', dir, ...from], stateIn(folder)).status).toBe(0)
  const shown = async (...atHand: readonly string[]) => {
    const given = atHand.flatMap((exhibit) => ['--exhibit-at', `${exhibit}=${at(exhibit)}`])
    const review = await openReview(
      [dir, '--scale', 'vics-us', '--operator', 'A. Example', ...given],
      stateIn(folder),
    )
    const tiles = await tilesIn(await screenOf(review, { count: 4 }))
    await review.post('end')
    expect(await review.ended).toBe(0)
    return new Map(tiles.map(({ sha256, frames }) => [sha256, frames.length]))
  }
  // The member is recorded on the first exhibit alone.
  const second = await shown('LTU-02')
  expect([second.get(sha256Of(member)), second.get(sha256Of(own))]).toEqual([1, 1])
  const first = await shown('LTU-01')
  expect([first.get(sha256Of(member)), first.get(sha256Of(own))]).toEqual([1, undefined])
}, 180_000)
