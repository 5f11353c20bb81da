/** What lies behind or before a ZIP archive is found and looked at like any content; a package without its files is not complete. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawing } from '../../fixtures/pictures.ts'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

const names = ({ members }: Awaited<ReturnType<typeof listContainer>>) =>
  members.map(({ name }) => Buffer.from(name, 'latin1').toString('latin1'))

const letter = Buffer.from('The train leaves at nine.\n')
const archive = zipOf({ 'letter.txt': letter, 'x/note.txt': Buffer.from('another') })
const noise = createHash('shake256', { outputLength: 70_000 }).update('behind').digest()

describe('a ZIP archive with bytes behind it', async () => {
  const picture = await drawing({ seed: 5, width: 96, height: 64 }).png().toBuffer()
  const MEMBERS = ['letter.txt', 'x/note.txt']

  it.each<[string, Buffer, readonly string[]]>([
    ['zeros', Buffer.alloc(100_000), []],
    ['few bytes of no known kind', noise.subarray(0, 900), []],
    ['many bytes of no known kind', noise, ['behind.bin']],
    ['a picture', picture, ['behind.png']],
    ['a picture behind zeros', Buffer.concat([Buffer.alloc(5000), picture]), ['behind.png']],
    ['a comment that nobody counted', Buffer.from('made with love'), []],
  ])('%s: its members by its directory, and what it is', async (_, behind, parts) => {
    const listed = await listContainer(Buffer.concat([archive, behind]), 'application/zip')
    expect([listed.result.result, names(listed)]).toEqual(['done', [...MEMBERS, ...parts]])
  })

  it('is found behind another archive too, whose members do not go without a word', async () => {
    const other = zipOf({ 'second.txt': Buffer.from('of the second archive') })
    const listed = await listContainer(Buffer.concat([archive, other]), 'application/zip')
    const told = [...names(listed), listed.result.result]
    expect(told).toContain('second.txt')
    expect(told.includes('letter.txt') || told.includes('before.zip')).toBe(true)
  })

  it('in a scan a listed picture behind it is a hit, and coverage is complete', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    writeFileSync(join(root, 'holiday.zip'), Buffer.concat([archive, picture]))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('md5').update(picture).digest('hex')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const args = scanArgs(root, ledger, [`illegal:${list}`], '--phases', 'inventory,known')
    expect(seized(args).status).toBe(10)
    const hit = exported(ledger, folder).find(({ hits }: { hits: unknown[] }) => hits.length > 0)
    expect(hit.path).toBe('holiday.zip » embedded behind.png')
  })
})

describe('a ZIP archive with bytes that its directory does not list', async () => {
  const picture = await drawing({ seed: 6, width: 96, height: 64 }).png().toBuffer()
  const three = zipOf({ 'a.txt': letter, 'b.png': picture, 'c.txt': Buffer.from('the last one') })
  const endAt = three.length - 22
  const directoryAt = three.readUInt32LE(endAt + 16)
  /** Offsets of the entries of the directory. */
  const entries = [0, 1, 2].reduce<number[]>((found) => {
    const at = found.at(-1)
    const next =
      at === undefined
        ? directoryAt
        : at + 46 + three.readUInt16LE(at + 28) + three.readUInt16LE(at + 30) + three.readUInt16LE(at + 32)
    return [...found, next]
  }, [])
  /** With another directory, behind bytes of one's own. */
  const withDirectory = (directory: Buffer, count: number, before = Buffer.alloc(0)) => {
    const end = Buffer.from(three.subarray(endAt))
    for (const at of [8, 10]) end.writeUInt16LE(count, at)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(directoryAt + before.length, 16)
    return Buffer.concat([three.subarray(0, directoryAt), before, directory, end])
  }
  const whole = three.subarray(directoryAt, endAt)
  const without = (n: number) =>
    Buffer.concat([three.subarray(directoryAt, entries[n]), three.subarray(entries[n + 1] ?? endAt, endAt)])
  const signed = Buffer.concat([noise.subarray(0, 4000), Buffer.from('APK Sig Block 42')])

  it.each<[string, Buffer, readonly string[]]>([
    [
      'a picture before the directory',
      withDirectory(whole, 3, picture),
      ['a.txt', 'b.png', 'c.txt', 'between.png'],
    ],
    ['the signatures of a package', withDirectory(whole, 3, signed), ['a.txt', 'b.png', 'c.txt']],
    ['a member between others', withDirectory(without(1), 2), ['a.txt', 'c.txt', 'between.zip']],
    ['the last member', withDirectory(without(2), 2), ['a.txt', 'b.png', 'between.zip']],
    [
      'a member that the end record does not count',
      withDirectory(whole, 2),
      ['a.txt', 'b.png', 'between.zip'],
    ],
    ['all members', withDirectory(whole, 0), ['before.zip']],
  ])('%s: they are listed', async (_, bytes, expected) => {
    expect(names(await listContainer(bytes, 'application/zip'))).toEqual(expected)
  })

  it('gives the member itself, and a name that ends as that of a folder hides no bytes', async () => {
    const hidden = withDirectory(without(1), 2)
    const step = childPath(filePath(Buffer.alloc(0)), 'embedded', Buffer.from('between.zip')).bytes
    const inside = await listContainer(hidden, 'application/zip', step.toString('latin1'))
    const digest = createHash('sha256').update(picture).digest('hex')
    expect(inside.members.map(({ digests }) => digests?.sha256)).toEqual([digest])
    const folder = Buffer.from(
      zipOf({ 'b.pngx': picture }).toString('latin1').replaceAll('b.pngx', 'b.png/'),
      'latin1',
    )
    const { members } = await listContainer(folder, 'application/zip')
    expect(members.map(({ digests }) => digests?.sha256)).toEqual([digest])
  })
})

describe('a Debian package', () => {
  const ar = (...members: readonly (readonly [string, Buffer])[]) =>
    Buffer.concat([
      Buffer.from('!<arch>\n'),
      ...members.flatMap(([name, bytes]) => [
        Buffer.from(
          `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`,
        ),
        bytes,
        Buffer.alloc(bytes.length % 2, '\n'),
      ]),
    ])
  const version = ['debian-binary', Buffer.from('2.0\n')] as const

  it('without members, or without the archive of its files, is not told as opened whole', async () => {
    const control = ['control.tar', Buffer.alloc(1024)] as const
    const [empty, half, whole] = await Promise.all(
      [ar(version), ar(version, control), ar(version, control, ['data.tar', Buffer.alloc(1024)])].map((one) =>
        listContainer(one),
      ),
    )
    expect(empty).toMatchObject({
      mediaType: 'application/x-deb',
      result: { result: 'not-done', detail: { code: 'package-without-data' } },
    })
    expect(half).toMatchObject({
      result: { result: 'done-with-warnings', detail: { code: 'package-without-data' } },
    })
    expect([names(half!), names(whole!), whole!.result.result]).toEqual([
      ['control.tar'],
      ['control.tar', 'data.tar'],
      'done',
    ])
  })
})
