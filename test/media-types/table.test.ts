import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { supportedMimeTypes } from 'file-type'
import { describe, expect, it } from 'vitest'
import { EXTRACTORS } from '../../src/formats/archives/index.ts'
import { DECODERS } from '../../src/formats/media/picture/decode.ts'
import { TEXT_EXTRACTORS } from '../../src/formats/text/index.ts'
import { demuxerOf, holdsOthers, holdsText, lookOf } from '../../src/media-types/applies.ts'
import { MEDIA_TYPES } from '../../src/media-types/table.ts'

const FORMATS = join(import.meta.dirname, '../../src/formats')
const rowed = new Set(MEDIA_TYPES.map(({ type }) => type))

describe('the table of media types', () => {
  it('has one row a type', () => {
    expect(rowed.size).toBe(MEDIA_TYPES.length)
  })

  it('asks for the stages that can do something with a type', () => {
    const types = (look: 'picture' | 'video') => MEDIA_TYPES.filter((row) => row.look === look).length
    expect([types('picture') > 60, types('video') > 25]).toEqual([true, true])
    expect(['application/zip', 'message/rfc822', 'application/pdf'].every(holdsOthers)).toBe(true)
    expect(holdsOthers('application/vnd.openxmlformats-officedocument.wordprocessingml.document')).toBe(true)
    expect(holdsOthers('image/jpeg')).toBe(false)
    expect(
      ['text/plain', 'application/json', 'application/pdf', 'application/x-sqlite3'].every(holdsText),
    ).toBe(true)
    expect(holdsText('application/octet-stream')).toBe(false)
  })

  it('looks at pictures and videos it never heard of, so that they are said to be unsupported', () => {
    expect([lookOf('image/x-new'), lookOf('video/x-new'), demuxerOf('video/x-new')]).toEqual([
      'picture',
      'video',
      null,
    ])
  })

  it('has no video whose container FFmpeg is not told, but those that it has no demuxer for', () => {
    const without = MEDIA_TYPES.filter(({ look, demuxer }) => look === 'video' && demuxer === undefined)
    expect(without.map(({ type }) => type)).toEqual(['video/x-mng', 'video/x-r3d'])
  })

  it('holds every type that a decoder reads, as a picture', () => {
    for (const { name, mediaTypes } of DECODERS)
      for (const type of mediaTypes)
        expect([name, type, rowed.has(type), lookOf(type)]).toEqual([name, type, true, 'picture'])
  })

  it('holds every type that an opener opens, as one that holds others', () => {
    for (const { id, mediaTypes } of EXTRACTORS)
      for (const type of mediaTypes)
        expect([id, type, rowed.has(type), holdsOthers(type)]).toEqual([id, type, true, true])
  })

  it('reaches every text extractor by a type that holds text', () => {
    for (const extractor of TEXT_EXTRACTORS) {
      const reached = MEDIA_TYPES.filter(
        ({ type, text }) => text && TEXT_EXTRACTORS.find(({ reads }) => reads(type)) === extractor,
      )
      expect([extractor.id, reached.length > 0]).toEqual([extractor.id, true])
    }
  })

  it('has first bytes in each row, or a check that finds the type, or the library does', () => {
    const sources = readdirSync(FORMATS, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^signatures\/.*\.ts$|\/signature\.ts$/.test(file))
      .map((file) => readFileSync(join(FORMATS, file), 'utf8'))
      .join('\n')
    const checked = new Set([...sources.matchAll(/'([a-z]+\/[\w.+-]+)'/g)].map(([, type]) => type))
    const untold = MEDIA_TYPES.filter(
      ({ type, begins }) =>
        begins === undefined && !checked.has(type) && !supportedMimeTypes.has(type as never),
    ).map(({ type }) => type)
    expect(untold.filter((type) => !ELSEWHERE.has(type) && !type.startsWith('application/x-ithmb-'))).toEqual(
      [],
    )
    expect([...ELSEWHERE].filter((type) => !untold.includes(type))).toEqual([])
  })
})

/** Other names of a type, which lists and other tools state, and types that a name or another content tells. */
const ELSEWHERE = new Set<string>([
  'image/sgi',
  'image/tga',
  'image/vnd.microsoft.icon',
  'image/x-dds',
  'image/x-jp2-codestream',
  'image/x-ms-bmp',
  'image/x-pcx',
  'image/x-portable-arbitrarymap',
  'image/x-portable-bitmap',
  'image/x-portable-graymap',
  'image/x-portable-pixmap',
  'image/x-targa',
  'image/x-win-bitmap',
  'video/avi',
  'video/mj2',
  'video/mp1s',
  'video/mp2p',
  'video/vnd.rn-realvideo',
  'video/x-fli',
  'video/x-msvideo',
  'application/x-signal-database',
  'text/xml',
  'application/vnd.sqlite3',
  'application/octet-stream',
  'application/x-ios-backup-manifest',
  'application/x-sqlcipher-database',
])
