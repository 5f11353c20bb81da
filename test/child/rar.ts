/**
 * RAR files of the two formats in use, members stored: nothing but its maker's program packs them, and headers and checksums are
 * what a test of damage needs. After the technical note that comes with RAR ("RAR 5.0 archive format", and "technote" of 4.x).
 */
import { crc32 } from 'node:zlib'
import type { Files } from './archives.ts'

/** MS-DOS time: 6 May 2024, 07:08:08. */
const DOS_TIME = (((2024 - 1980) << 25) | (5 << 21) | (6 << 16) | (7 << 11) | (8 << 5) | 4) >>> 0
const UNIX_HOST = 3
const REGULAR_FILE = 0o100644

/** RAR 1.5 to 4. */
export function rar4Of(files: Files): Buffer {
  const parts = [Buffer.from('Rar!\x1a\x07\0', 'latin1'), block4(0x73, 0, Buffer.alloc(6))]
  for (const [name, bytes] of Object.entries(files)) {
    const body = Buffer.alloc(25)
    body.writeUInt32LE(bytes.length, 0)
    body.writeUInt32LE(bytes.length, 4)
    body[8] = UNIX_HOST
    body.writeUInt32LE(crc32(bytes), 9)
    body.writeUInt32LE(DOS_TIME, 13)
    body[17] = 20 // version that unpacks it
    body[18] = 0x30 // stored
    body.writeUInt16LE(Buffer.byteLength(name), 19)
    body.writeUInt32LE(REGULAR_FILE, 21)
    parts.push(block4(0x74, 0x8000, Buffer.concat([body, Buffer.from(name)])), Buffer.from(bytes))
  }
  return Buffer.concat([...parts, block4(0x7b, 0x4000, Buffer.alloc(0))])
}

/** CRC (low 16 bits of CRC-32 over what follows), type, flags, size of the header. */
function block4(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(7)
  head[2] = type
  head.writeUInt16LE(flags, 3)
  head.writeUInt16LE(7 + body.length, 5)
  const block = Buffer.concat([head, body])
  block.writeUInt16LE(crc32(block.subarray(2)) & 0xffff, 0)
  return block
}

/** RAR 5 and later. */
export function rar5Of(files: Files): Buffer {
  const parts = [Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), block5([1, 0, 0])]
  for (const [name, bytes] of Object.entries(files)) {
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(crc32(bytes))
    const named = Buffer.from(name)
    // Type 2 with data behind it; flags of the file: a CRC-32; stored; made on Unix.
    parts.push(
      block5([2, 2, bytes.length, 4, bytes.length, REGULAR_FILE], crc, [0, 1, named.length], named),
      Buffer.from(bytes),
    )
  }
  return Buffer.concat([...parts, block5([5, 0, 0])])
}

/** CRC-32 over what follows, size of what follows the size, fields: numbers of seven bits a byte. */
function block5(...fields: readonly (readonly number[] | Buffer)[]): Buffer {
  const body = Buffer.concat(fields.map((field) => (Buffer.isBuffer(field) ? field : varints(field))))
  const sized = Buffer.concat([varints([body.length]), body])
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(crc32(sized))
  return Buffer.concat([crc, sized])
}

function varints(numbers: readonly number[]): Buffer {
  const bytes: number[] = []
  for (let number of numbers) {
    for (; number > 0x7f; number = Math.floor(number / 128)) bytes.push((number % 128) | 0x80)
    bytes.push(number)
  }
  return Buffer.from(bytes)
}
