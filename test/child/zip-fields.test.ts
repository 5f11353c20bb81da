/** Pictures in fields of a ZIP archive that readers pass over, and in parts of a document that claim to be markup. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { jpeg, png } from '../../fixtures/pictures.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const photo = await jpeg({ seed: 71, width: 160, height: 120 })
const drawing = await png({ seed: 72, width: 90, height: 70 })
const letter = Buffer.from('The train leaves at nine.\n')

const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, i * 2)
  return bytes
}
const extraOf = (bytes: Buffer) => Buffer.concat([u16(0x7777, bytes.length), bytes])

interface Fields {
  /** Behind the name in the local header, behind the name in the directory, and the entry's comment there. */
  readonly local?: Buffer
  readonly extra?: Buffer
  readonly remark?: Buffer
  /** Between the directory and the end record. */
  readonly between?: Buffer
  readonly comment?: Buffer
}

const NONE = Buffer.alloc(0)

/** An archive of one stored letter, with fields of one's own. */
function archive({ local = NONE, extra = NONE, remark = NONE, between = NONE, comment = NONE }: Fields) {
  const plain = zipOf({ 'a.txt': letter }, 0)
  const endAt = plain.length - 22
  const directoryAt = plain.readUInt32LE(endAt + 16)
  const head = Buffer.from(plain.subarray(0, 35))
  head.writeUInt16LE(local.length, 28)
  const row = Buffer.from(plain.subarray(directoryAt, directoryAt + 51))
  row.writeUInt16LE(extra.length, 30)
  row.writeUInt16LE(remark.length, 32)
  const end = Buffer.from(plain.subarray(endAt))
  end.writeUInt32LE(51 + extra.length + remark.length, 12)
  end.writeUInt32LE(directoryAt + local.length, 16)
  end.writeUInt16LE(comment.length, 20)
  const body = plain.subarray(35, directoryAt)
  return Buffer.concat([head, local, body, row, extra, remark, between, end, comment])
}

async function listed(bytes: Buffer) {
  const { members, result } = await listContainer(bytes)
  expect(result).toEqual({ result: 'done' })
  return members.map(({ name, digests }) => [name, digests!.sha256])
}

describe('a field of a ZIP archive', () => {
  it.each<[string, Fields, readonly (readonly [string, Buffer])[]]>([
    ['comment', { comment: photo }, [['comment.jpg', photo]]],
    ['comment behind words', { comment: Buffer.concat([letter, photo]) }, [['comment.jpg', photo]]],
    ['comment of an entry', { remark: drawing }, [['comment.png', drawing]]],
    ['extra field of the directory', { extra: extraOf(photo) }, [['extra.jpg', photo]]],
    ['extra field before the member', { local: extraOf(photo) }, [['extra.jpg', photo]]],
    ['extra field in both', { local: extraOf(photo), extra: extraOf(photo) }, [['extra.jpg', photo]]],
    [
      'two extra fields, and the directory’s end',
      { local: extraOf(photo), extra: extraOf(drawing), between: photo },
      [
        ['extra.png', drawing],
        ['extra.jpg', photo],
        ['between.jpg', photo],
      ],
    ],
  ])('that is a picture is a member: %s', async (_, fields, expected) => {
    expect(await listed(archive(fields))).toEqual([
      ['a.txt', sha256(letter)],
      ...expected.map(([name, bytes]) => [name, sha256(bytes)]),
    ])
  })

  it('of words, names of formats, numbers or zeros is none', async () => {
    const words = Buffer.from('GIF89a, RIFF, ID3, %PDF- and PK are names of formats. '.repeat(4))
    const numbers = createHash('shake256', { outputLength: 4000 }).update('field').digest()
    for (const of of [words, numbers, Buffer.alloc(4000)])
      expect(await listed(archive({ local: of, extra: extraOf(of), remark: of, comment: of }))).toEqual([
        ['a.txt', sha256(letter)],
      ])
  })
})

describe('a part of an office document with the name of markup', () => {
  const XML = '<?xml version="1.0"?>'
  const types = `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
  const body = `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>`
  const document = (more: Record<string, Buffer>) =>
    zipOf({
      '[Content_Types].xml': Buffer.from(types),
      '_rels/.rels': Buffer.from(`${XML}<Relationships/>`),
      'word/document.xml': Buffer.from(body),
      ...more,
    })
  const inner = zipOf({ 'a.jpg': photo })
  const base64 = Buffer.from(`${XML}<picture>${photo.toString('base64')}</picture>`)
  const large = Buffer.alloc(54 + 600 * 600 * 3, 'pixel')
  large.write('BM')
  large.writeUInt32LE(large.length, 2)
  for (const [at, value] of [
    [6, 0],
    [10, 54],
    [14, 40],
    [18, 600],
    [22, 600],
    [26, 0x180001],
    [30, 0],
    [34, large.length - 54],
  ] as const)
    large.writeUInt32LE(value, at)

  it.each<[string, Buffer]>([
    ['word/media/image1.xml', photo],
    ['word/media/image1.XML', large],
    ['word/x.rels', inner],
    ['x.rdf', drawing],
    ['customXml/item1.xml', photo],
    ['customXml/item2.xml', base64],
  ])('is a member when it is none: %s', async (name, bytes) => {
    expect(await listed(document({ [name]: bytes }))).toEqual([[name, sha256(bytes)]])
  })

  it('is none when it is markup, in any encoding, or empty', async () => {
    const parts = {
      'word/styles.xml': Buffer.from(`${XML}<w:styles>Стили</w:styles>`),
      'word/wide.xml': Buffer.from(`\ufeff${XML}<w:styles>Стили</w:styles>`, 'utf16le'),
      'word/old.xml': Buffer.from('3c613ed1f2e8ebe83c2f613e', 'hex'),
      'word/empty.xml': NONE,
      'customXml/item1.xml': Buffer.from(`${XML}<a>The train leaves at nine.</a>`),
    }
    expect(await listed(document(parts))).toEqual([])
  })

  it('is one when it cannot be read: a picture may be in it', async () => {
    const whole = document({ 'word/z.xml': Buffer.from(`${XML}${'<a>words</a>'.repeat(500)}`) })
    whole.fill(0xff, whole.indexOf('word/z.xml') + 12, whole.indexOf('word/z.xml') + 40)
    const { members } = await listContainer(whole)
    expect(members).toMatchObject([{ name: 'word/z.xml', read: { reason: expect.any(String) } }])
  })
})
