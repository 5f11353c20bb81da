/** AFF4 images written from their description, and the slowest possible encoders of Snappy and LZ4. */
import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

const CHUNK = 32768
const CHUNKS_IN_BEVY = 4
const VOLUME = 'aff4://11111111-0000-4000-8000-000000000001'
const STREAM = 'aff4://11111111-0000-4000-8000-000000000002'
const MAP = 'aff4://11111111-0000-4000-8000-000000000003'
const IMAGE = 'aff4://11111111-0000-4000-8000-000000000004'

/** How far the bytes from `at` on repeat what stands `distance` before. */
function repeats(data: Buffer, at: number, distance: number, atMost: number): number {
  if (at < distance) return 0
  let count = 0
  while (count < atMost && at + count < data.length && data[at + count] === data[at + count - distance])
    count++
  return count
}

/** Runs of one byte and of 64 bytes become copies, all else literals. */
export function snappy(data: Buffer): Buffer {
  const out: number[] = []
  for (let rest = data.length; ; rest >>>= 7) {
    out.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80)
    if (rest < 0x80) break
  }
  for (let at = 0; at < data.length; ) {
    const near = repeats(data, at, 1, 11)
    const far = repeats(data, at, 64, 64)
    if (far >= 4) {
      out.push(((far - 1) << 2) | 2, 64, 0)
      at += far
    } else if (near >= 4) {
      out.push(((near - 4) << 2) | 1, 1)
      at += near
    } else {
      const count = Math.min(60 + (at % 200), data.length - at, at < 64 ? 64 - at : 1000)
      if (count <= 60) out.push((count - 1) << 2)
      else out.push(60 << 2, count - 1)
      out.push(...data.subarray(at, at + count))
      at += count
    }
  }
  return Buffer.from(out)
}

/** Literals of up to 300 bytes, and after each a copy from two bytes before: `data` repeats there, as the last byte but four does not. */
export function lz4(pieces: readonly { readonly literals: Buffer; readonly copied: number }[]): {
  block: Buffer
  data: Buffer
} {
  const out: Buffer[] = []
  let data = Buffer.alloc(0)
  const more = (count: number): Buffer =>
    count < 15
      ? Buffer.alloc(0)
      : Buffer.from([...Array(Math.floor((count - 15) / 255)).fill(255), (count - 15) % 255])
  for (const [index, { literals, copied }] of pieces.entries()) {
    const last = index === pieces.length - 1
    const count = last ? 0 : copied - 4
    out.push(
      Buffer.from([(Math.min(15, literals.length) << 4) | Math.min(15, count)]),
      more(literals.length),
      literals,
    )
    data = Buffer.concat([data, literals])
    if (last) break
    out.push(Buffer.from([2, 0]), more(count))
    const copy = Buffer.alloc(copied)
    for (let at = 0; at < copied; at++) copy[at] = data[data.length - 2 + (at % 2)]!
    data = Buffer.concat([data, copy])
  }
  return { block: Buffer.concat(out), data }
}

function zip(members: readonly (readonly [name: string, data: Buffer])[], comment: string): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, data] of members) {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(45, 0)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(data.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x2d\0', 'latin1'), fields, place, Buffer.from(name)]))
    parts.push(local)
    at += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  end.writeUInt16LE(comment.length, 16)
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06'), end, Buffer.from(comment)])
}

const METHODS = {
  snappy: { name: '<http://code.google.com/p/snappy/>', encode: snappy },
  zlib: { name: '<https://www.ietf.org/rfc/rfc1950.txt>', encode: (data: Buffer) => deflateSync(data) },
  none: { name: 'aff4:NullCompressor', encode: (data: Buffer) => data },
} as const

/** @param lost where the disk was not read, in bytes: what stands there is not in the image */
export function aff4(
  disk: Buffer,
  method: keyof typeof METHODS,
  lost?: { offset: number; length: number },
): Buffer {
  const prefix = (urn: string): string => encodeURIComponent(urn)
  const ranges: { offset: number; length: number; at: number; target: number }[] = []
  const held: Buffer[] = []
  let streamBytes = 0
  const pieces = lost
    ? [
        [0, lost.offset, 0],
        [lost.offset, lost.offset + lost.length, 2],
        [lost.offset + lost.length, disk.length, 0],
      ]
    : [[0, disk.length, 0]]
  for (const [from, to, target] of pieces as [number, number, number][]) {
    for (let at = from; at < to; at += CHUNK) {
      const bytes = disk.subarray(at, Math.min(to, at + CHUNK))
      const zeros = bytes.every((byte) => byte === 0)
      // A hole between ranges is what the map says of gaps: zeros.
      if (zeros && target === 0 && at % (2 * CHUNK) === 0) continue
      const into = target === 2 ? 2 : zeros ? 1 : 0
      ranges.push({ offset: at, length: bytes.length, at: into === 0 ? streamBytes : 0, target: into })
      if (into !== 0) continue
      held.push(bytes)
      streamBytes += bytes.length
    }
  }
  const map = Buffer.alloc(ranges.length * 28)
  for (const [index, { offset, length, at, target }] of ranges.entries()) {
    map.writeBigUInt64LE(BigInt(offset), index * 28)
    map.writeBigUInt64LE(BigInt(length), index * 28 + 8)
    map.writeBigUInt64LE(BigInt(at), index * 28 + 16)
    map.writeUInt32LE(target, index * 28 + 24)
  }
  const stream = Buffer.concat(held)
  const members: [string, Buffer][] = [['container.description', Buffer.from(VOLUME)]]
  const chunks = Array.from({ length: Math.ceil(stream.length / CHUNK) }, (_, index) =>
    stream.subarray(index * CHUNK, (index + 1) * CHUNK),
  )
  for (let bevy = 0; bevy * CHUNKS_IN_BEVY < chunks.length; bevy++) {
    const stored: Buffer[] = []
    const index: Buffer[] = []
    const digests: Buffer[] = []
    let at = 0
    for (const chunk of chunks.slice(bevy * CHUNKS_IN_BEVY, (bevy + 1) * CHUNKS_IN_BEVY)) {
      const whole = Buffer.concat([chunk, Buffer.alloc(CHUNK - chunk.length)])
      const coded = METHODS[method].encode(whole)
      const bytes = coded.length < CHUNK ? coded : whole
      const entry = Buffer.alloc(12)
      entry.writeBigUInt64LE(BigInt(at), 0)
      entry.writeUInt32LE(bytes.length, 8)
      index.push(entry)
      stored.push(bytes)
      digests.push(createHash('sha1').update(whole).digest())
      at += bytes.length
    }
    const name = `${prefix(STREAM)}/${String(bevy).padStart(8, '0')}`
    members.push(
      [name, Buffer.concat(stored)],
      [`${name}.index`, Buffer.concat(index)],
      [`${name}.blockHash.sha1`, Buffer.concat(digests)],
    )
  }
  members.push(
    [`${prefix(MAP)}/map`, map],
    [
      `${prefix(MAP)}/idx`,
      Buffer.from(`${STREAM}\nhttp://aff4.org/Schema#Zero\nhttp://aff4.org/Schema#UnreadableData\n`),
    ],
    [
      'information.turtle',
      Buffer.from(`@prefix aff4:  <http://aff4.org/Schema#> .
<${IMAGE}>
        a  aff4:Image , aff4:DiskImage ;
        aff4:dataStream <${MAP}> ;
        aff4:hash "${createHash('md5').update(disk).digest('hex')}"^^aff4:MD5 , "${createHash('sha1').update(disk).digest('hex')}"^^aff4:SHA1 ;
        aff4:size "${disk.length}"^^xsd:long .

<${MAP}> a aff4:Map ; aff4:mapGapDefaultStream aff4:Zero ; aff4:size "${disk.length}"^^xsd:long .
<aff4://note> a aff4:CaseNotes ; aff4:caseNumber "case \\"7\\"" ; aff4:examiner "A. Example" .
<${STREAM}> a aff4:ImageStream ;
        aff4:chunkSize "${CHUNK}"^^xsd:int ;
        aff4:chunksInSegment "${CHUNKS_IN_BEVY}"^^xsd:int ;
        aff4:compressionMethod ${METHODS[method].name} ;
        aff4:size "${stream.length}"^^xsd:long .
`),
    ],
  )
  return zip(members, VOLUME)
}
