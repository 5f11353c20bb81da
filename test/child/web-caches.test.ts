/** Entries of browsers' caches, made byte by byte: bodies under their addresses, as they were sent and unpacked. */

import { hash, randomFillSync } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  blockCache,
  type Cached,
  firefoxEntry,
  simpleEntry,
  simpleParts,
} from '../../fixtures/device/caches.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { mutant, recordsOf } from '../formats/artefacts/records-of.ts'
import { listContainer } from './list-container.ts'

const AT = 1_600_000_000
const URL = 'https://example.org/lake/map.jpg?w=200'
const picture = await jpeg({ seed: 4, width: 96, height: 72 })
const script = Buffer.from('/* The ferry leaves at nine. */'.repeat(300))

async function members(bytes: Buffer, beside?: ReadonlyMap<string, Buffer>) {
  const { members, mediaType, result } = await listContainer(bytes, undefined, '', beside)
  const seen = members.map(({ name, digests, mediaType: type, modified, read }) => ({
    name,
    sha256: digests?.sha256,
    type,
    ns: modified?.ns ?? null,
    read: read.result,
  }))
  return { mediaType, result, seen }
}

const sha256 = (bytes: Buffer) => hash('sha256', bytes)
const NS = `${AT}000000000`

describe.each([
  ['Chromium (simple cache)', 'application/x-chromium-cache-entry', simpleEntry],
  ['Firefox', 'application/x-firefox-cache-entry', (cached: Cached) => firefoxEntry(cached)],
])('an entry of the cache of %s', (_program, type, make) => {
  it('is told by its bytes, although it begins or goes on as a picture; the picture is named after its address', async () => {
    expect(await members(make({ url: URL, body: picture, at: AT }))).toEqual({
      mediaType: type,
      result: { result: 'done' },
      seen: [{ name: URL, sha256: sha256(picture), type: 'image/jpeg', ns: NS, read: 'done' }],
    })
  })

  it.each([
    ['br', '.br', brotliCompressSync(script)],
    ['deflate', '.deflate', deflateSync(script)],
    ['deflate', '.deflate', deflateRawSync(script)],
  ])('that was sent as %s is there as it was sent (%s) and unpacked', async (encoding, end, body) => {
    const { seen } = await members(make({ url: URL, body, encoding }))
    expect(seen.map(({ name, sha256 }) => [name, sha256])).toEqual([
      [`${URL}${end}`, sha256(body)],
      [URL, sha256(script)],
    ])
  })

  it('that was sent as GZIP is left to the opener of that format', async () => {
    const body = gzipSync(script)
    const { seen } = await members(make({ url: URL, body, encoding: 'gzip' }))
    expect(seen).toMatchObject([{ name: `${URL}.gz`, type: 'application/gzip', sha256: sha256(body) }])
  })

  it('whose packed body is damaged gives what could be unpacked, and says so', async () => {
    const body = brotliCompressSync(picture)
    const { seen, result } = await members(make({ url: URL, body: body.subarray(0, -9), encoding: 'br' }))
    expect(seen.map(({ name, read }) => [name, read])).toEqual([
      [`${URL}.br`, 'done'],
      [URL, expect.stringMatching(/^(done-with-warnings|not-done)$/)],
    ])
    expect(JSON.stringify([seen, result])).toMatch(/not-done|members-damaged/)
  })

  it('without a body holds nothing', async () => {
    expect((await members(make({ url: URL, body: Buffer.alloc(0) }))).seen).toEqual([])
  })

  it('survives 200 mutants', async () => {
    const bytes = make({ url: URL, body: brotliCompressSync(picture), encoding: 'br', at: AT })
    for (let i = 0; i < 200; i++) {
      const { result } = await listContainer(mutant(bytes, i), type)
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})

describe('an entry of Chromium', () => {
  const whole = simpleEntry({ url: URL, body: picture, at: AT })

  it('of which a byte of the body was changed is told by its checksum', async () => {
    const changed = Buffer.from(whole)
    changed[300]! ^= 1
    const { seen, result } = await members(changed)
    expect(seen).toMatchObject([{ name: URL, read: 'done-with-warnings' }])
    expect(result).toMatchObject({ reason: 'partly-examined', detail: { code: 'members-damaged' } })
  })

  it('that breaks off gives the body as far as it goes', async () => {
    const { seen, result } = await members(whole.subarray(0, 1200))
    expect(seen).toMatchObject([{ name: URL, type: 'image/jpeg', read: 'done-with-warnings' }])
    expect(result).toMatchObject({ result: 'done-with-warnings', reason: 'partly-examined' })
  })

  it('that came in parts is joined where they touch', async () => {
    const parts = simpleParts(URL, [
      [1000, picture.subarray(1000)],
      [0, picture.subarray(0, 1000)],
      [9_000_000, script],
    ])
    expect((await members(parts)).seen.map(({ name, sha256 }) => [name, sha256])).toEqual([
      [URL, sha256(picture)],
      [`${URL} bytes=9000000-${9_000_000 + script.length - 1}`, sha256(script)],
    ])
    expect((await members(parts.subarray(0, -5))).result).toMatchObject({ reason: 'partly-examined' })
    for (let i = 0; i < 200; i++) await listContainer(mutant(parts, i), 'application/x-chromium-cache-entry')
  })
})

describe('an entry of Firefox', () => {
  it('ends where what was made of it begins', async () => {
    const made = Buffer.from('compiled'.repeat(50))
    const { seen } = await members(firefoxEntry({ url: URL, body: script }, made))
    expect(seen).toMatchObject([{ name: URL, sha256: sha256(script) }])
  })

  it('of more than one piece is told too', async () => {
    const body = Buffer.alloc(700_000, 'lake ')
    expect((await members(firefoxEntry({ url: URL, body }))).seen).toMatchObject([{ sha256: sha256(body) }])
  })
})

describe('block files of Chromium', () => {
  const long = `https://example.org/${'lake/'.repeat(300)}long.jpg`
  const small = picture.subarray(0, 900)
  const large = Buffer.concat([picture, Buffer.alloc(20_000, 7)])
  // Too large for blocks.
  const drawing = Buffer.concat([Buffer.from('<svg>'), randomFillSync(Buffer.alloc(20_000))])
  const packed = brotliCompressSync(drawing)
  const files = blockCache([
    { url: URL, body: picture, at: AT },
    { url: long, body: small, at: AT },
    { url: 'https://example.org/a.js', body: brotliCompressSync(script), encoding: 'br', at: AT },
    { url: 'https://example.org/large.jpg', body: large, at: AT },
    { url: 'https://example.org/none', body: Buffer.alloc(0), at: AT },
    { url: 'https://example.org/packed.svg', body: packed, encoding: 'br', at: AT },
  ])
  const entries = files.get('data_1')!
  const beside = new Map([...files].filter(([name]) => name !== 'data_1'))

  it('give bodies by their length, not that of the blocks, under their addresses; what has a file of its own is left to it', async () => {
    const { seen, mediaType, result } = await members(entries, beside)
    expect([mediaType, result]).toEqual(['application/x-chromium-cache-blocks', { result: 'done' }])
    expect(seen.map(({ name, sha256, ns }) => [name, sha256, ns])).toEqual([
      [URL, sha256(picture), NS],
      [long, sha256(small), NS],
      ['https://example.org/a.js.br', sha256(brotliCompressSync(script)), NS],
      ['https://example.org/a.js', sha256(script), NS],
      // Of files of their own those that were sent packed, unpacked.
      ['https://example.org/packed.svg', sha256(drawing), NS],
    ])
  })

  it('whose others are gone say how many bodies are lost', async () => {
    const { seen, result } = await members(entries)
    expect(seen.map(({ name }) => name)).not.toContain(URL)
    expect(result).toMatchObject({ reason: 'partly-examined', detail: { code: 'records-unreadable' } })
  })

  it('an entry whose blocks are free is no entry: what it named may be another', async () => {
    const freed = Buffer.from(entries)
    freed.fill(0, 80, HEADER_BYTES)
    expect(await members(freed, beside)).toMatchObject({ result: { result: 'done' }, seen: [] })
  })

  it('name the addresses of files of their own, as records', () => {
    const { records, result } = recordsOf('application/x-chromium-cache-blocks', entries)
    expect(result).toEqual({ result: 'done' })
    expect(records).toMatchObject([
      {
        what: {
          code: 'cached',
          params: {
            program: 'chromium',
            path: 'Cache_Data/f_000001',
            url: 'https://example.org/large.jpg',
            sizeBytes: large.length,
          },
        },
        direction: null,
        when: { ns: NS },
      },
      { what: { params: { path: 'Cache_Data/f_000002', url: 'https://example.org/packed.svg' } } },
    ])
  })

  it('survive 200 mutants', async () => {
    const type = 'application/x-chromium-cache-blocks'
    // What changes lies in the header and the first blocks: the rest is empty.
    const used = entries.subarray(0, HEADER_BYTES + 4096)
    for (let i = 0; i < 200; i++) {
      const changed = Buffer.concat([mutant(used, i), entries.subarray(used.length)])
      const { result } = await listContainer(changed, type, '', beside)
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})

const HEADER_BYTES = 8192
