/** `scan --previews blurred`: a review without the exhibit shows what was kept, and nothing of it where the file is not that of the log. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { previewsPath } from '../../src/review/previews-file.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { openReview } from './running-review.ts'
import { screenOf, screens, tilesIn } from './screens.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const pictures: Buffer[] = []
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  mkdirSync(exhibit)
  for (const seed of [1, 2, 3]) {
    const bytes = await jpeg({ seed, width: 640, height: 480 })
    pictures.push(bytes)
    writeFileSync(join(exhibit, `IMG_${seed}.jpg`), bytes)
  }
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${createHash('md5').update(pictures[0]!).digest('hex')}\n`)
  const more = ['--previews', 'blurred', '--phases', 'inventory,known']
  summaryOf(seized(scanArgs(exhibit, ledger, [`illegal:${list}`], ...more)))
})

const review = (path: string) =>
  openReview([path, '--scale', 'vics-us', '--operator', 'A. Example', '--heads', `${path}.heads`])

describe('previews that a scan kept', () => {
  it('stand in a file of their own, with its digest in the log; hits on illegal lists have none', () => {
    const kept = readCustody(ledger).find(({ event }) => event === 'previews-kept')!
    expect(kept.detail).toMatchObject({ contents: '2', without: '0' })
    expect(kept.detail.sha256).toBe(sha256(readFileSync(previewsPath(ledger))))
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('are shown blurred, logged and marked without the exhibit, and nothing clearer', async () => {
    const running = await review(ledger)
    const tiles = await tilesIn(await screenOf(running))
    expect(tiles.map(({ sha256: one, level, without }) => [one, level, without])).toEqual(
      pictures.slice(1).map((bytes) => [sha256(bytes), 'blurred', null]),
    )
    const [{ width, height }] = tiles[0]!.frames as [{ width: number; height: number }]
    expect([width, height, tiles[0]!.pixels.length]).toEqual([224, 168, 224 * 168])
    const lifted = { sha256: sha256(pictures[1]!), level: null, treatment: 'blur', want: 'tile', turn: 1 }
    expect((await running.post('lift', lifted)).status).toBe(409)
    await running.post('end')
    expect(await running.ended).toBe(0)
    expect(screens(ledger)[0]).toMatchObject({ act: 'asked', level: 'blurred' })
  })

  it('are not shown where the file is another one than that of the log, and the review says so; deleted, there are cells', async () => {
    const path = join(folder, 'changed.sqlite')
    copyFileSync(ledger, path)
    copyFileSync(custodyPath(ledger), custodyPath(path))
    copyFileSync(previewsPath(ledger), previewsPath(path))
    appendFileSync(previewsPath(path), 'x')
    const args = [
      'review',
      path,
      '--scale',
      'vics-us',
      '--operator',
      'A. Example',
      '--heads',
      `${path}.heads`,
    ]
    const changed = seized(args)
    expect([changed.status, changed.stderr]).toEqual([
      2,
      expect.stringContaining('is not the one that was kept'),
    ])
    rmSync(previewsPath(path))
    const running = await review(path)
    expect(await tilesIn(await screenOf(running))).toEqual([])
    await running.post('end')
    expect(await running.ended).toBe(0)
    expect(existsSync(previewsPath(path))).toBe(false)
  })

  it('are not in a pack, whose check and unpacking pass without them', () => {
    const pack = join(folder, 'case.pack.zip')
    const made = seized([
      'pack',
      ledger,
      '--out',
      pack,
      '--operator',
      'A. Example',
      '--heads',
      `${ledger}.heads`,
    ])
    expect([made.status, made.stderr, existsSync(previewsPath(ledger))]).toEqual([
      0,
      expect.any(String),
      true,
    ])
    const unpacked = seized(['unpack', pack, '--out', join(folder, 'unpacked'), '--verify'])
    expect([unpacked.status, unpacked.stdout]).toEqual([0, expect.stringContaining('the ledger verifies')])
    const bytes = readFileSync(pack)
    expect(bytes.includes(readFileSync(previewsPath(ledger)).subarray(0, 4096))).toBe(false)
    expect(readdirSync(join(folder, 'unpacked'))).not.toContain(basename(previewsPath(ledger)))
    expect(readdirSync(join(folder, 'unpacked'))).toContain(basename(ledger))
    // The search finds what is there: the ledger itself is stored unchanged.
    expect(bytes.includes(readFileSync(ledger).subarray(0, 4096))).toBe(true)
  })
})
