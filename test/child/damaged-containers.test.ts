/**
 * Hundreds of damaged containers made from good ones, by cuts and by flipped bytes, of which an ordinary run tries half: no member is read "done" whose bytes
 * differ from the original, unless its container carries a warning, wherever the format has a checksum.
 */
import { execSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { WHOLE } from '../whole.ts'
import { cpioOf, sevenZipOf, tarOf, zipOf } from './archives.ts'
import { cabOf } from './cabinet.ts'
import { chmOf } from './chm.ts'
import { listContainer } from './list-container.ts'
import { programWith } from './made-program.ts'
import { has, type Packaged, packagedOf } from './packaged.ts'
import { rar4Of, rar5Of } from './rar.ts'

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
  ['RAR 4', 'application/vnd.rar', () => rar4Of(FILES)],
  ['RAR 5', 'application/vnd.rar', () => rar5Of(FILES)],
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

/** Of each format. */
const EACH = WHOLE ? 15 : 8
const EACH_PACKAGED = WHOLE ? 10 : 6

/**
 * Those that Debian's programs make, and CHM: media type, and whether a flipped byte of a content can be known at all. ISO and CHM
 * keep no checksum; what is packed in a DEB and an RPM has one of its own.
 */
const PACKAGED: Readonly<Record<Packaged | 'chm', readonly [type: string, isSummed: boolean]>> = {
  lzma: ['application/x-lzma', true],
  compress: ['application/x-compress', true],
  deb: ['application/x-deb', true],
  rpm: ['application/x-rpm', true],
  xar: ['application/x-xar', true],
  iso: ['application/x-iso9660-image', false],
  chm: ['application/vnd.ms-htmlhelp', false],
}

interface Seen {
  readonly name: string
  readonly sha256: string
  /** Whether the member, or a container that it came from, carries a warning. */
  readonly isMarked: boolean
}

/** Every content of a container, and of the containers in it. What is opened itself speaks for its own damage. */
async function contentsOf(bytes: Buffer, type: string, above = filePath(Buffer.alloc(0)), marked = false) {
  const { members: found, result } = await listContainer(bytes, type, above.bytes.toString('latin1'))
  const isMarked = marked || result.result !== 'done'
  const seen: Seen[] = []
  for (const { name, digests, read, mediaType } of found) {
    if (digests === null) continue
    const own = { name, sha256: digests.sha256, isMarked: isMarked || read.result !== 'done' }
    if (!/x-(xz|tar|cpio)$|gzip$/.test(mediaType ?? '')) seen.push(own)
    else {
      const step = childPath(above, 'member', Buffer.from(name, 'latin1'))
      const inner = await contentsOf(bytes, type, step, own.isMarked)
      seen.push({ ...own, isMarked: inner.isMarked }, ...inner.seen)
    }
  }
  return { seen, isMarked }
}

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

  for (const [kind, [type, isSummed]] of Object.entries(PACKAGED))
    it.skipIf(kind !== 'chm' && !has(kind as Packaged))(
      `${kind}: no member differs from its original without a word`,
      async () => {
        const files = kind === 'lzma' || kind === 'compress' ? one : FILES
        const good = kind === 'chm' ? chmOf(files) : packagedOf(kind as Packaged, files)
        const { seen: whole } = await contentsOf(good, type)
        for (const content of Object.values(files))
          expect(whole.map((content) => content.sha256)).toContain(sha256(content))
        // compress keeps neither length nor checksum: a whole one is no more than not seen to be cut.
        expect(whole.some(({ isMarked }) => isMarked)).toBe(kind === 'compress')
        const originals = new Set(whole.map((content) => content.sha256))
        const silent: string[] = []
        for (let n = 0; n < EACH_PACKAGED; n++) {
          if (n % 2 === 1 && !isSummed) continue
          for (const content of (await contentsOf(damaged(good, n), type)).seen)
            if (!originals.has(content.sha256) && !content.isMarked) silent.push(`${n}: ${content.name}`)
        }
        expect(silent).toEqual([])
      },
      120_000,
    )

  it('of two cpio members that are unpacked to one path, the first does not take the bytes of the second', async () => {
    const [first, second] = [
      Buffer.from('The train leaves at nine.'),
      Buffer.from('The ferry leaves at nine.'),
    ]
    const twice = cpioOf([
      ['./letter.txt', first],
      ['letter.txt', second],
      ['./other.txt', first],
    ])
    const { members: found } = await listContainer(twice, 'application/x-cpio')
    expect(found.map(({ digests, read }) => [digests?.sha256, read])).toMatchObject([
      [undefined, { result: 'not-done', detail: { code: 'written-over' } }],
      [sha256(second), { result: 'done' }],
      [sha256(first), { result: 'done' }],
    ])
  })

  it.each([
    ['RAR 4', rar4Of(FILES)],
    ['RAR 5', rar5Of(FILES)],
  ])('a cut %s gives the members before the cut: it is not taken for encrypted', async (_, good) => {
    const { members: found, result } = await listContainer(good.subarray(0, -300))
    expect(found.map(({ name, read }) => [name, read.result])).toEqual([
      ['letter.txt', 'done'],
      ['other.txt', 'done'],
      ['third.txt', 'done-with-warnings'],
    ])
    expect(result).toMatchObject({ result: 'done-with-warnings', reason: 'partly-examined' })
  })

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
    const padded = Buffer.concat([gzipSync(FILES['letter.txt']), Buffer.alloc(512)])
    const behindZeros = Buffer.concat([padded, gzipSync(Buffer.from('a second one'))])
    const reads = [padded, behindZeros].map(async (bytes) => {
      const [one] = (await listContainer(bytes, 'application/gzip')).members
      expect(one!.digests!.sha256).toBe(sha256(FILES['letter.txt']))
      return one!.read
    })
    expect(await Promise.all(reads)).toMatchObject([{ result: 'done' }, { reason: 'decoded-leniently' }])
    const tar = gzipSync(await tarOf(members))
    const cut = await listContainer(tar.subarray(0, tar.length - 60), 'application/gzip')
    expect(cut.members[0]).toMatchObject({
      mediaType: 'application/x-tar',
      read: { reason: 'decoded-leniently' },
    })
    const old = await listContainer(Buffer.concat([Buffer.from('RE~^'), Buffer.alloc(600, 1)]))
    expect([old.mediaType, old.result]).toMatchObject(['application/vnd.rar', { reason: 'not-built' }])
  })

  /** No checksum of contents: TAR, cpio, ar, ISO, CHM, file systems, .Z. A flipped byte of a member cannot be known there. */
  it('formats without a checksum of contents are known by name', async () => {
    const tar = await tarOf(members)
    tar[700] = tar[700]! ^ 0x5a
    const { members: found } = await listContainer(tar, 'application/x-tar')
    expect(ORIGINALS.has(found[0]!.digests!.sha256)).toBe(false)
  })

  it.each(['gnu', 'pax --sparse-version=0.0', 'pax --sparse-version=0.1', 'pax --sparse-version=1.0'])(
    'a file with holes in a TAR of %s has no digest: what is stored is not its bytes',
    async (format) => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-sparse-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      for (const [name, at] of [
        ['holes.bin', 1_000_000],
        ['many.bin', 0],
      ] as const) {
        const fd = openSync(join(folder, name), 'w')
        // Behind one hole; and in so many pieces that GNU's map needs further blocks.
        for (let i = 0; i < (at > 0 ? 1 : 40); i++)
          writeSync(fd, FILES['letter.txt'], 0, 4096, at + i * 200_000)
        ftruncateSync(fd, 9_000_000)
        closeSync(fd)
      }
      writeFileSync(join(folder, 'plain.txt'), FILES['other.txt'])
      const tar = execSync(
        `tar --format=${format} --sparse -b 1 -cf - holes.bin many.bin plain.txt 2>/dev/null`,
        { cwd: folder, maxBuffer: 64 << 20 },
      )
      const { members: found, result } = await listContainer(tar, 'application/x-tar')
      const whole = found.filter(({ digests }) => digests !== null && digests !== undefined)
      expect(
        whole.map(({ digests }) => digests!.sha256).filter((digest) => digest !== sha256(FILES['other.txt'])),
      ).toEqual([])
      expect(
        found.filter(({ read }) => read?.result === 'not-done' && read.reason === 'unsupported-format')
          .length,
      ).toBeGreaterThan(0)
      // Each is there, or the container says that it is not whole.
      expect(whole.length === 1 || result.result !== 'done').toBe(true)
    },
  )
})

describe('what lies in a damaged stream', () => {
  const KNOWN = new Set([...ORIGINALS])

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
              !KNOWN.has(digests.sha256) &&
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
