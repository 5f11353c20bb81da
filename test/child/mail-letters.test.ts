/** Pictures that a mail holds in letters of its bodies, outside of its parts, or in bytes that are not encoded. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { jpeg, png } from '../../fixtures/pictures.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const photo = await jpeg({ seed: 81, width: 160, height: 120 })
const drawing = await png({ seed: 82, width: 90, height: 70 })
const archive = zipOf({ 'a.jpg': photo })

const HEADER =
  'From: a@example.org\r\nTo: b@example.org\r\nSubject: s\r\nDate: Mon, 06 May 2024 07:08:09 +0000\r\nMIME-Version: 1.0\r\n'
const LETTER = 'Content-Type: text/plain\r\n\r\nThe train leaves at nine.\r\n'
const MIXED = 'Content-Type: multipart/mixed; boundary=bb\r\n\r\n'
const lines = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
const part = (bytes: Buffer) =>
  `Content-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(bytes)}\r\n`

/** @param space the letter that stands for zero */
function uuencoded(bytes: Buffer, space = '`', name = 'a.jpg') {
  const letter = (value: number) => (value === 0 ? space : String.fromCharCode(value + 32))
  let text = `begin 644 ${name}\r\n`
  for (let at = 0; at < bytes.length; at += 45) {
    const line = bytes.subarray(at, at + 45)
    const padded = Buffer.concat([line, Buffer.alloc((3 - (line.length % 3)) % 3)])
    text += letter(line.length)
    for (let i = 0; i < padded.length; i += 3) {
      const three = padded.readUIntBE(i, 3)
      for (const shift of [18, 12, 6, 0]) text += letter((three >> shift) & 63)
    }
    text += '\r\n'
  }
  return `${text}${space}\r\nend\r\n`
}

async function found(mail: string, type = 'message/rfc822') {
  const { mediaType, members, result } = await listContainer(Buffer.from(mail, 'latin1'))
  expect([mediaType, result]).toEqual([type, { result: 'done' }])
  return members.map(({ digests }) => digests!.sha256)
}

describe('a picture in a mail', () => {
  it.each<[string, string, Buffer]>([
    ['uuencoded in the body', `${HEADER}Content-Type: text/plain\r\n\r\nhi\r\n${uuencoded(photo)}`, photo],
    ['uuencoded with spaces', `${HEADER}Content-Type: text/plain\r\n\r\n${uuencoded(drawing, ' ')}`, drawing],
    ['uuencoded archive', `${HEADER}${MIXED}--bb\r\n${LETTER}${uuencoded(archive)}--bb--\r\n`, archive],
    ['before all parts', `${HEADER}${MIXED}${lines(photo)}\r\n--bb\r\n${LETTER}--bb--\r\n`, photo],
    ['behind all parts', `${HEADER}${MIXED}--bb\r\n${LETTER}--bb--\r\n${lines(photo)}\r\n`, photo],
    [
      'in parts without a boundary',
      `${HEADER}Content-Type: multipart/mixed\r\n\r\n--bb\r\n${LETTER}--bb\r\n${part(photo)}--bb--\r\n`,
      photo,
    ],
    [
      'in an address of a plain body',
      `${HEADER}Content-Type: text/plain\r\n\r\nx data:image/jpeg;base64,${photo.toString('base64')} y\r\n`,
      photo,
    ],
    [
      'in bytes',
      `${HEADER}${MIXED}--bb\r\n${LETTER}--bb\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n${photo.toString('latin1')}\r\n--bb--\r\n`,
      photo,
    ],
    [
      'in bytes to the end',
      `${HEADER}Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n${drawing.toString('latin1')}`,
      drawing,
    ],
  ])('is a member, byte for byte: %s', async (_, mail, expected) => {
    expect(await found(mail)).toEqual([sha256(expected)])
  })

  it('is one member where it is an attachment, or stands in two bodies', async () => {
    expect(await found(`${HEADER}${MIXED}--bb\r\n${LETTER}--bb\r\n${part(photo)}--bb--\r\n`)).toEqual([
      sha256(photo),
    ])
    const address = `data:image/jpeg;base64,${photo.toString('base64')}`
    const both = `--bb\r\nContent-Type: text/plain\r\n\r\n${address}\r\n--bb\r\nContent-Type: text/html\r\n\r\n<img src="${address}">\r\n--bb--\r\n`
    expect(await found(HEADER + MIXED.replace('mixed', 'alternative') + both)).toEqual([sha256(photo)])
  })

  it('is none where words only look like one', async () => {
    for (const body of [
      'begin 644 a.jpg is the first line.\r\nThe train leaves at nine.\r\n',
      uuencoded(Buffer.from('The train leaves at nine. '.repeat(9)), '`', 'a.txt'),
      'UEsDBBQAAAAI and QkAAAAAAAAAAAAAA are letters.\r\n',
    ])
      expect(await found(`${HEADER}Content-Type: text/plain\r\n\r\n${body}`)).toEqual([])
  })
})

describe('a text with letters of a file', () => {
  it.each<[string, string, Buffer]>([
    ['uuencode', `hi\n${uuencoded(photo).replaceAll('\r', '')}`, photo],
    ['an archive in base64', `x ${archive.toString('base64')}\n`, archive],
  ])('has it as a member: %s', async (_, text, expected) => {
    expect(await found(text, 'text/plain')).toEqual([sha256(expected)])
  })
})
