/**
 * Compound files made for tests: a writer of storages and streams, and on it documents of Office's older formats, messages of
 * Outlook and Thumbs.db. Provenance: made here; catdoc, xls2csv and catppt read the documents too (agreement.test.ts).
 */

const SECTOR = 512
const MINI = 64
const CUTOFF = 4096
const END = 0xfffffffe
const FREE = 0xffffffff
const FAT_SECTOR = 0xfffffffd

export type Streams = Readonly<Record<string, Buffer>>

interface Node {
  readonly name: string
  readonly stream: Buffer | null
  readonly children: Node[]
}

/** @param streams content by path, `/` between storages */
export function compoundFile(streams: Streams): Buffer {
  const root: Node = { name: 'Root Entry', stream: null, children: [] }
  for (const [path, content] of Object.entries(streams)) {
    const steps = path.split('/')
    let at = root
    for (const step of steps.slice(0, -1)) {
      let next = at.children.find(({ name }) => name === step)
      if (!next) at.children.push((next = { name: step, stream: null, children: [] }))
      at = next
    }
    at.children.push({ name: steps.at(-1)!, stream: content, children: [] })
  }
  const nodes: { node: Node; right: number; child: number }[] = [{ node: root, right: FREE, child: FREE }]
  for (let i = 0; i < nodes.length; i++) {
    const { children } = nodes[i]!.node
    // A chain of right siblings is a tree too.
    for (const [n, node] of children.entries()) {
      if (n === 0) nodes[i]!.child = nodes.length
      else nodes.at(-1)!.right = nodes.length
      nodes.push({ node, right: FREE, child: FREE })
    }
  }
  const sectors: Buffer[] = []
  const fat: number[] = []
  const place = (content: Buffer): number => {
    if (content.length === 0) return END
    const start = sectors.length
    for (let at = 0; at < content.length; at += SECTOR) {
      sectors.push(padded(content.subarray(at, at + SECTOR), SECTOR))
      fat.push(at + SECTOR < content.length ? sectors.length : END)
    }
    return start
  }
  const mini: Buffer[] = []
  const miniFat: number[] = []
  const starts = nodes.map(({ node: { stream } }) => {
    if (stream === null || stream.length === 0) return END
    if (stream.length >= CUTOFF) return place(stream)
    const start = mini.length
    for (let at = 0; at < stream.length; at += MINI) {
      mini.push(padded(stream.subarray(at, at + MINI), MINI))
      miniFat.push(at + MINI < stream.length ? mini.length : END)
    }
    return start
  })
  const miniStream = Buffer.concat(mini)
  starts[0] = place(miniStream)
  const miniFatStart = place(numbers(miniFat))
  const directory = Buffer.concat(
    nodes.map(({ node, right, child }, i) => {
      const size = i === 0 ? miniStream.length : (node.stream?.length ?? 0)
      return directoryEntry(node, i === 0 ? 5 : node.stream ? 2 : 1, right, child, starts[i]!, size)
    }),
  )
  const directoryStart = place(directory)
  const fatCount = Math.ceil((sectors.length * 4 + 4) / (SECTOR - 4))
  const fatStart = sectors.length
  for (let i = 0; i < fatCount; i++) fat.push(FAT_SECTOR)
  const table = padded(numbers(fat), fatCount * SECTOR, 0xff)
  const header = Buffer.alloc(SECTOR, 0xff)
  header.fill(0, 0, 76)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(fatCount, 44)
  header.writeUInt32LE(directoryStart, 48)
  header.writeUInt32LE(CUTOFF, 56)
  header.writeUInt32LE(miniFatStart, 60)
  header.writeUInt32LE(Math.ceil((miniFat.length * 4) / SECTOR), 64)
  header.writeUInt32LE(END, 68)
  for (let i = 0; i < fatCount; i++) header.writeUInt32LE(fatStart + i, 76 + i * 4)
  return Buffer.concat([header, ...sectors, table])
}

function directoryEntry(node: Node, type: number, right: number, child: number, start: number, size: number) {
  const entry = Buffer.alloc(128)
  const bytes = entry.write(node.name, 'utf16le')
  entry.writeUInt16LE(bytes + 2, 64)
  entry[66] = type
  entry[67] = 1
  entry.writeUInt32LE(FREE, 68)
  entry.writeUInt32LE(right, 72)
  entry.writeUInt32LE(child, 76)
  entry.writeUInt32LE(start, 116)
  entry.writeUInt32LE(size, 120)
  return entry
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4)
  return bytes
}

function padded(bytes: Buffer, length: number, fill = 0): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), fill)])
}

/** A Word 97 document: one piece of UTF-16 for each sentence but the first, which is 8 bits wide. */
export function doc(sentences: readonly string[], more: Streams = {}): Buffer {
  const textAt = 1536
  const pieces = sentences.map((text, i) => Buffer.from(`${text}\r`, i === 0 ? 'latin1' : 'utf16le'))
  const main = Buffer.alloc(textAt)
  main.writeUInt16LE(0xa5ec, 0)
  main.writeUInt16LE(0xc1, 2)
  main.writeUInt16LE(0x0409, 6)
  // One table stream, characters beyond the code page.
  main.writeUInt16LE(0x1200, 10)
  main.writeUInt16LE(14, 32)
  main.writeUInt16LE(22, 62)
  main.writeUInt16LE(93, 152)
  const chars = sentences.reduce((sum, text) => sum + text.length + 1, 0)
  main.writeUInt32LE(textAt, 24)
  main.writeUInt32LE(textAt + Buffer.concat(pieces).length, 28)
  main.writeUInt32LE(chars, 76)
  const positions = [0]
  for (const text of sentences) positions.push(positions.at(-1)! + text.length + 1)
  let at = textAt
  const descriptors = pieces.map((piece, i) => {
    const descriptor = Buffer.alloc(8)
    descriptor.writeUInt32LE(i === 0 ? (at * 2) | 0x4000_0000 : at, 2)
    at += piece.length
    return descriptor
  })
  const plc = Buffer.concat([numbers(positions), ...descriptors])
  const head = Buffer.alloc(5)
  head[0] = 2
  head.writeUInt32LE(plc.length, 1)
  const clx = Buffer.concat([head, plc])
  main.writeUInt32LE(0, 418)
  main.writeUInt32LE(clx.length, 422)
  return compoundFile({
    WordDocument: padded(Buffer.concat([main, ...pieces]), CUTOFF),
    '1Table': padded(clx, CUTOFF),
    ...more,
  })
}

function record(type: number, ...data: readonly Buffer[]): Buffer {
  const body = Buffer.concat(data)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}

const u16 = (...values: readonly number[]) => Buffer.concat(values.map((v) => Buffer.from([v & 255, v >> 8])))

/** A workbook of BIFF8: each sentence a cell of the first column, a number beside it; a string cut by CONTINUE. */
export function xls(
  sentences: readonly string[],
  more: Streams = {},
  records: readonly Buffer[] = [],
): Buffer {
  const strings = sentences.map((text) =>
    Buffer.concat([u16(text.length), Buffer.from([1]), Buffer.from(text, 'utf16le')]),
  )
  const all = Buffer.concat(strings)
  // In the middle of a character string: the next part begins with a flag for its width.
  const cut = 3 + 2 * Math.floor((sentences[0] ?? '').length / 2)
  const shared =
    sentences.length === 0
      ? record(0xfc, numbers([0, 0]))
      : Buffer.concat([
          record(0xfc, numbers([strings.length, strings.length]), all.subarray(0, cut)),
          record(0x3c, Buffer.from([1]), all.subarray(cut)),
        ])
  const globals = (position: number) =>
    Buffer.concat([
      record(0x809, u16(0x600, 5, 0x1faa, 0x7cd), numbers([0, 6])),
      ...records,
      record(0x42, u16(1200)),
      record(0x85, numbers([position]), u16(0), Buffer.from([6, 0]), Buffer.from('Sheet1', 'latin1')),
      shared,
      record(0x0a),
    ])
  const cells = sentences.flatMap((_, row) => [
    record(0xfd, u16(row, 0, 0), numbers([row])),
    record(0x27e, u16(row, 1, 0), numbers([((row * 7) << 2) | 2])),
  ])
  const sheet = Buffer.concat([
    record(0x809, u16(0x600, 0x10, 0x1faa, 0x7cd), numbers([0, 6])),
    ...cells,
    record(0x0a),
  ])
  const book = Buffer.concat([globals(globals(0).length), sheet])
  return compoundFile({ Workbook: padded(book, CUTOFF), ...more })
}

/** The first style of cells: numbers are shown as dates. */
export const dateStyle = record(0xe0, u16(0, 14))

export const filePass = record(0x2f, u16(0, 0, 0))

/** Pictures of a workbook: drawing data cut into records of at most 8 KiB. */
export function drawingRecords(drawing: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < drawing.length; at += 8224)
    parts.push(record(at === 0 ? 0xeb : 0x3c, drawing.subarray(at, at + 8224)))
  return Buffer.concat(parts)
}

export function slideRecord(
  version: number,
  instance: number,
  type: number,
  ...data: readonly Buffer[]
): Buffer {
  const body = Buffer.concat(data)
  const head = Buffer.alloc(8)
  head.writeUInt16LE(version | (instance << 4), 0)
  head.writeUInt16LE(type, 2)
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** A presentation: one text box a sentence, 8 bits wide where that is enough; and a master that says nothing of a person. */
export function ppt(
  sentences: readonly string[],
  more: Streams = {},
  records: readonly Buffer[] = [],
): Buffer {
  const boxes = sentences.map((text) =>
    slideRecord(
      0xf,
      0,
      0xf00d,
      slideRecord(0, 0, 0x0f9f, numbers([0])),
      // Every character below 256: an atom of bytes.
      Buffer.from(text, 'latin1').toString('latin1') === text
        ? slideRecord(0, 0, 0x0fa8, Buffer.from(text, 'latin1'))
        : slideRecord(0, 0, 0x0fa0, Buffer.from(text, 'utf16le')),
    ),
  )
  const master = slideRecord(0xf, 0, 0x03f8, slideRecord(0, 0, 0x0fa8, Buffer.from('Click to edit')))
  const document = Buffer.concat([master, slideRecord(0xf, 0, 0x03ee, ...boxes), ...records])
  return compoundFile({
    'PowerPoint Document': padded(document, CUTOFF),
    'Current User': padded(Buffer.alloc(16), 32),
    ...more,
  })
}

/** A picture as drawings hold it: one digest, a tag, the file itself. */
export function drawnPicture(kind: 'jpg' | 'png', content: Buffer): Buffer {
  const [instance, type] = kind === 'jpg' ? [0x46a, 0xf01d] : [0x6e0, 0xf01e]
  return slideRecord(0, instance!, type!, Buffer.alloc(16), Buffer.from([0xff]), content)
}

/** @param native what Packager writes of a file */
export function ole10Native(name: string, content: Buffer): Buffer {
  const z = (text: string) => Buffer.from(`${text}\0`, 'latin1')
  const path = z(`C:\\${name}`)
  const body = Buffer.concat([
    u16(2),
    z(name),
    z(`C:\\${name}`),
    u16(0, 3),
    numbers([path.length]),
    path,
    numbers([content.length]),
    content,
  ])
  return Buffer.concat([numbers([body.length]), body])
}

export interface SampleMessage {
  readonly subject: string
  readonly body: string
  readonly from?: string
  readonly to?: string
  readonly attachments?: readonly { readonly name: string; readonly content: Buffer | SampleMessage }[]
}

export function msg(message: SampleMessage): Buffer {
  return compoundFile({
    '__nameid_version1.0/__substg1.0_00020102': Buffer.alloc(16),
    ...messageStreams(message, ''),
  })
}

function messageStreams(message: SampleMessage, at: string): Record<string, Buffer> {
  const wide = (text: string) => Buffer.from(text, 'utf16le')
  const sent = Buffer.alloc(16)
  sent.writeUInt16LE(0x40, 0)
  sent.writeUInt16LE(0x39, 2)
  sent.writeBigUInt64LE((BigInt(Date.UTC(2026, 1, 2, 8)) + 11_644_473_600_000n) * 10_000n, 8)
  const streams: Record<string, Buffer> = {
    [`${at}__properties_version1.0`]: Buffer.concat([Buffer.alloc(at === '' ? 32 : 24), sent]),
    [`${at}__substg1.0_0037001F`]: wide(message.subject),
    [`${at}__substg1.0_1000001F`]: wide(message.body),
    [`${at}__substg1.0_0C1F001F`]: wide(message.from ?? 'ana@sender.example'),
    [`${at}__substg1.0_0E04001F`]: wide(message.to ?? 'Ben'),
    [`${at}__recip_version1.0_#00000000/__properties_version1.0`]: Buffer.alloc(8),
    [`${at}__recip_version1.0_#00000000/__substg1.0_39FE001F`]: wide(message.to ?? 'ben@receiver.example'),
  }
  for (const [i, { name, content }] of (message.attachments ?? []).entries()) {
    const path = `${at}__attach_version1.0_#${String(i).padStart(8, '0')}/`
    streams[`${path}__properties_version1.0`] = Buffer.alloc(8)
    streams[`${path}__substg1.0_3707001F`] = wide(name)
    if (Buffer.isBuffer(content)) streams[`${path}__substg1.0_37010102`] = content
    else Object.assign(streams, messageStreams(content, `${path}__substg1.0_3701000D/`))
  }
  return streams
}

/** Thumbs.db of Windows XP: each stream is a header of 12 bytes and the picture. */
export function thumbsDb(pictures: readonly { readonly name: string; readonly content: Buffer }[]): Buffer {
  const streams: Record<string, Buffer> = {}
  const entries = pictures.map(({ name, content }, i) => {
    const number = i + 1
    streams[[...String(number)].reverse().join('')] = Buffer.concat([
      numbers([12, 1, content.length]),
      content,
    ])
    const text = Buffer.from(`${name}\0\0`, 'utf16le')
    const time = Buffer.alloc(8)
    time.writeBigUInt64LE((BigInt(Date.UTC(2024, 4, 6)) + 11_644_473_600_000n) * 10_000n)
    return Buffer.concat([numbers([16 + text.length, number]), time, text])
  })
  streams.Catalog = Buffer.concat([u16(16, 7), numbers([pictures.length, 96, 96]), ...entries])
  return compoundFile(streams)
}
