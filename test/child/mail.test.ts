/** Parts of a mail that claim to be text: pictures and archives among them are members, text stays text. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { jpeg, png } from '../../fixtures/pictures.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const photo = await jpeg({ seed: 61, width: 160, height: 120 })
const drawing = await png({ seed: 62, width: 90, height: 70 })
const archive = zipOf({ 'a.jpg': photo })
const HEADER =
  'From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nDate: Mon, 06 May 2024 07:08:09 +0000\r\nMIME-Version: 1.0\r\n'
const LETTER = 'Content-Type: text/plain\r\n\r\nThe train leaves at nine.\r\n'

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
const encoded = (fields: string, bytes: Buffer) =>
  `${fields}Content-Transfer-Encoding: base64\r\n\r\n${base64(bytes)}\r\n`
const mixed = (...parts: string[]) =>
  `${HEADER}Content-Type: multipart/mixed; boundary=bb\r\n\r\n${parts.map((part) => `--bb\r\n${part}`).join('')}--bb--\r\n`

async function membersOf(mail: string) {
  const { members, result } = await listContainer(Buffer.from(mail, 'latin1'), 'message/rfc822')
  expect(result).toEqual({ result: 'done' })
  return members.map(({ kind, name, digests }) => [kind, name, digests!.sha256])
}

describe('a part that claims to be text', () => {
  it.each<[string, string, Buffer, string]>([
    ['text/plain with a name', 'Content-Type: text/plain; name=a.jpg\r\n', photo, 'a.jpg'],
    [
      'text/plain inline',
      'Content-Type: text/plain\r\nContent-Disposition: inline; filename=a.jpg\r\n',
      photo,
      'a.jpg',
    ],
    [
      'text/plain attached',
      'Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a.jpg\r\n',
      photo,
      'a.jpg',
    ],
    ['text/html', 'Content-Type: text/html; charset=utf-8\r\n', drawing, 'part-1'],
    ['text/calendar', 'Content-Type: text/calendar; method=REQUEST\r\n', photo, 'part-1'],
    ['no type', '', archive, 'part-1'],
    ['flowed text', 'Content-Type: text/plain; format=flowed\r\n', photo, 'part-1'],
  ])('is a member when it is a picture or an archive: %s', async (_, fields, content, name) => {
    const expected = [['attachment', name, sha256(content)]]
    expect(await membersOf(mixed(LETTER, encoded(fields, content)))).toEqual(expected)
    // The body of a mail without parts.
    expect(await membersOf(HEADER + encoded(fields, content))).toEqual(expected)
  })

  it('is a member when it is a PDF that is written in letters', async () => {
    const pdf = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n'
    const found = await membersOf(mixed(LETTER, encoded('Content-Type: text/plain\r\n', Buffer.from(pdf))))
    expect(found).toEqual([['attachment', 'part-1', sha256(Buffer.from(pdf))]])
  })

  it('keeps the order of the parts, and numbers the parts without a name', async () => {
    const found = await membersOf(
      mixed(
        encoded('', drawing),
        LETTER,
        encoded('Content-Type: image/jpeg; name=b.jpg\r\n', photo),
        encoded('Content-Type: text/html\r\n', archive),
      ),
    )
    expect(found).toEqual([
      ['attachment', 'part-1', sha256(drawing)],
      ['attachment', 'b.jpg', sha256(photo)],
      ['attachment', 'part-3', sha256(archive)],
    ])
  })

  it.each<[string, string, Buffer]>([
    [
      'letters',
      'text/plain',
      Buffer.from('BM is short. MZ too. GIF89a, PK, ID3 and 7z are names of formats.'),
    ],
    ['the name of a format', 'text/plain', Buffer.from('GIF89a is a format of pictures.\n'.repeat(9))],
    ['two letters of a program', 'text/plain', Buffer.from('MZ begins each program.\n'.repeat(9))],
    ['HTML', 'text/html', Buffer.from('<!doctype html><html><body><p>Nine</p></body></html>')],
    ['a card', 'text/plain', Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n')],
    ['a calendar', 'text/plain', Buffer.from('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n')],
    [
      'PGP',
      'text/plain',
      Buffer.from('-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n'),
    ],
    ['UTF-16', 'text/plain; charset=utf-16', Buffer.from('\ufeffThe train leaves at nine.', 'utf16le')],
    [
      'UTF-16 without a mark',
      'text/plain; charset=utf-16le',
      Buffer.from('The train leaves at nine.', 'utf16le'),
    ],
    ['Chinese in GBK', 'text/plain; charset=gbk', Buffer.from('c4e3bac3cac0bde7'.repeat(20), 'hex')],
    ['Cyrillic in KOI8-R', 'text/plain; charset=koi8-r', Buffer.from('f0d2c9d7c5d420cdc9d221', 'hex')],
    ['Japanese in ISO-2022', 'text/plain; charset=iso-2022-jp', Buffer.from('\x1b$B$3$s\x1b(B', 'latin1')],
    ['nothing', 'text/plain', Buffer.alloc(0)],
  ])('stays text when it is text: %s', async (_, type, content) => {
    expect(await membersOf(mixed(encoded(`Content-Type: ${type}\r\n`, content)))).toEqual([])
    expect(await membersOf(HEADER + encoded(`Content-Type: ${type}\r\n`, content))).toEqual([])
  })
})
