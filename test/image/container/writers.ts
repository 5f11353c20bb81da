/** Containers that no tool here writes, written from their descriptions: Ex01, L01, Lx01 and AD1 around one disk or one file. */
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { adler32 } from '../../../src/formats/image/container/common/adler32.ts'

const CHUNK = 32768
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
const padded = (bytes: Buffer, to = 16): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)])
const summed = (bytes: Buffer): Buffer => Buffer.concat([bytes, u32(adler32(bytes))])
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

function chunksOf(data: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < data.length; at += CHUNK) chunks.push(data.subarray(at, at + CHUNK))
  return chunks
}

// ───────────────────────────────────────────────────────────────────────────── EWF2

/** @param files text of the list of files: makes it an Lx01 */
export function ewf2(
  data: Buffer,
  files?: string,
  pack: (bytes: Buffer) => Buffer = deflateSync,
  method = 1,
): Buffer {
  const parts: Buffer[] = []
  let at = 0
  let previous = 0
  const put = (bytes: Buffer): number => {
    parts.push(bytes)
    at += bytes.length
    return at - bytes.length
  }
  const section = (type: number, body: Buffer): void => {
    const bytes = padded(body)
    put(bytes)
    descriptor(type, bytes)
  }
  const descriptor = (type: number, bytes: Buffer): void => {
    const md5 = createHash('md5').update(bytes).digest()
    const head = Buffer.concat([
      u32(type),
      u32(1),
      u64(previous),
      u64(bytes.length),
      u32(64),
      u32(0),
      md5,
      Buffer.alloc(12),
    ])
    previous = put(summed(head))
  }

  put(
    Buffer.concat([
      Buffer.from(files === undefined ? '455646320d0a8100' : '4c4546320d0a8100', 'hex'),
      Buffer.from([2, 1, method, 0]),
      u32(1),
      Buffer.alloc(16, 0x5a),
    ]),
  )
  const chunks = chunksOf(data)
  const device = `1\nmain\nsn\tmd\tts\tbp\tdt\nSN-1\tStick\t${Math.ceil(data.length / 512)}\t512\tf\n\n`
  const kase = `1\nmain\nnm\tcn\ten\tex\tnt\ttt\tat\ttb\tcp\tsb\nKaunas ąč\tcase-7\tLTU-07\tA. Example\tnote\t1401736207\t1401735935\t${chunks.length}\t1\t64\n\n`
  section(1, pack(utf16(device)))
  section(2, pack(utf16(kase)))
  // Two tables, so that a chunk is looked for in the right one.
  const half = Math.ceil(chunks.length / 2)
  for (const [first, group] of [
    [0, chunks.slice(0, half)],
    [half, chunks.slice(half)],
  ] as const) {
    const rows: Buffer[] = []
    const stored: Buffer[] = []
    let offset = at
    for (const [index, chunk] of group.entries()) {
      const pattern = chunk.subarray(0, 8)
      const repeats = chunk.length % 8 === 0 && Buffer.alloc(chunk.length, pattern).equals(chunk)
      if (repeats) {
        rows.push(Buffer.concat([pattern, u32(0), u32(5)]))
        continue
      }
      const compressed = index % 2 === 0
      const bytes = compressed ? pack(chunk) : summed(chunk)
      rows.push(Buffer.concat([u64(offset), u32(bytes.length), u32(compressed ? 1 : 2)]))
      const whole = padded(bytes)
      stored.push(whole)
      offset += whole.length
    }
    section(3, Buffer.concat(stored))
    const header = summed(Buffer.concat([u64(first), u32(group.length), u32(0)]))
    section(4, Buffer.concat([header, Buffer.alloc(12), summed(Buffer.concat(rows))]))
  }
  const errors = summed(Buffer.concat([u32(1), Buffer.alloc(12)]))
  if (files === undefined) {
    section(5, Buffer.concat([errors, Buffer.alloc(12), summed(Buffer.concat([u64(9), u32(2), u32(0)]))]))
    section(8, summed(createHash('md5').update(data).digest()))
    section(9, summed(createHash('sha1').update(data).digest()))
  } else {
    section(0x20, utf16(files))
  }
  descriptor(0xf, Buffer.alloc(0))
  return Buffer.concat(parts)
}

// ───────────────────────────────────────────────────────────────────────────── L01

export function l01(data: Buffer, files: string): Buffer {
  const parts: Buffer[] = [
    Buffer.concat([Buffer.from('4c5646090d0aff00', 'hex'), Buffer.from([1, 1, 0, 0, 0])]),
  ]
  let at = 13
  const section = (type: string, body: Buffer, last = false): number => {
    const head = Buffer.alloc(72)
    head.write(type, 'latin1')
    head.writeBigUInt64LE(BigInt(last ? at : at + 76 + body.length), 16)
    head.writeBigUInt64LE(BigInt(last ? 0 : 76 + body.length), 24)
    parts.push(summed(head), body)
    at += 76 + body.length
    return at - body.length
  }
  const chunks = chunksOf(data)
  const volume = Buffer.alloc(1048)
  volume[0] = 0x0e
  volume.writeUInt32LE(chunks.length, 4)
  volume.writeUInt32LE(64, 8)
  volume.writeUInt32LE(512, 12)
  volume.writeBigUInt64LE(BigInt(Math.ceil(data.length / 512)), 16)
  section('header', deflateSync(Buffer.from('1\nmain\nc\tn\ta\te\tt\ncase-7\tLTU-07\t\tA. Example\t\n\n')))
  section('volume', summed(volume))
  const rows: number[] = []
  let offset = at + 76
  const base = at
  const stored = chunks.map((chunk, index) => {
    const bytes = index % 2 === 0 ? deflateSync(chunk) : summed(chunk)
    rows.push(((offset - base) | (index % 2 === 0 ? 0x80000000 : 0)) >>> 0)
    offset += bytes.length
    return bytes
  })
  section('sectors', Buffer.concat(stored))
  const header = summed(Buffer.concat([u32(rows.length), u32(0), u64(base), u32(0)]))
  section('table', Buffer.concat([header, summed(Buffer.concat(rows.map(u32)))]))
  const text = Buffer.from(files, 'utf16le')
  const ltree = Buffer.alloc(48)
  createHash('md5').update(text).digest().copy(ltree)
  ltree.writeBigUInt64LE(BigInt(text.length), 16)
  section('ltree', Buffer.concat([ltree, text]))
  section('hash', summed(Buffer.concat([createHash('md5').update(data).digest(), Buffer.alloc(16)])))
  section('done', Buffer.alloc(0), true)
  return Buffer.concat(parts)
}

export interface ListedFile {
  readonly name: string
  readonly children?: readonly ListedFile[]
  readonly cells?: Readonly<Record<string, string>>
}

const COLUMNS = ['mid', 'ls', 'be', 'id', 'cr', 'ac', 'wr', 'mo', 'dl', 'ha', 'sha', 'p', 'n', 'du', 'opr']

/** The list of files as text, with the categories before it that EnCase writes. */
export function listOf(totalBytes: number, files: readonly ListedFile[]): string {
  const lines = [
    '5',
    'rec',
    'tb\tcl',
    `${totalBytes}\t`,
    '',
    'perm',
    '0\t1',
    'p\tn',
    '0\t0',
    '\t',
    '',
    'srce',
    '0\t1',
    'p\tn',
    '0\t0',
    '\t',
    '',
    'sub',
    '0\t1',
    'p',
    '0\t0',
    '',
    'entry',
    '1\t1',
    COLUMNS.join('\t'),
  ]
  const add = ({ name, children = [], cells = {} }: ListedFile, folder: boolean): void => {
    lines.push(`0\t${children.length}`)
    lines.push(
      COLUMNS.map((column) =>
        column === 'n' ? name : column === 'p' && folder ? '1' : (cells[column] ?? ''),
      ).join('\t'),
    )
    for (const child of children) add(child, child.children !== undefined)
  }
  add({ name: 'LogicalEntries', children: files }, true)
  return `${lines.join('\n')}\n\n`
}

export const wholeList = (data: Buffer): string =>
  listOf(data.length, [
    { name: 'disk.raw', cells: { ls: String(data.length), be: `1 0 ${data.length.toString(16)}` } },
  ])

// ───────────────────────────────────────────────────────────────────────────── AD1

export interface Ad1File {
  readonly name: string
  readonly data?: Buffer
  readonly children?: readonly Ad1File[]
}

/** @param segmentBytes of the logical image in each segment */
export function ad1(files: readonly Ad1File[], segmentBytes = Number.POSITIVE_INFINITY): Buffer[] {
  const logical = Buffer.alloc(4 << 20)
  let end = 0x200
  const put = (bytes: Buffer): number => {
    bytes.copy(logical, end)
    end += bytes.length
    return end - bytes.length
  }
  const meta = (type: number, category: number, text: string, next: boolean): void => {
    const bytes = Buffer.concat([u64(0), u32(category), u32(type), u32(text.length), Buffer.from(text)])
    const at = put(bytes)
    if (next) logical.writeBigUInt64LE(BigInt(end), at)
  }
  const entry = ({ name, data, children }: Ad1File, more: boolean): void => {
    const at = put(
      Buffer.concat([
        Buffer.alloc(40),
        u32(children ? 5 : 0),
        u32(Buffer.byteLength(name)),
        Buffer.from(name),
        u64(0),
      ]),
    )
    if (data) {
      const streams = chunksOf(data).map((chunk) => deflateSync(chunk))
      const table = put(Buffer.alloc(8 * (streams.length + 2)))
      logical.writeBigUInt64LE(BigInt(streams.length), table)
      for (const [index, stream] of streams.entries())
        logical.writeBigUInt64LE(BigInt(put(stream)), table + 8 * (index + 1))
      logical.writeBigUInt64LE(BigInt(end), table + 8 * (streams.length + 1))
      logical.writeBigUInt64LE(BigInt(table), at + 24)
      logical.writeBigUInt64LE(BigInt(data.length), at + 32)
    }
    logical.writeBigUInt64LE(BigInt(end), at + 16)
    meta(9, 5, '20260310T101112.500000', true)
    meta(
      0x5001,
      1,
      createHash('md5')
        .update(data ?? '')
        .digest('hex'),
      false,
    )
    if (children?.length) logical.writeBigUInt64LE(BigInt(end), at + 8)
    for (const [index, child] of (children ?? []).entries()) entry(child, index < children!.length - 1)
    if (more) logical.writeBigUInt64LE(BigInt(end), at)
  }
  const source = Buffer.from('E:\\Nuotraukos')
  logical.write('ADLOGICALIMAGE\0\0', 'latin1')
  logical.writeUInt32LE(CHUNK, 24)
  logical.writeBigUInt64LE(BigInt(end), 36)
  logical.writeUInt32LE(source.length, 44)
  logical.writeBigUInt64LE(92n, 52)
  source.copy(logical, 92)
  for (const [index, file] of files.entries()) entry(file, index < files.length - 1)

  const count = Math.max(1, Math.ceil(end / segmentBytes))
  return Array.from({ length: count }, (_, index) => {
    const header = Buffer.alloc(512)
    header.write('ADSEGMENTEDFILE\0', 'latin1')
    header.writeUInt32LE(index + 1, 24)
    header.writeUInt32LE(count, 28)
    header.writeUInt32LE(512, 40)
    const from = count === 1 ? 0 : index * segmentBytes
    return Buffer.concat([
      header,
      logical.subarray(from, count === 1 ? end : Math.min(end, from + segmentBytes)),
    ])
  })
}
