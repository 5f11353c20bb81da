/** Containers that attack, by real readers and confined children: each ends in a stage result with its reason. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import type { StageResult } from '../../src/contracts/stage.ts'
import type { EntryView } from '../../src/contracts/view.ts'
import { mailOf, overlappingZip, sevenZipOf, tarOf, zipOf } from './archives.ts'
import { compoundFile, doc, msg, slideRecord, xls } from './compound-files.ts'
import { runFolder } from './run-folder.ts'
import { docx, pdf, SENTENCES } from './text/documents.ts'

const MIB = 1 << 20
const note = Buffer.from('The ferry leaves at ten.\n')
const LIMITS = { containerRatio: 50, containerBytes: 200 * MIB, containerEntries: 500, containerDepth: 12 }

type Row = readonly [
  name: string,
  make: () => Buffer | Promise<Buffer>,
  opened: Partial<Record<string, string>>,
]

/** What becomes of the file itself in `opened`. */
const ROWS: readonly Row[] = [
  [
    'ratio.zip',
    () => zipOf({ 'note.txt': note, zeros: Buffer.alloc(80 * MIB) }),
    { result: 'not-done', reason: 'over-container-limit', detail: 'ratio' },
  ],
  [
    'bytes.tar',
    () => tarOf([1, 2, 3].map((n) => ({ name: `zeros-${n}`, content: Buffer.alloc(70 * MIB, n) }))),
    { result: 'not-done', reason: 'over-container-limit', detail: '"what":"bytes"' },
  ],
  [
    'many.zip',
    () => zipOf(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`f${i}`, note]))),
    { result: 'not-done', reason: 'over-container-limit', detail: '"members"' },
  ],
  [
    'bomb.gz',
    () => gzipSync(Buffer.alloc(100 * MIB)),
    { result: 'not-done', reason: 'over-container-limit' },
  ],
  [
    'bomb.7z',
    () => sevenZipOf('7z', { zeros: Buffer.alloc(100 * MIB) }),
    { result: 'not-done', reason: 'over-container-limit' },
  ],
  [
    'names.7z',
    () => sevenZipOf('7z', { s: note }, '-pa', '-mhe=on'),
    { result: 'not-done', reason: 'encrypted' },
  ],
  ['members.zip', () => sevenZipOf('zip', { 'secret.txt': note }, '-pa'), { result: 'done' }],
  [
    'cut.zip',
    () => zipOf({ 'a.txt': note, 'b.txt': note }).subarray(0, 120),
    { result: 'done-with-warnings' },
  ],
  [
    'cut.tar',
    async () =>
      (
        await tarOf([
          { name: 'a', content: note },
          { name: 'b', content: Buffer.alloc(9000, 1) },
        ])
      ).subarray(0, 4000),
    { result: 'done-with-warnings', reason: 'partly-examined' },
  ],
  [
    'cut.7z',
    async () => (await sevenZipOf('7z', { a: Buffer.alloc(9999, 3) })).subarray(0, 60),
    { reason: 'decode-failed' },
  ],
  ['overlapping.zip', () => overlappingZip(), { result: 'done' }],
  [
    'names.tar',
    () =>
      tarOf([
        { name: '../../../escaped.txt', content: note },
        { name: '/etc/escaped.txt', content: note },
        { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
        { name: 'x'.repeat(70_000), content: note },
      ]),
    { result: 'done' },
  ],
  ['circle.doc', () => circular(), { result: 'not-done', reason: 'decode-failed', detail: 'break-off' }],
  [
    'deflated.ppt',
    () => compoundFile({ 'PowerPoint Document': slideRecord(0, 1, 0x1011, Buffer.from('not deflated')) }),
    { result: 'done' },
  ],
  [
    'encrypted.xls',
    () => compoundFile({ EncryptedPackage: note, EncryptionInfo: note }),
    { result: 'not-done', reason: 'encrypted' },
  ],
  [
    'loop.msg',
    () => msg({ subject: 's', body: 'b', attachments: [{ name: 'a', content: Buffer.alloc(0) }] }),
    { result: 'done' },
  ],
]

/** A stream whose chain of sectors leads back to its start. */
function circular(): Buffer {
  const bytes = doc(['words'], { Data: Buffer.alloc(8192, 1) })
  const fat = bytes.length - 512
  for (let sector = 0; sector < 120; sector++)
    if (bytes.readUInt32LE(fat + sector * 4) < 0xfffffffa) bytes.writeUInt32LE(0, fat + sector * 4)
  return bytes
}

function nested(depth: number, wrap: (inner: Buffer, n: number) => Buffer): Buffer {
  let bytes: Buffer = note
  for (let n = 0; n < depth; n++) bytes = wrap(bytes, n)
  return bytes
}

describe('containers that attack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-hostile-'))
  let entries: Map<string, EntryView>
  beforeAll(async () => {
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    for (const [name, make] of ROWS) writeFileSync(join(root, name), await make())
    writeFileSync(
      join(root, 'deep.zip'),
      nested(30, (inner, n) => zipOf({ [`level-${n}`]: inner })),
    )
    writeFileSync(
      join(root, 'deep.gz'),
      nested(30, (inner) => gzipSync(inner)),
    )
    const picture = await jpeg({ seed: 1, width: 64, height: 64 })
    writeFileSync(join(root, 'picture-and-zip.jpg'), Buffer.concat([picture, zipOf({ 'note.txt': note })]))
    writeFileSync(join(root, 'pdf-and-zip.pdf'), Buffer.concat([pdf(SENTENCES), zipOf({ 'note.txt': note })]))
    writeFileSync(join(root, 'macro.docx'), docx(SENTENCES, { 'word/vbaProject.bin': 'macro' }))
    writeFileSync(
      join(root, 'mail.eml'),
      mailOf([
        {
          name: 'files.tar',
          content: await tarOf([{ name: 'inner.zip', content: zipOf({ 'deep.txt': note }) }]),
        },
        { name: 'book.xls', content: xls(['a']) },
      ]),
    )
    entries = await runFolder(root, join(folder, 'case.sqlite'), { limits: LIMITS })
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const opened = (path: string): StageResult => entries.get(path)!.stages.opened
  const inside = (path: string) => [...entries.keys()].filter((one) => one.startsWith(`${path} » `))

  it.each(ROWS)('%s', (name, _, { detail, ...wanted }) => {
    const result = opened(name)
    expect(result).toMatchObject(wanted)
    if (detail) expect(JSON.stringify(result)).toContain(detail)
  })

  it('members before the limit are entries with digests', () => {
    expect(entries.get('ratio.zip » member note.txt')!.content).not.toBeNull()
    expect(inside('many.zip')).toHaveLength(500)
  })

  it('what lies deeper than the limit is named as such, at the limit', () => {
    for (const file of ['deep.zip', 'deep.gz']) {
      const deepest = inside(file).sort((a, b) => b.length - a.length)[0]!
      expect(deepest.split(' » ')).toHaveLength(LIMITS.containerDepth + 1)
      expect(opened(deepest)).toEqual({
        result: 'not-done',
        reason: 'over-container-limit',
        detail: { code: 'over-depth', params: { limit: 12 } },
      })
    }
  })

  it('encrypted members are counted one by one', () => {
    expect(entries.get('members.zip » member secret.txt')!.stages.read).toMatchObject({
      result: 'not-done',
      reason: 'encrypted-member',
    })
  })

  it('names that lead elsewhere stay names, links stay links, and nothing is written', () => {
    const kinds = inside('names.tar').map((path) => [path.slice(0, 60), entries.get(path)!.entry.kind])
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['names.tar » member ../../../escaped.txt', 'file'],
        ['names.tar » member /etc/escaped.txt', 'file'],
        ['names.tar » member link', 'symlink'],
      ]),
    )
    expect(kinds).toHaveLength(4)
    expect(readdirSync(folder).filter((name) => !/^(exhibit|case\.sqlite)/.test(name))).toEqual([])
    expect(readdirSync('/etc')).not.toContain('escaped.txt')
  })

  it('overlapping members are two entries of one content', () => {
    expect(inside('overlapping.zip')).toEqual([
      'overlapping.zip » member a.txt',
      'overlapping.zip » member a.txt#2',
    ])
  })

  it('a ZIP inside a TAR inside a mail is reached, and documents beside it', () => {
    const place = 'mail.eml » attachment files.tar » member inner.zip » member deep.txt'
    expect(entries.get(place)!.content?.sizeBytes).toBe(BigInt(note.length))
    expect(opened('mail.eml » attachment book.xls')).toEqual({ result: 'done' })
  })

  it('a file that is two things is taken for what it begins with', () => {
    expect(entries.get('picture-and-zip.jpg')!.content!.mediaType).toBe('image/jpeg')
    expect(entries.get('picture-and-zip.jpg')!.stages['looked-at'].result).toMatch(/^done/)
    expect(entries.get('pdf-and-zip.pdf')!.content!.mediaType).toBe('application/pdf')
  })
})
