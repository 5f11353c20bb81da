/** Answers of a reader process that cannot be: none is taken, and the first that is sound is. */
import { describe, expect, it } from 'vitest'
import { digestsOf } from '../../src/hash/digest.ts'
import { MEDIA_TYPES } from '../../src/media-types/table.ts'
import { checked, MEDIA_TYPE } from '../../src/wire/checks.ts'
import { ImplausibleReply } from '../../src/wire/implausible.ts'
import { checkedDigests, checkedPassedOn } from '../../src/wire/reader.ts'
import { answerOf } from '../../src/wire/reader-protocol.ts'

const SIZES = [5]
const DIGESTS = digestsOf(Buffer.from('tried'))
const sound: unknown[] = [...answerOf(DIGESTS, 5, { mediaType: 'text/plain' })]
const failed: unknown[] = ['io-error', 3, { code: 'errno', params: { errno: 'EIO', offset: 3 } }]

const batch = (...answers: unknown[]) => ({ answers, atimeTouched: false })
const withItem = (index: number, value: unknown) => batch(sound.with(index, value))
const withFailure = (index: number, value: unknown) => batch(failed.with(index, value))

const LIES: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  'a number': 7,
  'an array': [],
  'no answers': { atimeTouched: false },
  'answers that are none': { answers: {}, atimeTouched: false },
  'too few': batch(),
  'too many': batch(sound, sound),
  'something besides': { ...batch(sound), more: 1 },
  'a flag that is none': { answers: [sound], atimeTouched: 1 },
  'an answer of null': batch(null),
  'a short answer': batch(sound.slice(0, 7)),
  'a long answer': batch([...sound, 'x']),
  'digests of eDonkey that nobody asked for': batch([...sound, DIGESTS.md5, DIGESTS.md5]),
  'a size of 1.5': withItem(1, 1.5),
  'a size of −5': withItem(1, -5),
  'a size above 2^53': withItem(1, 2 ** 53),
  'a size as text': withItem(1, '5'),
  'another size than was listed': withItem(1, 6),
  'a media type with a line break': withItem(2, 'text/plain\n'),
  'a media type that is a sentence': withItem(2, 'text/an illegal picture'),
  'a flag as text': withItem(3, 'false'),
  'an MD5 of 31 letters': withItem(4, DIGESTS.md5.slice(1)),
  'an MD5 in capitals': withItem(4, DIGESTS.md5.toUpperCase()),
  'a SHA-1 of 64': withItem(5, DIGESTS.sha256),
  'a SHA-256 that is no hex': withItem(6, 'z'.repeat(64)),
  'a SHA-256 of null': withItem(6, null),
  'a BLAKE3 that is a path': withItem(7, '../../etc/passwd'),
  'a BLAKE3 with a line break': withItem(7, `${DIGESTS.blake3}\n`),
  'a reason that there is not': withFailure(0, 'no-such-reason'),
  'a reason of another outcome': withFailure(0, 'directory'),
  'a reason out of the prototype': withFailure(0, 'constructor'),
  'bytes read of −1': withFailure(1, -1),
  'a detail of no code': withFailure(2, { code: 'no-such-code', params: {} }),
  'a detail with other parameters': withFailure(2, { code: 'errno', params: { errno: 5 } }),
  'a detail with a parameter more': withFailure(2, { code: 'errno', params: { errno: 'EIO', x: '' } }),
  'a detail of a megabyte': withFailure(2, { code: 'errno', params: { errno: 'E'.repeat(1 << 20) } }),
  'that it was sent': batch(['sent', 5, null]),
}

describe('digests', () => {
  it('that belong to what was asked are taken', () => {
    expect(checkedDigests(batch(sound), SIZES, false).answers).toEqual([sound])
    expect(checkedDigests(batch(failed), SIZES, false).answers).toEqual([failed])
    const red = digestsOf(Buffer.from('tried'), undefined)
    const ed2k = [...answerOf({ ...red, ed2kRed: red.md5, ed2kBlue: red.md5 }, 5, { mediaType: 'a/b' })]
    expect(checkedDigests(batch(ed2k), SIZES, true).answers).toEqual([ed2k])
    expect(() => checkedDigests(batch(sound), SIZES, true)).toThrow(ImplausibleReply)
  })

  it.each(Object.keys(LIES))('of %s are refused', (lie) => {
    expect(() => checkedDigests(LIES[lie], SIZES, false)).toThrow(ImplausibleReply)
  })

  it('of an empty file are those of an empty file', () => {
    const empty = (digests: typeof DIGESTS) =>
      batch([...answerOf(digests, 0, { mediaType: 'inode/x-empty' })])
    expect(() => checkedDigests(empty(digestsOf(Buffer.alloc(0))), [0], false)).not.toThrow()
    expect(() => checkedDigests(empty(DIGESTS), [0], false)).toThrow(ImplausibleReply)
  })
})

describe('a content that was passed on', () => {
  it('is taken whole, or with the reason', () => {
    expect(checkedPassedOn(batch(['sent', 5, null]), 5).answers).toEqual([['sent', 5, null]])
    expect(checkedPassedOn(batch(failed), 5).answers).toEqual([failed])
  })

  it.each([
    ['another size', batch(['sent', 6, null])],
    ['a detail', batch(['sent', 5, { code: 'no-place', params: {} }])],
    ['digests', batch(sound)],
    ['two answers', batch(['sent', 5, null], ['sent', 5, null])],
    ['null', null],
  ])('is not with %s', (_, lie) => {
    expect(() => checkedPassedOn(lie, 5)).toThrow(ImplausibleReply)
  })
})

it('every media type of the table is one that may be said', () => {
  for (const { type } of MEDIA_TYPES) expect(checked(MEDIA_TYPE, type, 'a type')).toBe(type)
})
