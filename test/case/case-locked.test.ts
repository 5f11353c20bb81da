/** The review of a case with two locked images: the keys come from a folder, each from the file of its exhibit. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { lockPartition } from '../../fixtures/bitlocker.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { openReview, shown } from '../e2e/running-review.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'

const IDS = ['LTU-01', 'LTU-02'] as const

describe('a case of locked exhibits', { timeout: 240_000 }, () => {
  const folder = temporaryFolderForFile()
  const state = { XDG_STATE_HOME: join(folder, 'state') }
  const dir = join(folder, 'case')
  const keys = join(folder, 'keys')
  const image = (id: string) => join(folder, `${id}.img`)
  const ledger = (id: string) => join(folder, `${id}.sqlite`)
  const atHand = IDS.flatMap((id) => ['--exhibit-at', `${id}=${image(id)}`])
  const digests: string[] = []

  beforeAll(async () => {
    mkdirSync(keys)
    for (const [i, id] of IDS.entries()) {
      const picture = await jpeg({ seed: 31 + i, width: 320, height: 240 })
      digests.push(createHash('sha256').update(picture).digest('hex'))
      writeDiskImage(image(id), [[], [{ name: 'IMG_0001.JPG', bytes: picture }]])
      writeFileSync(join(keys, `${id}.BEK`), lockPartition(image(id), 1, {}).startupKey)
      const file = join(keys, `${id}.txt`)
      writeFileSync(file, `startup-key: ${id}.BEK\n`)
      const more = ['--phases', 'inventory,known', '--keys', file, '--basis', 'a test']
      const args = scanArgs(image(id), ledger(id), [], ...more)
      const { status, stderr } = seized(
        args.map((one, j) => (args[j - 1] === '--exhibit' ? id : one)),
        state,
      )
      if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${id}: ${status} ${stderr}`)
      const list = join(folder, `${id}.csv`)
      writeFileSync(list, `sha256,category\n${digests[i]},2\n`)
      const graded = ['decide', ledger(id), '--from', list, '--scale', 'vics-us', '--operator', 'B. Example']
      expect(seized(graded, state).status).toBe(0)
    }
    const from = IDS.flatMap((id) => ['--from', ledger(id)])
    expect(seized(['case', 'init', 'T-1', '--dir', dir, ...from], state).status).toBe(0)
  }, 240_000)

  const asked = (...more: string[]) => [
    ...[dir, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', 'second'],
    ...more,
  ]

  it('needs the keys again, and those of the exhibit', () => {
    const said = (...more: string[]) => seized(['review', ...asked(...more)], state).stderr
    expect(said(...atHand)).toContain('give --keys again')
    expect(said('--keys', keys)).toContain('name them with --exhibit-at')
    expect(said(...atHand, '--keys', join(keys, 'LTU-01.txt'))).toContain('is wrong')
  })

  it('shows originals of both exhibits', async () => {
    const review = await openReview(asked(...atHand, '--keys', keys), state)
    for (const sha256 of digests) {
      const wanted = { sha256, reason: 'unclear', words: '', colour: true, blur: 0 }
      const { head } = await shown(await review.post('reveal', wanted))
      expect(head.channels).toBe(3)
      await review.post('hidden', { by: 'key' })
    }
    await review.post('end')
    expect(await review.ended).toBe(0)
    expect(seized(['case', 'verify', dir], state).status).toBe(0)
  })
})
