import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { FileSystemFormat, Medium, VolumeEntry } from '../../src/contracts/image.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { fileMedium } from '../../src/formats/image/content/file-medium.ts'
import { TAR } from '../../src/formats/image/filesystem/tar/tar.ts'
import { ZIP } from '../../src/formats/image/filesystem/zip/zip.ts'

const dir = mkdtempSync(join(tmpdir(), 'seized-archives-'))
const random = (seed: number, length: number) => {
  let x = (seed * 2654435761 + 1) >>> 0
  return Buffer.from(Array.from({ length }, () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) >>> 24))
}
const LONG = `${'long folder name '.repeat(9)}/${'n'.repeat(200)}.bin`
const CONTENTS: Readonly<Record<string, Buffer>> = {
  'DCIM/100APPLE/IMG_0001.JPG': random(1, 70_000),
  'DCIM/empty': Buffer.alloc(0),
  'ümläut/ファイル.txt': Buffer.from('text '.repeat(5000)),
  [LONG]: random(2, 513),
}

function mediumOf(file: string): Medium {
  return fileMedium(openSync(file, 'r'), statSync(file).size)
}

function list(format: FileSystemFormat, medium: Medium) {
  expect(format.recognises(medium)).toBe(true)
  const fileSystem = format.open(medium)
  const entries = [...fileSystem.entries()]
  const { metadata, allocated, unallocated, slack, bad } = fileSystem.classes()
  expect(metadata + allocated + unallocated + slack + bad).toBe(medium.sizeBytes)
  return { entries, problems: fileSystem.problems() }
}

const nameOf = ({ path }: VolumeEntry) => path.map(String).join('/')

/** Read in pieces, as the readers do. */
function read(medium: Medium, { place, sizeBytes }: VolumeEntry) {
  if (place.kind === 'none') throw new Error(place.reason)
  const content = contentOf(medium, place, sizeBytes)
  const bytes = Buffer.alloc(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 10_000) content.readInto(bytes.subarray(at, at + 10_000), at)
  return { bytes, damage: content.damageIn(0, sizeBytes) }
}

function expectContents(medium: Medium, entries: readonly VolumeEntry[]) {
  const files = entries.filter(({ kind }) => kind === 'file')
  expect(files.map(nameOf).sort()).toEqual(Object.keys(CONTENTS).sort())
  for (const entry of files) {
    const { bytes, damage } = read(medium, entry)
    expect(damage).toEqual([])
    expect(bytes.equals(CONTENTS[nameOf(entry)]!)).toBe(true)
  }
}

const tree = join(dir, 'tree')
for (const [name, bytes] of Object.entries(CONTENTS)) {
  mkdirSync(join(tree, name, '..'), { recursive: true })
  writeFileSync(join(tree, name), bytes)
}
symlinkSync('../DCIM/empty', join(tree, 'link'))

describe('a TAR archive', () => {
  it.each(['gnu', 'pax', 'posix'])(
    'written as %s gives every member in place, long names and links too',
    (format) => {
      const file = join(dir, `${format}.tar`)
      execFileSync('tar', ['-C', tree, `--format=${format}`, '-cf', file, '.'])
      const medium = mediumOf(file)
      const { entries, problems } = list(TAR, medium)
      expect(problems).toEqual([])
      expectContents(medium, entries)
      const listed = execFileSync('tar', ['--quoting-style=literal', '-tf', file])
        .toString()
        .trim()
        .split('\n')
      expect(entries.length).toBe(listed.length)
      expect(entries.find(({ kind }) => kind === 'symlink')?.linkTarget?.toString()).toBe('../DCIM/empty')
      const picture = entries.find((entry) => nameOf(entry).endsWith('IMG_0001.JPG'))!
      const { mtimeNs } = statSync(join(tree, 'DCIM/100APPLE/IMG_0001.JPG'), { bigint: true })
      const exact = format !== 'gnu'
      expect(picture.times.modifiedNs).toBe(exact ? mtimeNs : (mtimeNs / 1_000_000_000n) * 1_000_000_000n)
    },
  )

  it.each(['--format=gnu', '--sparse-version=0.0', '--sparse-version=0.1', '--sparse-version=1.0'])(
    'reads sparse members (%s) with their holes',
    (how) => {
      const sparse = join(dir, 'sparse')
      const fd = openSync(sparse, 'w')
      for (let i = 0; i < 40; i++) writeSync(fd, random(i, 5000), 0, 5000, i * 1_000_000)
      closeSync(fd)
      truncateSync(sparse, 41_000_000)
      const file = join(dir, 'sparse.tar')
      const format = how.startsWith('--format') ? [] : ['--format=pax']
      execFileSync('tar', ['-C', dir, '--sparse', ...format, how, '-cf', file, 'sparse', 'tree/DCIM'])
      expect(statSync(file).size).toBeLessThan(1_000_000)
      const medium = mediumOf(file)
      const { entries } = list(TAR, medium)
      const entry = entries.find((one) => nameOf(one) === 'sparse')!
      expect(entry.sizeBytes).toBe(41_000_000)
      const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
      expect(digest(read(medium, entry).bytes)).toBe(digest(readFileSync(sparse)))
      expect(entries.filter(({ kind }) => kind === 'file').length).toBe(3)
    },
  )

  it('a damaged header costs its member, and the others are found', () => {
    const bytes = readFileSync(join(dir, 'pax.tar'))
    const medium = mediumOf(join(dir, 'pax.tar'))
    const { entries } = list(TAR, medium)
    const victim = entries.find((entry) => nameOf(entry).endsWith('IMG_0001.JPG'))!
    bytes[victim.record + 3]! ^= 0x40
    const file = join(dir, 'damaged.tar')
    writeFileSync(file, bytes)
    const damaged = list(TAR, mediumOf(file))
    expect(damaged.entries.length).toBe(entries.length - 1)
    expect(damaged.problems.map(({ code }) => code)).toEqual(['header-damaged'])
  })

  it('the first header damaged costs no more than any other, and what is behind the last member is free', () => {
    const bytes = readFileSync(join(dir, 'pax.tar'))
    const { entries } = list(TAR, mediumOf(join(dir, 'pax.tar')))
    bytes[3]! ^= 0x40
    const file = join(dir, 'first.tar')
    writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(4096)]))
    expect(list(TAR, mediumOf(file)).entries.length).toBeGreaterThan(entries.length - 2)
    const archive = TAR.open(mediumOf(file))
    for (const _ of archive.entries());
    const free = [...archive.unallocated()].reduce((sum, { length }) => sum + length, 0)
    expect(free).toBeGreaterThanOrEqual(4096)
    expect(archive.classes().unallocated).toBe(free)
  })
})

describe('a ZIP archive', () => {
  const zipped = join(dir, 'a.zip')
  writeFileSync(
    zipped,
    zipSync({
      ...Object.fromEntries(Object.entries(CONTENTS).map(([name, bytes]) => [name, [bytes, { level: 6 }]])),
    } as never),
  )

  it('gives every member by its central directory, inflated in order, and says where a piece is read again', () => {
    const medium = mediumOf(zipped)
    const { entries, problems } = list(ZIP, medium)
    expect(problems).toEqual([])
    expectContents(medium, entries)
    const text = entries.find((entry) => nameOf(entry).endsWith('.txt'))!
    const content = contentOf(medium, text.place as never, text.sizeBytes)
    for (const at of [20_000, 10, 24_990, 0]) {
      const piece = Buffer.alloc(10)
      content.readInto(piece, at)
      expect(piece.toString()).toBe('text text '.slice(0, 10))
      expect(at % 5).toBe(0)
    }
  })

  it('a changed byte in a member is damage of that member and of no other', () => {
    for (const level of [0, 6] as const) {
      const bytes = Buffer.from(zipSync({ a: [random(9, 5000), { level }], b: [random(8, 5000), { level }] }))
      bytes[2000]! ^= 1
      const file = join(dir, 'flipped.zip')
      writeFileSync(file, bytes)
      const medium = mediumOf(file)
      const { entries } = list(ZIP, medium)
      expect(entries.map((entry) => read(medium, entry).damage.length > 0)).toEqual([true, false])
    }
  })

  it('a damaged record of the directory costs its member, and the others are found', () => {
    const bytes = readFileSync(zipped)
    bytes[bytes.indexOf(Buffer.from('PK\x01\x02')) + 2]! ^= 4
    const file = join(dir, 'directory.zip')
    writeFileSync(file, bytes)
    const { entries, problems } = list(ZIP, mediumOf(file))
    expect(entries.length).toBe(Object.keys(CONTENTS).length - 1)
    expect(problems.map(({ code }) => code)).toEqual(['directory-damaged'])
  })

  it.each([
    ['whose sizes stand before the members', []],
    ['whose sizes stand behind the members', ['-']],
  ])('%s is read without its directory, which is said', (_, streamed) => {
    const file = join(dir, `local${streamed.length}.zip`)
    // Into a pipe zip cannot go back: it writes descriptors.
    if (streamed.length > 0)
      execFileSync('sh', ['-c', 'cd "$1"; zip -q -r - DCIM | cat > "$2"', 'sh', tree, file])
    else execFileSync('zip', ['-q', '-r', file, 'DCIM'], { cwd: tree })
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, bytes.indexOf(Buffer.from('PK\x01\x02')) + 20))
    const medium = mediumOf(file)
    const { entries, problems } = list(ZIP, medium)
    expect(problems.map(({ code }) => code)).toEqual(['directory-damaged'])
    const picture = entries.find((entry) => nameOf(entry) === 'DCIM/100APPLE/IMG_0001.JPG')!
    const { bytes: held, damage } = read(medium, picture)
    expect([damage.length, held.equals(CONTENTS['DCIM/100APPLE/IMG_0001.JPG']!)]).toEqual([0, true])
    expect(entries.filter(({ kind }) => kind === 'file')).toHaveLength(2)
  })

  it('tells links and folders by the mode of Unix', () => {
    const file = join(dir, 'links.zip')
    execFileSync('zip', ['-q', '-r', '-y', file, 'link', 'DCIM'], { cwd: tree })
    const { entries } = list(ZIP, mediumOf(file))
    const link = entries.find((entry) => nameOf(entry) === 'link')
    expect([link?.kind, link?.linkTarget?.toString()]).toEqual(['symlink', '../DCIM/empty'])
    expect(entries.filter(({ kind }) => kind === 'directory')).toHaveLength(2)
  })

  it('names encrypted members and methods that are not read', () => {
    const bytes = Buffer.from(
      zipSync({ a: [random(9, 500), { level: 6 }], b: [random(8, 500), { level: 6 }] }),
    )
    const central = bytes.indexOf(Buffer.from('PK\x01\x02'))
    bytes[central + 8]! |= 1
    bytes[bytes.indexOf(Buffer.from('PK\x01\x02'), central + 4) + 10] = 14
    const file = join(dir, 'methods.zip')
    writeFileSync(file, bytes)
    const { entries } = list(ZIP, mediumOf(file))
    expect(entries.map(({ place }) => place)).toEqual([
      { kind: 'none', reason: 'encrypted', detail: '' },
      { kind: 'none', reason: 'not-built', detail: 'method 14' },
    ])
  })

  it('500 mutants end by themselves, and classes of bytes still add up', () => {
    const good = readFileSync(zipped)
    const tar = readFileSync(join(dir, 'pax.tar'))
    for (let seed = 0; seed < 500; seed++) {
      const [format, original] = seed % 2 === 0 ? ([ZIP, good] as const) : ([TAR, tar] as const)
      const noise = random(seed, 64)
      const bytes = Buffer.from(
        seed % 5 === 0 ? original.subarray(0, noise.readUInt32LE(0) % original.length) : original,
      )
      for (let i = 0; i < 8 && bytes.length > 0; i++) {
        const near = i % 2 === 0 ? Math.max(0, bytes.length - 600) : 0
        bytes[(near + (noise.readUInt32LE(i * 4) % Math.max(1, bytes.length - near))) % bytes.length] =
          noise[32 + i]!
      }
      const file = join(dir, 'mutant')
      writeFileSync(file, bytes)
      const fd = openSync(file, 'r')
      const medium = fileMedium(fd, bytes.length)
      try {
        const fileSystem = format.open(medium)
        let seen = 0
        for (const entry of fileSystem.entries()) {
          if (++seen > 1000) throw new Error('endless')
          if (entry.place.kind === 'none' || entry.sizeBytes > 1_000_000) continue
          contentOf(medium, entry.place, entry.sizeBytes).readInto(Buffer.alloc(entry.sizeBytes), 0)
        }
        const { metadata, allocated, unallocated, slack, bad } = fileSystem.classes()
        expect(metadata + allocated + unallocated + slack + bad).toBe(bytes.length)
      } catch (error) {
        expect((error as Error).name).toBe('NotThisFileSystem')
      } finally {
        closeSync(fd)
      }
    }
  })
})
