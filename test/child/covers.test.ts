import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import * as made from '../../fixtures/covers.ts'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { jpeg, noise } from '../../fixtures/pictures.ts'
import { noticeOf } from '../../src/formats/signatures/embedded/notice.ts'
import { WalkAsItPasses } from '../../src/formats/signatures/embedded/walk.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const front = await jpeg({ seed: 21, width: 320, height: 240 })
const back = await jpeg({ seed: 22, width: 64, height: 48 })
/** Fits into the sixteen bits of an ASF description. */
const tagged = (options: made.Id3Options) => Buffer.concat([made.id3([front, back], options), made.SILENCE])
let film: Buffer
let matroska: Buffer
beforeAll(async () => {
  const drawn = {
    width: 64,
    height: 48,
    frames: 5,
    framesPerSecond: 5,
    gop: 5,
    draw: (frame: number, x: number, y: number) => (frame * 9 + x + y) & 0xff,
  }
  film = await drawVideo(drawn)
  matroska = await drawVideo({ ...drawn, container: 'matroska' })
})

const COVERS = ['embedded cover-1.jpg', 'embedded cover-2.jpg']

describe('a sound or a film with pictures', () => {
  it.each<[string, string, () => Buffer, Buffer[]]>([
    ['ID3 2.2', 'audio/mpeg', () => tagged({ version: 2 }), [front, back]],
    [
      'ID3 2.2, unsynchronised',
      'audio/mpeg',
      () => tagged({ version: 2, isUnsynchronised: true }),
      [front, back],
    ],
    ['ID3 2.3', 'audio/mpeg', () => tagged({ version: 3 }), [front, back]],
    ['ID3 2.3 in UTF-16', 'audio/mpeg', () => tagged({ version: 3, isWide: true }), [front, back]],
    [
      'ID3 2.3, unsynchronised, extended',
      'audio/mpeg',
      () => tagged({ version: 3, isUnsynchronised: true, isExtended: true }),
      [front, back],
    ],
    ['ID3 2.3, compressed', 'audio/mpeg', () => tagged({ version: 3, isCompressed: true }), [front, back]],
    ['ID3 2.4', 'audio/mpeg', () => tagged({ version: 4 }), [front, back]],
    [
      'ID3 2.4 as iTunes wrote it',
      'audio/mpeg',
      () => tagged({ version: 4, plainSizes: true }),
      [front, back],
    ],
    [
      'ID3 2.4, unsynchronised, compressed, extended',
      'audio/mpeg',
      () => tagged({ version: 4, isUnsynchronised: true, isCompressed: true, isExtended: true }),
      [front, back],
    ],
    ['FLAC', 'audio/flac', () => made.flac([front, back]), [front, back]],
    ['Opus', 'audio/ogg', () => made.opus([front, back]), [front, back]],
    ['MP4', 'video/mp4', () => made.withCovers(film, [front, back]), [front, back]],
    ['APEv2', 'audio/mpeg', () => made.ape(front), [front]],
    ['APEv2 before ID3v1', 'audio/mpeg', () => made.ape(front, true), [front]],
    ['WMA', 'audio/x-ms-asf', () => made.wma(back), [back]],
    ['WMA, in its library', 'audio/x-ms-asf', () => made.wma(front, true), [front]],
    ['WAV', 'audio/wav', () => made.chunked(made.id3([front], { version: 3 }), false), [front]],
    ['AIFF', 'audio/aiff', () => made.chunked(made.id3([front], { version: 3 }), true), [front]],
    ['DSF', 'audio/x-dsf', () => made.dsf(made.id3([front], { version: 3 })), [front]],
  ])('of %s gives them', async (_, type, make, pictures) => {
    const whole = make()
    const { mediaType, hasAppended } = await identifyContent(whole)
    const { members, result } = await listContainer(whole)
    expect([mediaType, hasAppended, result]).toEqual([type, true, { result: 'done' }])
    expect(members.map(({ kind, name, digests }) => [`${kind} ${name}`, digests!.sha256])).toEqual(
      pictures.map((picture, i) => [COVERS[i], sha256(picture)]),
    )
  })

  it('of Matroska gives what is attached, by its name', async () => {
    const whole = made.withAttachment(matroska, 'cover.jpg', front)
    expect((await identifyContent(whole)).hasAppended).toBe(true)
    const { members, result } = await listContainer(whole)
    expect(members.map(({ name, digests }) => [name, digests!.sha256])).toEqual([
      ['cover.jpg', sha256(front)],
    ])
    expect(result).toEqual({ result: 'done' })
  })

  it('is noticed in chunks as it is in memory, and without pictures it is not', async () => {
    const withOne = [
      made.flac([front]),
      made.withCovers(film, [front]),
      made.wma(front, true),
      made.ape(front),
      made.withAttachment(matroska, 'a', front),
    ]
    const without = [
      made.flac([]),
      film,
      made.opus([]),
      matroska,
      made.SILENCE,
      Buffer.concat([made.id3([], { version: 4 }), made.SILENCE]),
    ]
    for (const [wholes, found] of [
      [withOne, true],
      [without, false],
    ] as const)
      for (const whole of wholes) {
        const { mediaType, hasAppended } = await identifyContent(whole)
        expect([mediaType, hasAppended ?? false]).toEqual([mediaType, found])
        // Its tag at the end is asked for after the one at the beginning: of a small file both are in one chunk.
        for (const bytes of mediaType === 'audio/mpeg' ? [65_536] : [13, 4096, 65_536]) {
          const passing = new WalkAsItPasses(noticeOf(mediaType, whole.length)!)
          for (let at = 0; at < whole.length; at += bytes) passing.take(whole.subarray(at, at + bytes), at)
          expect([mediaType, bytes, passing.finish()]).toEqual([mediaType, bytes, { found }])
        }
      }
  })

  it('says so where a picture in a tag is encrypted, or its packing is damaged', async () => {
    const whole = tagged({ version: 3, isCompressed: true })
    const at = whole.indexOf('APIC')
    const changed = (offset: number, byte: number) => {
      const bytes = Buffer.from(whole)
      bytes[at + offset] = byte
      return bytes
    }
    expect(await listContainer(changed(9, 0x40))).toMatchObject({
      members: [{ name: 'cover-1.jpg' }],
      result: { result: 'not-done', reason: 'not-built' },
    })
    expect((await listContainer(changed(14, 0))).result).toMatchObject({ reason: 'decode-failed' })
  })

  it('survives 300 mutants of each', async () => {
    for (const whole of [
      tagged({ version: 4, isCompressed: true }),
      made.flac([back]),
      made.opus([back]),
      made.withCovers(film, [back]),
      made.ape(back),
      made.wma(back, true),
      made.withAttachment(matroska, 'a', back),
    ])
      for (let i = 0; i < 300; i++) {
        const bytes = Buffer.from(whole)
        const random = noise(i, 16)
        for (let k = 0; k < 3; k++)
          bytes[(random.readUInt32LE(k * 4) * 31 + i * 7) % Math.min(bytes.length, 600)]! ^=
            (random[12 + k]! ^ i) & 0xff
        const { mediaType } = await identifyContent(whole)
        const { result } = await listContainer(bytes, mediaType)
        expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
      }
  }, 180_000)

  it('is opened in a scan: its pictures are matched and looked at', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    writeFileSync(join(root, 'song.mp3'), tagged({ version: 3 }))
    writeFileSync(join(root, 'song.flac'), made.flac([front]))
    writeFileSync(join(root, 'film.mp4'), made.withCovers(film, [front]))
    writeFileSync(join(root, 'film.mkv'), made.withAttachment(matroska, 'cover.jpg', front))
    writeFileSync(join(root, 'plain.flac'), made.flac([]))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${sha256(front)}\n`)
    const ledger = join(folder, 'case.sqlite')
    expect(seized(scanArgs(root, ledger, [`interest:${list}`], '--workers', '1')).stderr).toBe('')
    const rows = exported(ledger, folder)
    const hits = rows.filter((row) => row.hits.length > 0)
    expect(hits.map(({ path }) => path).sort()).toEqual([
      'film.mkv » embedded cover.jpg',
      'film.mp4 » embedded cover-1.jpg',
      'song.flac » embedded cover-1.jpg',
      'song.mp3 » embedded cover-1.jpg',
    ])
    for (const { stages } of hits) expect(stages['looked-at'].result).toBe('done')
    const row = (path: string) => rows.find((one) => one.path === path)
    // Its frames are smaller than models judge.
    expect(row('film.mp4').stages['looked-at']).toMatchObject({
      result: 'done-with-warnings',
      reason: 'too-small-for-models',
    })
    expect(row('plain.flac').stages.opened).toMatchObject({ reason: 'not-a-container' })
  }, 180_000)
})
