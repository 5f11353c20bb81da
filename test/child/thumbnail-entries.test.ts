import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { withSegment } from '../../fixtures/held-pictures.ts'
import { drawing, drawRgb, jpeg, withThumbnail } from '../../fixtures/pictures.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { heifThumbnails } from '../../src/formats/media/heif/heif-thumbnail.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { runFolder } from './run-folder.ts'

const spec = { seed: 5, width: 640, height: 480 }
let folder: string
let views: Map<string, EntryView>
let own: Buffer
let other: Buffer
let copied: Buffer
let resized: Buffer
let heicDiffers: Buffer
const heic = (seed: number) => {
  const thumbnail = { seed, width: 160, height: 120 }
  return heicFile(drawRgb(spec), 640, 480, { thumbnail: { ...thumbnail, rgb: drawRgb(thumbnail) } })
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seized-thumbnails-'))
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  const picture = await jpeg(spec)
  own = await drawing(spec).resize(160, 120).jpeg().toBuffer()
  other = await jpeg({ seed: 6, width: 160, height: 120 })
  copied = await drawing(spec).resize(120, 90).jpeg().toBuffer()
  writeFileSync(join(exhibit, 'agrees.jpg'), withThumbnail(picture, own))
  writeFileSync(join(exhibit, 'differs.jpg'), withThumbnail(picture, other))
  // Nothing but the thumbnail is left of this one.
  writeFileSync(join(exhibit, 'damaged.jpg'), withThumbnail(picture.subarray(0, 30), other.subarray(0)))
  writeFileSync(join(exhibit, 'copied.jpg'), withThumbnail(picture, copied))
  writeFileSync(join(exhibit, 'small.jpg'), copied)
  const photoshop = withSegment(picture, 0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0'), other]))
  resized = await drawing(spec).resize(140, 105).jpeg().toBuffer()
  writeFileSync(join(exhibit, 'edited.jpg'), withThumbnail(photoshop, resized))
  heicDiffers = await heic(6)
  writeFileSync(join(exhibit, 'agrees.heic'), await heic(5))
  writeFileSync(join(exhibit, 'differs.heic'), heicDiffers)
  views = await runFolder(exhibit, join(folder, 'case.sqlite'))
  await runFolder(exhibit, join(folder, 'again.sqlite'), { workers: 1 })
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const inside = (file: string) => {
  const found = [...views].find(([path]) => path.startsWith(`${file} »`))
  if (!found) throw new Error(`nothing inside ${file}: ${[...views.keys()].join(', ')}`)
  return found[1]
}
const attribute = (view: EntryView, code: string) =>
  String(Object.values(view.attributes.find((a) => a.code === code)?.params ?? {}))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('a thumbnail inside a picture', () => {
  it('is an entry of its own with the digests of its bytes', () => {
    expect(inside('agrees.jpg').content?.digests.sha256).toBe(sha256(own))
    expect(inside('differs.jpg').content?.digests.sha256).toBe(sha256(other))
    expect(inside('agrees.jpg').stages.read).toEqual({ result: 'done' })
  })

  it('is not looked at when it shows what its picture shows', () => {
    expect(attribute(views.get('agrees.jpg')!, 'embedded-thumbnail-agrees')).toMatch(/^\d+$/)
    expect(inside('agrees.jpg').stages['looked-at']).toMatchObject({ reason: 'shown-by-its-picture' })
    expect(inside('agrees.jpg').perceptualHashes).toEqual([])
  })

  it('is looked at when it shows something else', () => {
    expect(attribute(views.get('differs.jpg')!, 'embedded-thumbnail-differs')).toMatch(/^\d+$/)
    expect(inside('differs.jpg').stages['looked-at']).toEqual({ result: 'done' })
    expect(inside('differs.jpg').perceptualHashes).toHaveLength(1)
  })

  it('is what is left of a picture that cannot be decoded', () => {
    expect(views.get('damaged.jpg')!.stages['looked-at']).toMatchObject({ result: 'not-done' })
    expect(inside('damaged.jpg').content?.digests.sha256).toBe(sha256(other))
  })

  it('is looked at when it lies on the exhibit as a file as well', () => {
    expect(inside('copied.jpg').content?.digests.sha256).toBe(sha256(copied))
    expect(inside('copied.jpg').stages['looked-at']).toEqual({ result: 'done' })
    expect(views.get('small.jpg')!.stages['looked-at']).toEqual({ result: 'done' })
  })

  it('of a HEIC is an entry too, under the number of its item', () => {
    const [cut] = heifThumbnails(heicDiffers).found
    const entry = views.get('differs.heic » thumbnail item-2')
    expect(entry?.content).toMatchObject({ mediaType: 'image/heic', digests: { sha256: sha256(cut!.bytes) } })
    expect(entry?.stages['looked-at']).toEqual({ result: 'done' })
    expect(entry?.perceptualHashes).toHaveLength(1)
    expect(attribute(views.get('differs.heic')!, 'embedded-thumbnail-differs')).toMatch(/^\d+$/)
    expect(inside('agrees.heic').stages['looked-at']).toMatchObject({ reason: 'shown-by-its-picture' })
  })

  it('in another segment of a JPEG, as Photoshop keeps one, is an entry too', () => {
    const of = [...views].filter(([path]) => path.startsWith('edited.jpg »'))
    expect(of.map(([path, { content }]) => [path, content?.digests.sha256])).toEqual([
      ['edited.jpg » thumbnail exif', sha256(resized)],
      ['edited.jpg » thumbnail segment-1', sha256(other)],
    ])
    expect(views.get('edited.jpg » thumbnail segment-1')!.stages['looked-at']).toEqual({ result: 'done' })
    expect(attribute(views.get('edited.jpg')!, 'embedded-thumbnail-differs')).toMatch(/^\d+$/)
  })

  it('gives the same digests with one worker and with two', () => {
    const seal = (name: string) => {
      const ledger = openLedger(join(folder, name))
      ledger.close()
      return { ...ledger.seal!, utc: null }
    }
    expect(seal('again.sqlite')).toEqual(seal('case.sqlite'))
  })
})
