/**
 * Two hundred and more damaged containers made from good ones, by cuts and by flipped bytes: no member is read "done" whose bytes
 * differ from the original, unless its container carries a warning, wherever the format has a checksum.
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { sevenZipOf, tarOf, zipOf } from './archives.ts'
import { cabOf } from './cabinet.ts'
import { listContainer } from './list-container.ts'
import { programWith } from './made-program.ts'

const words = (seed: number, count: number) => {
  let x = seed
  const next = () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) >>> 24
  return Buffer.from(
    Array.from(
      { length: count },
      () => `${['train', 'ferry', 'leaves', 'at', 'nine', 'ten'][next() % 6]}${next()}`,
    ).join(' '),
  )
}
const FILES = { 'letter.txt': words(1, 3000), 'other.txt': words(2, 5000), 'third.txt': words(3, 900) }
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const ORIGINALS = new Set(Object.values(FILES).map(sha256))
const one = { 'letter.txt': FILES['letter.txt'] }
const members = Object.entries(FILES).map(([name, content]) => ({ name, content }))

/** Name, media type, how it is made. */
const GOOD: readonly (readonly [string, string, () => Buffer | Promise<Buffer>])[] = [
  ['zip', 'application/zip', () => zipOf(FILES)],
  ['stored zip', 'application/zip', () => zipOf(FILES, 0)],
  ['bzip2 zip', 'application/zip', () => sevenZipOf('zip', FILES, '-mm=BZip2')],
  ['LZMA zip', 'application/zip', () => sevenZipOf('zip', FILES, '-mm=LZMA')],
  ['Deflate64 zip', 'application/zip', () => sevenZipOf('zip', FILES, '-mm=Deflate64')],
  ['PPMd zip', 'application/zip', () => sevenZipOf('zip', FILES, '-mm=PPMd')],
  ['gzip', 'application/gzip', () => gzipSync(FILES['letter.txt'])],
  ['bzip2', 'application/x-bzip2', () => sevenZipOf('bzip2', one)],
  ['xz', 'application/x-xz', () => sevenZipOf('xz', one)],
  ['7z', 'application/x-7z-compressed', () => sevenZipOf('7z', FILES)],
  ['7z of two methods', 'application/x-7z-compressed', () => sevenZipOf('7z', FILES, '-m0=PPMd', '-ms=off')],
  ['wim', 'application/x-ms-wim', () => sevenZipOf('wim', FILES)],
  ['stored cabinet', 'application/vnd.ms-cab-compressed', () => cabOf(FILES)],
  ['cabinet', 'application/vnd.ms-cab-compressed', () => cabOf(one, true)],
  ['7z behind a program', 'application/x-msdownload', async () => programWith(await sevenZipOf('7z', FILES))],
]

/** The damage of number n is the same every time: a cut, or one byte flipped. */
function damaged(bytes: Buffer, n: number): Buffer {
  const at = Math.floor((bytes.length * ((n * 37) % 100)) / 100)
  if (n % 2 === 0) return bytes.subarray(0, Math.max(40, at))
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 0x5a
  return copy
}

/** Of each format; RAR is missing: nothing but its maker's program writes it. */
const EACH = 15

describe('damaged containers', () => {
  it.each(GOOD)(
    '%s: no member differs from its original without a word',
    async (_, type, make) => {
      const good = await make()
      const whole = await listContainer(good, type)
      expect(whole.result).toEqual({ result: 'done' })
      expect(whole.members.every(({ digests }) => ORIGINALS.has(digests!.sha256))).toBe(true)
      const silent: string[] = []
      for (let n = 0; n < EACH; n++) {
        const { members: found } = await listContainer(damaged(good, n), type)
        for (const { name, digests, read } of found)
          if (digests && !ORIGINALS.has(digests.sha256) && read.result === 'done')
            silent.push(`${n}: ${name}`)
      }
      expect(silent).toEqual([])
    },
    120_000,
  )

  it('recovers what lies before a cut, and says that it is not all', async () => {
    const long = words(7, 60_000)
    const packed: readonly (readonly [string, Buffer])[] = [
      ['application/gzip', gzipSync(long)],
      ['application/x-bzip2', await sevenZipOf('bzip2', { 'letter.txt': long }, '-mx=1')],
      ['application/x-xz', await sevenZipOf('xz', { 'letter.txt': long })],
      ['application/zip', zipOf({ 'letter.txt': long }).subarray(0, -200)],
    ]
    for (const [type, good] of packed) {
      const { members: found, result } = await listContainer(good.subarray(0, good.length - 40), type)
      expect([type, found.length, result.result]).toEqual([type, 1, 'done-with-warnings'])
      expect(found[0]!.read).toMatchObject({ result: 'done-with-warnings', reason: 'decoded-leniently' })
      expect(Number(found[0]!.sizeBytes)).toBeGreaterThan(long.length / 2)
    }
  })

  it('finds the members of a ZIP whose directory is cut off', async () => {
    const good = zipOf(FILES)
    const { members: found, result } = await listContainer(
      good.subarray(0, good.length - 150),
      'application/zip',
    )
    expect(
      found.map(({ name, digests, read }) => [name, ORIGINALS.has(digests!.sha256), read.result]),
    ).toEqual(Object.keys(FILES).map((name) => [name, true, 'done']))
    expect(result).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'directory-gone', params: { members: 3 } },
    })
  })

  it.each(['BZip2', 'LZMA', 'Deflate64', 'PPMd'])('unpacks ZIP members packed by %s', async (method) => {
    const bytes = await sevenZipOf('zip', FILES, `-mm=${method}`)
    const { members: found, result } = await listContainer(bytes, 'application/zip')
    expect(result).toEqual({ result: 'done' })
    expect(found.map(({ digests }) => ORIGINALS.has(digests!.sha256))).toEqual([true, true, true])
  })

  it('a gzip with bytes behind it, a cut tar.gz and a RAR of 1993', async () => {
    const trailing = Buffer.concat([gzipSync(FILES['letter.txt']), Buffer.from('no stream')])
    const { members: found } = await listContainer(trailing, 'application/gzip')
    expect(found.map(({ digests }) => digests!.sha256)).toEqual([sha256(FILES['letter.txt'])])
    const tar = gzipSync(await tarOf(members))
    const cut = await listContainer(tar.subarray(0, tar.length - 60), 'application/gzip')
    expect(cut.members[0]).toMatchObject({
      mediaType: 'application/x-tar',
      read: { reason: 'decoded-leniently' },
    })
    const old = await listContainer(Buffer.concat([Buffer.from('RE~^'), Buffer.alloc(600, 1)]))
    expect([old.mediaType, old.result]).toMatchObject(['application/vnd.rar', { reason: 'not-built' }])
  })

  /** No checksum of contents: TAR, cpio, ar, file systems, .lzma, .Z. A flipped byte of a member cannot be known there. */
  it('formats without a checksum of contents are known by name', async () => {
    const tar = await tarOf(members)
    tar[700] = tar[700]! ^ 0x5a
    const { members: found } = await listContainer(tar, 'application/x-tar')
    expect(ORIGINALS.has(found[0]!.digests!.sha256)).toBe(false)
  })
})

describe('what lies in a damaged stream', () => {
  const WHOLE = new Set([...ORIGINALS])

  it.each<[string, string, (tar: Buffer) => Promise<Buffer> | Buffer]>([
    ['tar.gz', 'application/gzip', (tar) => gzipSync(tar)],
    ['tar.bz2', 'application/x-bzip2', (tar) => sevenZipOf('bzip2', { 'a.tar': tar })],
    ['tar.xz', 'application/x-xz', (tar) => sevenZipOf('xz', { 'a.tar': tar })],
  ])(
    '%s: the members of a TAR that was recovered in part are not "done" when they differ, or their TAR is marked',
    async (_, type, pack) => {
      const good = await pack(await tarOf(members))
      const silent: string[] = []
      for (let n = 0; n < EACH; n++) {
        const bytes = damaged(good, n)
        const { members: outer } = await listContainer(bytes, type)
        for (const stream of outer.filter(({ digests }) => digests !== null)) {
          const step = childPath(
            filePath(Buffer.alloc(0)),
            'member',
            Buffer.from(stream.name, 'latin1'),
          ).bytes
          const inner = await listContainer(bytes, type, step.toString('latin1'))
          for (const { name, digests, read } of inner.members)
            if (
              digests &&
              !WHOLE.has(digests.sha256) &&
              read.result === 'done' &&
              stream.read.result === 'done'
            )
              silent.push(`${n}: ${name}`)
        }
      }
      expect(silent).toEqual([])
    },
    120_000,
  )
})
