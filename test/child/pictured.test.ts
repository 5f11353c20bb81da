import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import * as made from '../../fixtures/pictured.ts'
import { drawing, drawRgb, jpeg, png } from '../../fixtures/pictures.ts'
import { Budget, wholeContent } from '../../src/formats/archives/common/container.ts'
import { flash } from '../../src/formats/archives/flash.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { databaseOf } from '../formats/sample.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const first = await jpeg({ seed: 31, width: 96, height: 72 })
const second = await jpeg({ seed: 32, width: 64, height: 48 })
const third = await png({ seed: 33, width: 64, height: 48 })
const preview = await drawing({ seed: 34, width: 32, height: 24 }).tiff().toBuffer()
const SIDES = { width: 30, height: 20 }
const rgb = drawRgb({ seed: 35, ...SIDES })
const NOT_BUILT = { result: 'not-done', reason: 'not-built' }

const held = async (bytes: Buffer) => {
  const { members, result } = await listContainer(bytes)
  return { members: members.map(({ name, digests }) => [name, digests!.sha256]), result }
}

describe('a file of a program that holds pictures', () => {
  it('of Flash gives them as they are, packed and plain, with an older head, and put together with their tables', async () => {
    for (const packing of ['F', 'C'] as const) {
      const older = Buffer.concat([Buffer.from('ffd9ffd8', 'hex'), second])
      const film = made.flashOf(
        [
          made.flashJpeg(1, first),
          made.flashMasked(2, second),
          made.flashJpeg(3, third),
          made.flashJpeg(4, older),
        ],
        packing,
      )
      expect(await held(film)).toEqual({
        members: [
          ['object-1.jpg', sha256(first)],
          ['object-2.jpg', sha256(second)],
          ['object-3.png', sha256(third)],
          ['object-4.jpg', sha256(second)],
        ],
        result: { result: 'done' },
      })
    }
    expect(await held(made.flashOf(made.flashParted(5, first)))).toEqual({
      members: [['object-5.jpg', sha256(first)]],
      result: { result: 'done' },
    })
  })

  it('of Flash gives bitmaps as pictures that show the same', async () => {
    await loadDecoders()
    for (const isPalette of [false, true]) {
      const tag = made.flashBitmap(1, SIDES, rgb, isPalette)
      const bmp = await bitmapIn(made.flashOf([tag]))
      const decoded = await decodePicture(bmp, 'image/bmp', { pixels: 1 << 20 })
      if (!decoded.ok) throw new Error(JSON.stringify(decoded))
      const { data, channels, width } = decoded.picture
      const at = (x: number, y: number) => [
        ...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3),
      ]
      for (const [x, y] of [
        [0, 0],
        [29, 0],
        [5, 7],
        [29, 19],
      ] as const) {
        const from = (y * 30 + (isPalette ? 0 : x)) * 3
        expect(at(x, y)).toEqual([...rgb.subarray(from, from + 3)])
      }
    }
  })

  it('of Flash says so where it is packed by LZMA, holds a video, or is damaged', async () => {
    expect((await held(made.flashOf([made.flashJpeg(1, first)], 'Z'))).result).toMatchObject(NOT_BUILT)
    const video = { code: 60, data: Buffer.alloc(10) }
    expect(await held(made.flashOf([video, made.flashJpeg(1, first)]))).toMatchObject({
      members: [['object-1.jpg', sha256(first)]],
      result: NOT_BUILT,
    })
    const cut = made.flashOf([made.flashJpeg(1, first)]).subarray(0, 900)
    expect((await held(cut)).result).toMatchObject({ reason: 'decode-failed' })
  })

  it('of glTF, Mobipocket and EPS gives textures, pictures of the book and the preview', async () => {
    expect(await held(made.gltfOf(first, second))).toEqual({
      members: [
        ['picture-1.jpg', sha256(first)],
        ['picture-2.jpg', sha256(second)],
      ],
      result: { result: 'done' },
    })
    expect(await held(made.mobipocketOf([first, third]))).toEqual({
      members: [
        ['record-2.jpg', sha256(first)],
        ['record-3.png', sha256(third)],
      ],
      result: { result: 'done' },
    })
    expect(await held(made.epsOf(preview))).toMatchObject({
      members: [['preview.tif', sha256(preview)]],
      result: NOT_BUILT,
    })
    expect((await held(Buffer.from('%!PS-Adobe-3.0\nshowpage\n'))).result).toMatchObject(NOT_BUILT)
    expect((await sharp(preview).metadata()).format).toBe('tiff')
  })

  it('survives 300 mutants', async () => {
    const wholes = [
      made.flashOf([made.flashBitmap(1, SIDES, rgb, true), made.flashMasked(2, second)], 'F'),
      made.gltfOf(second),
      made.mobipocketOf([second]),
      made.epsOf(preview),
    ]
    const types = [
      'application/x-shockwave-flash',
      'model/gltf-binary',
      'application/x-mobipocket-ebook',
      'application/eps',
    ]
    for (const [which, whole] of wholes.entries())
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.from(whole)
        for (let k = 0; k < 4; k++)
          bytes[(i * 37 + k * k * 101) % Math.min(bytes.length, 300)]! ^= (i * 7 + k * 29) & 0xff
        const { result } = await listContainer(bytes, types[which])
        expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
      }
  })

  it('is opened in a scan; what nothing reads makes coverage incomplete', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    writeFileSync(join(root, 'game.swf'), made.flashOf([made.flashJpeg(1, first)]))
    writeFileSync(join(root, 'model.glb'), made.gltfOf(first))
    writeFileSync(join(root, 'book.mobi'), made.mobipocketOf([first]))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${sha256(first)}\n`)
    const ledger = join(folder, 'case.sqlite')
    const args = [`interest:${list}`]
    expect(seized(scanArgs(root, ledger, args, '--workers', '1')).status).toBe(10)
    const hits = exported(ledger, folder).filter((row) => row.hits.length > 0)
    expect(hits.map(({ path }) => path).sort()).toEqual([
      'book.mobi » embedded record-2.jpg',
      'game.swf » embedded object-1.jpg',
      'model.glb » embedded picture-1.jpg',
    ])
    writeFileSync(join(root, 'page.ps'), '%!PS-Adobe-3.0\nshowpage\n')
    expect(seized(scanArgs(root, join(folder, 'second.sqlite'), args, '--workers', '1')).status).toBe(13)
  }, 180_000)

  it('in a text of a database is found by its list in a scan', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const url = `data:image/jpeg;base64,${first.toString('base64')}`
    const storage = `INSERT INTO storage VALUES ('user', '{"avatar":"${url}"}')`
    writeFileSync(join(root, 'app.db'), databaseOf('CREATE TABLE storage (key TEXT, value TEXT)', storage))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${sha256(first)}\n`)
    const ledger = join(folder, 'case.sqlite')
    // Records of a database that nothing knows are not read, so coverage is incomplete.
    expect(seized(scanArgs(root, ledger, [`interest:${list}`], '--workers', '1')).status).toBe(13)
    const hits = exported(ledger, folder).filter((row) => row.hits.length > 0)
    expect(hits.map(({ path }) => path)).toEqual(['app.db » embedded storage 1 value written-1.jpg'])
  }, 180_000)
})

async function bitmapIn(film: Buffer): Promise<Buffer> {
  const budget = new Budget({ entries: 10, bytes: 1 << 20, ratio: 1000 }, film.length)
  for await (const member of flash.members(sourceOfBuffer(film), budget)) {
    const content = await wholeContent(member)
    if (Buffer.isBuffer(content)) return content
  }
  throw new Error('nothing inside')
}
