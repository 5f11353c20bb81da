import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { jpeg, png } from '../../fixtures/pictures.ts'
import * as made from '../../fixtures/written.ts'
import { noticeOf } from '../../src/formats/signatures/embedded/notice.ts'
import { WalkAsItPasses } from '../../src/formats/signatures/embedded/walk.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const photo = await jpeg({ seed: 31, width: 320, height: 240 })
const drawing = await png({ seed: 32, width: 90, height: 70 })
/** Of each remainder of three: two padded by `=`, one not. */
const lengths = [0, 1, 2].map((more) => Buffer.concat([photo, Buffer.alloc(more)]))

async function heldIn(text: Buffer | string) {
  const whole = Buffer.from(text as string)
  const { mediaType, hasAppended } = await identifyContent(whole)
  const { members, result } = await listContainer(whole)
  return { mediaType, hasAppended, result, digests: members.map(({ digests }) => digests!.sha256) }
}

describe('a picture that is written into text', () => {
  it.each<[string, string, (picture: Buffer) => Buffer | string]>([
    ['a web page', 'text/html', made.page],
    ['a style', 'text/plain', made.style],
    ['an address with escapes', 'text/html', made.escapedPage],
    ['a drawing', 'image/svg+xml', made.drawing],
    ['a card of version 3', 'text/vcard', made.foldedCard],
    ['a card of version 2.1', 'text/vcard', made.linedCard],
    ['an export in JSON', 'application/json', made.json],
    ['an export in JSON with escaped slashes', 'application/json', made.escapedJson],
    ['a book', 'application/xml', made.book],
    ['a document of Word 2003', 'application/xml', made.wordXml],
    ['a property list', 'application/x-plist', made.propertyList],
    ['an entry of a directory', 'text/plain', made.directoryEntry],
    ['a dump in hexadecimal digits', 'text/plain', made.dump],
    ['a mail’s body', 'message/rfc822', made.mail],
    ['an RTF document', 'application/rtf', made.rtf],
    ['an RTF document in bytes', 'application/rtf', made.binaryRtf],
    ['a binary property list', 'application/x-bplist', made.binaryList],
  ])('of %s is opened, byte for byte', async (_, type, write) => {
    for (const picture of lengths) {
      const found = await heldIn(write(picture))
      expect(found.mediaType).toBe(type)
      expect([found.digests, found.result]).toEqual([[sha256(picture)], { result: 'done' }])
      if (type !== 'message/rfc822') expect(found.hasAppended).toBe(true)
    }
  })

  it.each(['utf16le', 'utf-16be'])('of a web page in %s is opened', async (encoding) => {
    const wide = Buffer.from(`\ufeff${made.page(photo)}`, 'utf16le')
    const { digests, result, hasAppended } = await heldIn(encoding === 'utf16le' ? wide : wide.swap16())
    expect([digests, result, hasAppended]).toEqual([[sha256(photo)], { result: 'done' }, true])
  })

  it('is found beside others, in their order, also where it is longer than what is read at once', async () => {
    const large = Buffer.concat([photo, randomBytes(seeded(5), 3 << 20)])
    const text = [photo, large, drawing].map((one) => made.style(one)).join('x'.repeat(700_000))
    const { digests, result } = await heldIn(text)
    expect([digests, result]).toEqual([[photo, large, drawing].map(sha256), { result: 'done' }])
    const rtf = Buffer.concat([photo, large, drawing].map((one) => Buffer.from(made.rtf(one))))
    expect((await heldIn(rtf)).digests).toEqual([photo, large, drawing].map(sha256))
  })

  it('is noticed in chunks wherever they are cut', async () => {
    const text = Buffer.from(`${'words '.repeat(50)}${made.style(photo)}`)
    const mark = text.indexOf('base64,')
    for (const size of [1, 7, 64, mark + 3, mark + 9]) {
      const walk = new WalkAsItPasses(noticeOf('text/plain', text.length)!)
      for (let at = 0; at < text.length; at += size) walk.take(text.subarray(at, at + size), at)
      expect(walk.finish(), `chunks of ${size}`).toEqual({ found: true })
    }
    const plain = Buffer.from('words '.repeat(50))
    const walk = new WalkAsItPasses(noticeOf('text/plain', plain.length)!)
    for (let at = 0; at < plain.length; at += 7) walk.take(plain.subarray(at, at + 7), at)
    expect(walk.finish()).toEqual({ found: false })
  })

  it('is none where letters stand for nothing known', async () => {
    for (const text of [
      'atob("base64,") and /9j/4 too short',
      `key: ${randomBytes(seeded(3), 400).toString('base64')}`,
      `base64,${randomBytes(seeded(4), 4000).toString('base64')}`,
      'ffd8ffe0 are the first bytes of a JPEG',
      '{\\rtf1 \\pict }',
    ])
      expect(await heldIn(text), text.slice(0, 20)).toMatchObject({ digests: [], result: { result: 'done' } })
  })

  it('is not the only thing that RTF holds: an object is a compound file', async () => {
    const object = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), randomBytes(seeded(8), 2000)])
    const data = Buffer.concat([Buffer.from('0105000002000000', 'hex'), Buffer.from('Package\0'), object])
    const { members } = await listContainer(
      Buffer.from(`{\\rtf1{\\object\\objemb{\\*\\objdata ${data.toString('hex')}}}}`),
    )
    expect(members.map(({ name, digests }) => [name, digests!.sha256])).toEqual([
      ['written-1.doc', sha256(object)],
    ])
  })

  it('that RTF keeps as a bitmap or a metafile of old Macs is said not to be read', async () => {
    const { result } = await heldIn('{\\rtf1{\\pict\\dibitmap0\\picw9 2800000001}{\\pict\\pngblip 00}}')
    expect(result).toMatchObject({ result: 'not-done', reason: 'not-built' })
  })

  it('cut or changed anywhere ends by itself, and what stands before it is given', async () => {
    const random = seeded(77)
    const texts = [made.foldedCard(photo), made.rtf(photo), made.json(photo), made.binaryList(photo)]
    for (const text of texts)
      for (let round = 0; round < 50; round++) {
        const whole = Buffer.from(text as string)
        const changed = Buffer.from(whole)
        const drawn = randomBytes(random, 24)
        const place = (n: number) => drawn.readUInt32LE(n * 4) % whole.length
        for (let n = 0; n < 3; n++) changed[place(n)] = drawn[16 + n]!
        for (const mutant of [changed, whole.subarray(0, place(3))]) {
          const { mediaType } = await identifyContent(whole)
          const { result } = await listContainer(mutant, mediaType)
          expect(['done', 'not-done', 'done-with-warnings']).toContain(result.result)
        }
      }
  })
})
