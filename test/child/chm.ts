/** Help files of Windows (CHM) whose members are stored, not compressed. After "Microsoft's HTML Help (.chm) format", M. Russotto. */
import type { Files } from './archives.ts'

const CHUNK = 4096
const HEAD = 0x60
const SECTION_0 = 0x18
const ITSP = 0x54
const GUIDS = Buffer.from('10fd017caa7bd0119e0c00a0c922e6ec11fd017caa7bd0119e0c00a0c922e6ec', 'hex')

export function chmOf(files: Files): Buffer {
  const members: [name: string, bytes: Uint8Array][] = [
    ['/', Buffer.alloc(0)],
    ...Object.entries(files).map(([name, bytes]): [string, Uint8Array] => [`/${name}`, bytes]),
    ['::DataSpace/NameList', nameList('Uncompressed')],
  ]
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  let offset = 0
  const entries = members.map(([name, bytes]) => {
    const entry = Buffer.concat([
      encoded(name.length),
      Buffer.from(name),
      ...[0, offset, bytes.length].map(encoded),
    ])
    offset += bytes.length
    return entry
  })
  const contents = HEAD + SECTION_0 + ITSP + CHUNK
  const parts = [head(contents), section0(contents + offset), directoryHead(), chunk(entries)]
  return Buffer.concat([...parts, ...members.map(([, bytes]) => bytes)])
}

function head(contents: number): Buffer {
  const bytes = Buffer.alloc(HEAD)
  bytes.write('ITSF')
  for (const [at, value] of [
    [4, 3],
    [8, HEAD],
    [12, 1],
    [20, 0x409],
  ] as const)
    bytes.writeUInt32LE(value, at)
  GUIDS.copy(bytes, 24)
  const places = [HEAD, SECTION_0, HEAD + SECTION_0, ITSP + CHUNK, contents]
  for (const [i, value] of places.entries()) bytes.writeBigUInt64LE(BigInt(value), 56 + 8 * i)
  return bytes
}

function section0(fileBytes: number): Buffer {
  const bytes = Buffer.alloc(SECTION_0)
  bytes.writeUInt32LE(0x1fe)
  bytes.writeBigUInt64LE(BigInt(fileBytes), 8)
  return bytes
}

function directoryHead(): Buffer {
  const bytes = Buffer.alloc(ITSP, 0)
  bytes.write('ITSP')
  const fields = [1, ITSP, 10, CHUNK, 2, 1, -1, 0, 0, -1, 1, 0x409]
  for (const [i, value] of fields.entries()) bytes.writeInt32LE(value, 4 + 4 * i)
  Buffer.from('6a92025d2e21d0119df900a0c922e6ec', 'hex').copy(bytes, 52)
  bytes.writeInt32LE(ITSP, 68)
  bytes.fill(0xff, 72)
  return bytes
}

/** The one chunk of the directory: entries from the front, how many there are at its end. */
function chunk(entries: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(CHUNK)
  bytes.write('PMGL')
  const used = 20 + Buffer.concat(entries).copy(bytes, 20)
  bytes.writeUInt32LE(CHUNK - used, 4)
  bytes.writeInt32LE(-1, 12)
  bytes.writeInt32LE(-1, 16)
  bytes.writeUInt16LE(entries.length, CHUNK - 2)
  return bytes
}

function nameList(name: string): Buffer {
  const bytes = Buffer.alloc(4 + 2 + 2 * name.length + 2)
  for (const [i, value] of [bytes.length / 2, 1, name.length].entries()) bytes.writeUInt16LE(value, 2 * i)
  bytes.write(name, 6, 'utf16le')
  return bytes
}

/** Seven bits a byte, the highest first. */
function encoded(value: number): Buffer {
  const bytes = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return Buffer.from(bytes)
}
