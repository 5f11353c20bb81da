import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { drawVideo } from '../../fixtures/draw-video.ts'
import {
  googleMotion,
  heicMotion,
  multiPicture,
  SAMSUNG_TIME,
  samsungTrailer,
} from '../../fixtures/held-pictures.ts'
import { drawing, drawRgb, jpeg, noise, png, webp, withThumbnail } from '../../fixtures/pictures.ts'
import { noticeOf } from '../../src/formats/signatures/embedded/notice.ts'
import { WalkAsItPasses, walkedIn } from '../../src/formats/signatures/embedded/walk.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { sevenZipOf, zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const first = await jpeg({ seed: 11, width: 320, height: 240 })
const second = await jpeg({ seed: 12, width: 160, height: 120 })
const third = await jpeg({ seed: 13, width: 64, height: 48 })
const still = await png({ seed: 14, width: 80, height: 60 })
const web = await webp({ seed: 15, width: 80, height: 60 })
const gif = await drawing({ seed: 16, width: 80, height: 60 }).gif().toBuffer()
let film: Buffer
let heic: Buffer
beforeAll(async () => {
  film = await drawVideo({
    width: 64,
    height: 48,
    frames: 10,
    framesPerSecond: 10,
    gop: 5,
    draw: (frame, x, y) => (frame * 9 + x * 2 + y) & 0xff,
  })
  heic = await heicFile(drawRgb({ seed: 17, width: 128, height: 96 }), 128, 96)
})

const archive = () => sevenZipOf('7z', { 'letter.txt': Buffer.from('The train leaves at nine.\n') })

async function inside(whole: Buffer) {
  const { members, result } = await listContainer(whole)
  const held = members.map(({ name, kind, digests }) => [`${kind} ${name}`, digests!.sha256])
  return { held, result, isNoticed: (await identifyContent(whole)).hasAppended === true }
}

/** Each of them in order, noticed while it is read and given out byte for byte. */
async function holds(whole: Buffer, wanted: readonly (readonly [string, Buffer])[]) {
  expect(await inside(whole)).toEqual({
    held: wanted.map(([name, bytes]) => [`embedded ${name}`, sha256(bytes)]),
    result: { result: 'done' },
    isNoticed: true,
  })
}

describe('a picture that holds more', () => {
  it('gives the film of a motion photo: Google, with a gain map before it, and as MicroVideo', async () => {
    await holds(googleMotion(first, film), [['motion.mp4', film]])
    await holds(googleMotion(first, film, third), [
      ['picture-2.jpg', third],
      ['motion.mp4', film],
    ])
    await holds(googleMotion(withThumbnail(first, third), film), [['motion.mp4', film]])
  })

  it('gives the film of Samsung’s trailer, and nothing of the few words that stand behind each of its pictures', async () => {
    const motion = { kind: 0x0a30, name: 'MotionPhoto_Data', data: film }
    await holds(Buffer.concat([first, samsungTrailer([SAMSUNG_TIME, motion])]), [['motion.mp4', film]])
    const plain = Buffer.concat([first, samsungTrailer([SAMSUNG_TIME])])
    expect(await inside(plain)).toMatchObject({ held: [], isNoticed: false })
  })

  it('gives the film of a HEIC, in its box and behind all boxes', async () => {
    await holds(heicMotion(heic, film), [['motion.mp4', film]])
    await holds(Buffer.concat([heic, film]), [['motion.mp4', film]])
  })

  it('gives every picture of an MPO file where its index says that it lies', async () => {
    const whole = multiPicture([first, second, third])
    await holds(whole, [
      ['picture-2.jpg', second],
      ['picture-3.jpg', third],
    ])
    const counted = whole.indexOf('MPF\0') + 4
    const at = counted + whole.readUInt32LE(counted + 50 + 16 + 8)
    expect(whole.subarray(at, at + second.length)).toEqual(second)
  })

  it.each<[string, () => Buffer | Promise<Buffer>, [string, () => Buffer][]]>([
    ['a PNG behind a PNG', () => Buffer.concat([still, still]), [['picture-2.png', () => still]]],
    ['a JPEG behind a PNG', () => Buffer.concat([still, second]), [['picture-2.jpg', () => second]]],
    ['a film behind a GIF', () => Buffer.concat([gif, film]), [['motion.mp4', () => film]]],
    ['a GIF behind a WebP', () => Buffer.concat([web, gif]), [['picture-2.gif', () => gif]]],
    [
      'a WebP behind a JPEG, after fill',
      () => Buffer.concat([first, Buffer.alloc(5000), web]),
      [['picture-2.webp', () => web]],
    ],
    ['a JPEG behind a film', () => Buffer.concat([film, first]), [['picture-2.jpg', () => first]]],
    ['a film behind a film', () => Buffer.concat([film, film]), [['motion.mp4', () => film]]],
    [
      'unknown bytes behind a JPEG',
      () => Buffer.concat([first, noise(3, 5000)]),
      [['behind.bin', () => noise(3, 5000)]],
    ],
    [
      'unknown bytes between pictures',
      () => Buffer.concat([first, noise(3, 5000), second]),
      [
        ['behind.bin', () => noise(3, 5000)],
        ['picture-2.jpg', () => second],
      ],
    ],
  ])('gives %s', async (_, make, wanted) => {
    await holds(
      await make(),
      wanted.map(([name, bytes]) => [name, bytes()]),
    )
  })

  it('gives an archive of 7-Zip behind a picture, and a ZIP and what lies before it', async () => {
    const packed = await archive()
    await holds(Buffer.concat([first, packed]), [['behind.7z', packed]])
    const zip = zipOf({ 'a.txt': Buffer.from('words') })
    const { held } = await inside(Buffer.concat([first, second, zip]))
    expect(held.map(([name]) => name)).toEqual(['member a.txt', 'embedded picture-2.jpg'])
  })

  it('takes zeros, fill and a few stray bytes behind the end for nothing', async () => {
    for (const behind of [Buffer.alloc(100_000), Buffer.alloc(512, 0xff), Buffer.from('\r\n'), noise(4, 300)])
      for (const picture of [first, still, gif, web])
        expect(await inside(Buffer.concat([picture, behind]))).toMatchObject({ held: [], isNoticed: false })
    for (const picture of [first, still, gif, web, heic, film])
      expect((await identifyContent(picture)).hasAppended).toBeUndefined()
  })

  it('finds what lies behind a picture that was cut, without its end or before it', async () => {
    await holds(Buffer.concat([first.subarray(0, first.length - 200), second]), [['picture-2.jpg', second]])
    await holds(Buffer.concat([first.subarray(0, first.length - 200), film]), [['motion.mp4', film]])
  })

  it('gives 256 of the pictures that a webcam wrote one behind the other, and says how many were left', async () => {
    const frames = 300
    const { held, result } = await inside(Buffer.concat(Array.from({ length: frames }, () => third)))
    expect([held.length, held.at(-1)![0]]).toEqual([256, 'embedded picture-257.jpg'])
    expect(result).toEqual({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'pictures-passed-over', params: { pictures: frames - 1 - 256 } },
    })
  })

  it('is noticed alike in memory and in chunks of any size', async () => {
    const wholes = [
      googleMotion(first, film),
      Buffer.concat([still, second]),
      first,
      gif,
      heicMotion(heic, film),
      film,
    ]
    for (const whole of wholes) {
      const { mediaType } = await identifyContent(whole)
      const inMemory = walkedIn(noticeOf(mediaType, whole.length)!, whole)
      for (const chunk of [1, 7, 1000, 65_536]) {
        const passing = new WalkAsItPasses(noticeOf(mediaType, whole.length)!)
        for (let at = 0; at < whole.length; at += chunk)
          passing.take(Buffer.from(whole.subarray(at, at + chunk)), at)
        expect([mediaType, chunk, passing.finish()]).toEqual([mediaType, chunk, { found: inMemory }])
      }
    }
  })

  it('is opened in a scan: what it holds is matched and looked at, also when it is larger than what a reader holds', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const files: Record<string, Buffer> = {
      'google.jpg': googleMotion(first, film),
      'samsung.jpg': Buffer.concat([
        first,
        samsungTrailer([SAMSUNG_TIME, { kind: 0x0a30, name: 'MotionPhoto_Data', data: film }]),
      ]),
      'motion.heic': heicMotion(heic, film),
      'stereo.mpo': multiPicture([first, second]),
      'large.jpg': Buffer.concat([first, noise(9, 13 << 20), second]),
      'packed.png': Buffer.concat([still, await archive()]),
      'plain.jpg': first,
    }
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes)
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${sha256(film)}\n${sha256(second)}\n`)
    const ledger = join(folder, 'case.sqlite')
    expect(seized(scanArgs(root, ledger, [`interest:${list}`], '--workers', '1')).stderr).toBe('')
    const rows = exported(ledger, folder)
    const hits = rows.filter((row) => row.hits.length > 0).map(({ path }) => path)
    expect(hits.sort()).toEqual([
      'google.jpg » embedded motion.mp4',
      'large.jpg » embedded picture-2.jpg',
      'motion.heic » embedded motion.mp4',
      'samsung.jpg » embedded motion.mp4',
      'stereo.mpo » embedded picture-2.jpg',
    ])
    const row = (path: string) => rows.find((one) => one.path === path)
    // Frames of the film are smaller than models judge.
    for (const path of hits)
      expect(row(path).stages['looked-at']).toMatchObject(
        path.endsWith('.mp4')
          ? { result: 'done-with-warnings', reason: 'too-small-for-models' }
          : { result: 'done' },
      )
    expect(row('packed.png » embedded behind.7z » member letter.txt').stages.read.result).toBe('done')
    expect(row('google.jpg').stages).toMatchObject({
      opened: { result: 'done' },
      'looked-at': { result: 'done' },
    })
    expect(row('plain.jpg').stages.opened).toMatchObject({ reason: 'not-a-container' })
    expect(seized(['verify', ledger]).status).toBe(0)
  }, 180_000)
})
