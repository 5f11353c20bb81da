import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { EXTRACTORS } from '../../src/formats/archives/index.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import type { BudgetLimits } from '../../src/wire/open.ts'
import type { OpenPart } from '../../src/wire/open-part.ts'
import { gzipOf, mailOf, overlappingZip, sevenZipOf, tarOf, zipOf } from './archives.ts'

const LIMITS: BudgetLimits = { entries: 1000, bytes: 100 << 20, ratio: 1000 }
const letter = Buffer.from('The train leaves at nine.\n')
const other = Buffer.from('The ferry leaves at ten.\n')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** The bytes that steps below an outer file add to its evidence path. */
function suffix(...steps: ['member' | 'attachment' | 'embedded', string][]): string {
  return steps
    .reduce(
      (path, [kind, name]) => childPath(path, kind, Buffer.from(name, 'latin1')),
      filePath(Buffer.alloc(0)),
    )
    .bytes.toString('latin1')
}

async function list(mediaType: string, bytes: Buffer, targets: readonly string[] = [''], limits = LIMITS) {
  const parts: OpenPart[] = []
  await openTargets(
    {
      mediaType,
      mode: 'list',
      targets,
      budgets: targets.map(() => limits),
      privileged: null,
      heldBytes: 1 << 30,
    },
    sourceOfBuffer(bytes),
    (part) => parts.push(part),
  )
  const members = parts.filter((part) => part.type === 'member')
  const ends = parts.filter((part) => part.type === 'opened')
  return { members, ends, result: ends.at(-1)!.result, names: members.map((member) => member.name) }
}

/** Without the mark and what came with it; the checksum is counted again. */
function asOf1979(archive: Buffer): Buffer {
  for (let at = 0; at + 512 <= archive.length; at += 512) {
    const header = archive.subarray(at, at + 512)
    if (header.toString('latin1', 257, 262) !== 'ustar') continue
    header.fill(0, 257, 512)
    header.fill(' ', 148, 156)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  return archive
}

describe('every kind of container', () => {
  const files = { 'letter.txt': letter, 'other.txt': other }
  const kinds: [string, () => Buffer | Promise<Buffer>][] = [
    ['application/zip', () => zipOf(files)],
    [
      'application/x-tar',
      () =>
        tarOf([
          { name: 'letter.txt', content: letter },
          { name: 'other.txt', content: other },
        ]),
    ],
    [
      'application/x-tar',
      async () =>
        asOf1979(
          await tarOf([
            { name: 'letter.txt', content: letter },
            { name: 'other.txt', content: other },
          ]),
        ),
    ],
    ['application/x-7z-compressed', () => sevenZipOf('7z', files)],
    [
      'message/rfc822',
      () =>
        mailOf([
          { name: 'letter.txt', content: letter },
          { name: 'other.txt', content: other },
        ]),
    ],
  ]
  it.each(kinds)('%s: members have names, sizes and digests', async (mediaType, make) => {
    const { members, result } = await list(mediaType, await make())
    expect(result).toEqual({ result: 'done' })
    expect(members.map(({ name, sizeBytes, digests }) => [name, sizeBytes, digests?.sha256])).toEqual([
      ['letter.txt', String(letter.length), sha256(letter)],
      ['other.txt', String(other.length), sha256(other)],
    ])
  })

  it.each(['gzip', 'xz', 'bzip2'])('%s holds one member', async (format) => {
    const types: Record<string, string> = {
      gzip: 'application/gzip',
      xz: 'application/x-xz',
      bzip2: 'application/x-bzip2',
    }
    const packed = format === 'gzip' ? gzipOf(letter) : await sevenZipOf(format, { 'letter.txt': letter })
    const { members } = await list(types[format]!, packed)
    expect(members.map(({ digests }) => digests?.sha256)).toEqual([sha256(letter)])
  })

  it('has an opener for each media type once', () => {
    const types = EXTRACTORS.flatMap((opener) => opener.mediaTypes)
    expect(new Set(types).size).toBe(types.length)
  })

  it('is damaged in some places: truncated at every tenth it ends in a result, never in an exception', async () => {
    for (const [mediaType, make] of kinds) {
      const whole = await make()
      for (let tenth = 0; tenth < 10; tenth++) {
        const { result } = await list(mediaType, whole.subarray(0, Math.floor((whole.length * tenth) / 10)))
        expect(['done', 'done-with-warnings', 'not-done']).toContain(result.result)
      }
    }
  })
})

describe('members of one name', () => {
  it('are entries of their own, numbered on, however many there are', async () => {
    const names = [...Array.from({ length: 20_000 }, () => 'same'), 'same#3']
    const archive = await tarOf(names.map((name) => ({ name, content: Buffer.alloc(0) })))
    const found = (await list('application/x-tar', archive, [''], { ...LIMITS, entries: 30_000 })).names
    expect(new Set(found).size).toBe(names.length)
    expect(found.slice(0, 3)).toEqual(['same', 'same#2', 'same#3'])
    expect(found.at(-1)).toBe('same#3#2')
  })
})

describe('nesting', () => {
  it('reaches a ZIP inside a TAR inside a mail in one pass, with the evidence path of each member', async () => {
    const zip = zipOf({ 'deep.txt': letter })
    const tar = await tarOf([{ name: 'inner.zip', content: zip }])
    const mail = mailOf([{ name: 'files.tar', content: tar }])
    const inTar = suffix(['attachment', 'files.tar'])
    const inZip = suffix(['attachment', 'files.tar'], ['member', 'inner.zip'])
    const { members, ends } = await list('message/rfc822', mail, ['', inTar, inZip])
    expect(members.map(({ target, name }) => [target, name])).toEqual([
      ['', 'files.tar'],
      [inTar, 'inner.zip'],
      [inZip, 'deep.txt'],
    ])
    expect(ends.map(({ target }) => target).sort()).toEqual(['', inTar, inZip].sort())
    const handed: [string, string][] = []
    const deep = suffix(['attachment', 'files.tar'], ['member', 'inner.zip'], ['member', 'deep.txt'])
    await openTargets(
      {
        mediaType: 'message/rfc822',
        mode: 'bytes',
        targets: [deep],
        budgets: [LIMITS],
        privileged: null,
        heldBytes: 1 << 30,
      },
      sourceOfBuffer(mail),
      (part, bytes) => handed.push([part.target, bytes.toString()]),
    )
    expect(handed).toEqual([[deep, letter.toString()]])
  })
})

describe('hostile containers', () => {
  it('keeps traversal, absolute and repeated names as names', async () => {
    const tar = await tarOf([
      { name: '../../etc/pwned', content: letter },
      { name: '/etc/pwned', content: letter },
      { name: 'twice', content: letter },
      { name: 'twice', content: other },
      { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'folder/', type: 'directory' },
    ])
    const { members } = await list('application/x-tar', tar)
    expect(members.map(({ name, entryKind }) => [name, entryKind])).toEqual([
      ['../../etc/pwned', 'file'],
      ['/etc/pwned', 'file'],
      ['twice', 'file'],
      ['twice#2', 'file'],
      ['link', 'symlink'],
      ['folder', 'directory'],
    ])
    expect(members[4]).toMatchObject({
      linkTarget: '/etc/passwd',
      read: { result: 'not-applicable', reason: 'symlink' },
    })
  })

  it('stops a bomb at the ratio and at the byte limit, keeping the members before it', async () => {
    const bomb = zipOf({ 'small.txt': letter, 'zeros.bin': Buffer.alloc(90 << 20) })
    const { names, result } = await list('application/zip', bomb, [''], { ...LIMITS, bytes: 80 << 20 })
    expect(names).toEqual(['small.txt'])
    expect(result).toMatchObject({ result: 'not-done', reason: 'over-container-limit' })
    expect(
      (await list('application/zip', bomb, [''], { ...LIMITS, bytes: 1 << 30, ratio: 100 })).result,
    ).toMatchObject({
      reason: 'over-container-limit',
    })
    expect(
      (await list('application/gzip', gzipOf(Buffer.alloc(90 << 20)), [''], { ...LIMITS, bytes: 80 << 20 }))
        .result,
    ).toMatchObject({
      reason: 'over-container-limit',
    })
  })

  it('stops at the member limit', async () => {
    const many = zipOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, letter])))
    const { names, result } = await list('application/zip', many, [''], { ...LIMITS, entries: 20 })
    expect(names.length).toBe(20)
    expect(result).toMatchObject({ reason: 'over-container-limit' })
  })

  it('counts encrypted members, and a container whose names are encrypted', async () => {
    const encrypted = await sevenZipOf('zip', { 'secret.txt': letter }, '-psecret')
    expect((await list('application/zip', encrypted)).members[0]).toMatchObject({
      name: 'secret.txt',
      digests: null,
      read: { reason: 'encrypted-member' },
    })
    const seven = await sevenZipOf('7z', { 'secret.txt': letter }, '-psecret')
    expect((await list('application/x-7z-compressed', seven)).members[0]).toMatchObject({
      read: { reason: 'encrypted-member' },
    })
    const hidden = await sevenZipOf('7z', { 'secret.txt': letter }, '-psecret', '-mhe=on')
    const { members, result } = await list('application/x-7z-compressed', hidden)
    expect([members.length, result]).toMatchObject([0, { result: 'not-done', reason: 'encrypted' }])
  })

  it('gives overlapping members their own lines or a reason', async () => {
    const { members, result } = await list('application/zip', overlappingZip())
    expect(members.length + (result.result === 'done' ? 0 : 2)).toBeGreaterThanOrEqual(2)
  })
})
