/** Entries of browsers' caches, made byte by byte: bodies under their addresses, as they were sent and unpacked. */

import { hash } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Cached, firefoxEntry, simpleEntry, simpleParts } from '../../fixtures/device/caches.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { mutant } from './artefacts/records-of.ts'
import { listContainer } from './list-container.ts'

const AT = 1_600_000_000
const URL = 'https://example.org/lake/map.jpg?w=200'
const picture = await jpeg({ seed: 4, width: 96, height: 72 })
const script = Buffer.from('/* The ferry leaves at nine. */'.repeat(300))

async function members(bytes: Buffer) {
  const { members, mediaType, result } = await listContainer(bytes)
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
