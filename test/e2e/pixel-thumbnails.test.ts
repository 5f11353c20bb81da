/** Thumbnails of an iPod: derived entries by the name of their file, whichever of its copies is read first. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pixelThumbnail } from '../../fixtures/device/pixel-thumbnails.ts'
import { drawing } from '../../fixtures/pictures.ts'
import { pixelLayoutOf } from '../../src/media-types/pixel-thumbnails.ts'
import { zipOf } from '../child/archives.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const LAYOUT = pixelLayoutOf('application/x-ithmb-rgb565-320x240')!

it('are looked at as pictures, and what is no whole number of them is not built', async () => {
  const rgb = (seed: number) => drawing({ seed, width: 320, height: 240 }).removeAlpha().raw().toBuffer()
  const file = Buffer.concat([pixelThumbnail(LAYOUT, await rgb(3)), pixelThumbnail(LAYOUT, await rgb(8))])
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  for (const one of ['a', 'Photos/Thumbs']) mkdirSync(join(root, one), { recursive: true })
  writeFileSync(join(root, 'a/copy.bin'), file)
  writeFileSync(join(root, 'Photos/Thumbs/F1024_1.ithmb'), file)
  writeFileSync(join(root, 'Photos/Thumbs/F1024_2.ithmb'), file.subarray(2))
  writeFileSync(
    join(root, 'iPod.zip'),
    zipOf({ 'Thumbs/F1024_3.ithmb': pixelThumbnail(LAYOUT, await rgb(21)) }),
  )
  const digests = []
  for (const workers of ['1', '2']) {
    const ledger = join(folder, `${workers}.sqlite`)
    const run = seized(scanArgs(root, ledger, [], '--workers', workers))
    digests.push(summaryOf(run).evidenceDigest)
    const found = exported(ledger, folder)
    const pictures = found.filter(({ path }) => path.includes('picture '))
    expect(
      pictures.map(({ path, stages, mediaType }) => [path, mediaType, stages['looked-at'].result]).sort(),
    ).toEqual(
      [
        ['Photos/Thumbs/F1024_1.ithmb » thumbnail picture 1', 'image/bmp', 'done'],
        ['Photos/Thumbs/F1024_1.ithmb » thumbnail picture 2', 'image/bmp', 'done'],
        ['a/copy.bin » thumbnail picture 1', 'image/bmp', 'done'],
        ['a/copy.bin » thumbnail picture 2', 'image/bmp', 'done'],
        ['iPod.zip » member Thumbs/F1024_3.ithmb » thumbnail picture 1', 'image/bmp', 'done'],
      ].sort(),
    )
    const cut = found.find(({ path }) => path.endsWith('F1024_2.ithmb'))!
    expect(cut.stages['records-read']).toMatchObject({ result: 'not-done', reason: 'not-built' })
  }
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
  expect(digests[1]).toBe(digests[0])
}, 240_000)
