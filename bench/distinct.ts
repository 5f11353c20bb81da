/** The same picture or video as another file: other digests, same pixels. Encoding ten thousand pictures would take an hour. */
import { crc32 } from 'node:zlib'

/** @param mark at most 200 letters, another one for each file */
export function distinct(file: Buffer, mediaType: string, mark: string): Buffer {
  const text = Buffer.from(mark, 'latin1')
  switch (mediaType) {
    case 'image/jpeg':
      return Buffer.concat([file.subarray(0, 2), jpegComment(text), file.subarray(2)])
    case 'image/png':
      return Buffer.concat([file.subarray(0, PNG_HEAD), pngText(text), file.subarray(PNG_HEAD)])
    case 'image/gif':
      // Before the last byte, which ends the file.
      return Buffer.concat([
        file.subarray(0, -1),
        Buffer.of(0x21, 0xfe, text.length),
        text,
        Buffer.of(0, 0x3b),
      ])
    case 'image/webp':
      return webpWith(file, text)
    case 'image/heic':
    case 'video/mp4':
      return Buffer.concat([file, uint32(text.length + 8), Buffer.from('free'), text])
    default:
      throw new Error(`no way to make a ${mediaType} distinct`)
  }
}

function jpegComment(text: Buffer): Buffer {
  const length = text.length + 2
  return Buffer.concat([Buffer.of(0xff, 0xfe, length >> 8, length & 0xff), text])
}

/** Signature and IHDR, which comes first. */
const PNG_HEAD = 33

function pngText(text: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('tEXtComment\0', 'latin1'), text])
  return Buffer.concat([uint32(body.length - 4), body, uint32(crc32(body))])
}

function webpWith(file: Buffer, text: Buffer): Buffer {
  const even = text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.of(0x20)])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(even.length)
  const out = Buffer.concat([file, Buffer.from('note'), length, even])
  out.writeUInt32LE(out.length - 8, 4)
  return out
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
