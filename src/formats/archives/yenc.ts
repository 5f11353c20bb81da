/**
 * Extracts files in yEnc, in which Usenet carries pictures and videos: each byte plus 42, where four values and a few places in a
 * line are escaped. A content may hold several, and a part of a file that is too long for one article.
 * @see Jürgen Helbing, "yEncode – A quick and dirty encoding for binaries", version 1.3
 */
import { crc32 } from 'node:zlib'
import { type Budget, type Extractor, type Member, wholeOf } from './common/container.ts'

const BEGIN = Buffer.from('=ybegin ')
const PART = Buffer.from('=ypart ')
const END = Buffer.from('=yend ')
const [LF, CR, EQUALS] = [0x0a, 0x0d, 0x3d]
const SHIFT = 42
const ESCAPED_SHIFT = 64

export const yenc: Extractor = {
  id: 'yenc',
  mediaTypes: ['application/x-yenc'],
  inMemory: true,
  async *members(source, budget) {
    const whole = wholeOf(source)
    const outside: Buffer[] = []
    let at = 0
    for (let from = lineOf(whole, BEGIN, 0); from !== -1; from = lineOf(whole, BEGIN, at)) {
      outside.push(whole.subarray(at, from))
      const block = blockAt(whole, from)
      at = block.next
      yield member(block, budget)
    }
    outside.push(whole.subarray(at))
    const words = Buffer.concat(outside)
    if (words.toString('latin1').trim().length >= LEAST_WORDS)
      yield given(Buffer.from('outside.txt'), 'embedded', words, budget, null)
  },
}

/** Shorter text beside the files says nothing. */
const LEAST_WORDS = 64

interface Block {
  readonly name: Buffer
  readonly bytes: Buffer
  /** What the last line states, or, where it is not there, the first. */
  readonly stated: { readonly bytes: number | null; readonly crc: number | null }
  /** Offset behind the block. */
  readonly next: number
}

function blockAt(whole: Buffer, from: number): Block {
  let at = behindLine(whole, from)
  const begin = whole.toString('latin1', from, at)
  const part = numberIn(begin, 'part')
  let size = numberIn(begin, 'size')
  if (startsWith(whole, at, PART)) {
    const next = behindLine(whole, at)
    const line = whole.toString('latin1', at, next)
    const [first, last] = [numberIn(line, 'begin'), numberIn(line, 'end')]
    size = first === null || last === null ? null : last - first + 1
    at = next
  }
  const following = lineOf(whole, BEGIN, at)
  const end = lineOf(whole, END, at)
  const hasEnd = end !== -1 && (following === -1 || end < following)
  const to = hasEnd ? end : following === -1 ? whole.length : following
  const next = hasEnd ? behindLine(whole, end) : to
  const last = hasEnd ? whole.toString('latin1', end, next) : ''
  const sum = new RegExp(` ${part === null ? 'crc32' : 'pcrc32'}=([0-9a-f]{1,8})\\b`, 'i').exec(last)
  return {
    name: nameIn(begin, part),
    bytes: decoded(whole.subarray(at, to)),
    stated: { bytes: hasEnd ? numberIn(last, 'size') : size, crc: sum ? Number.parseInt(sum[1]!, 16) : null },
    next,
  }
}

/** The rest of the line is the name, also with spaces. */
function nameIn(line: string, part: number | null): Buffer {
  const [, rest = ''] = / name=([^\r\n\0]*)/.exec(line) ?? []
  const name = rest.trim() || 'no name'
  const total = numberIn(line, 'total')
  const of = part === null ? '' : ` part ${part}${total === null ? '' : ` of ${total}`}`
  return Buffer.from(name + of, 'latin1')
}

function numberIn(line: string, what: string): number | null {
  const [before = ''] = line.split(' name=')
  const found = new RegExp(` ${what}=(\\d{1,15})\\b`).exec(before)
  return found ? Number(found[1]) : null
}

function decoded(lines: Buffer): Buffer {
  const out = Buffer.allocUnsafe(lines.length)
  let length = 0
  for (let at = 0; at < lines.length; at++) {
    const letter = lines[at]!
    if (letter === LF || letter === CR) continue
    if (letter !== EQUALS) out[length++] = letter - SHIFT
    else if (++at < lines.length) out[length++] = lines[at]! - ESCAPED_SHIFT - SHIFT
  }
  return out.subarray(0, length)
}

/** Offset of a line that begins so; -1: there is none. */
function lineOf(whole: Buffer, begins: Buffer, from: number): number {
  for (let at = whole.indexOf(begins, from); at !== -1; at = whole.indexOf(begins, at + 1))
    if (at === 0 || whole[at - 1] === LF || whole[at - 1] === CR) return at
  return -1
}

function behindLine(whole: Buffer, from: number): number {
  const end = whole.indexOf(LF, from)
  return end === -1 ? whole.length : end + 1
}

function startsWith(whole: Buffer, at: number, begins: Buffer): boolean {
  return whole.subarray(at, at + begins.length).equals(begins)
}

function member({ name, bytes, stated }: Block, budget: Budget): Member {
  return given(name, 'member', bytes, budget, stated)
}

function given(
  name: Buffer,
  kind: Member['kind'],
  bytes: Buffer,
  budget: Budget,
  stated: Block['stated'] | null,
): Member {
  budget.entry()
  return {
    kind,
    name,
    entryKind: 'file',
    sizeBytes: BigInt(bytes.length),
    modified: null,
    linkTarget: null,
    read: async () => {
      budget.charge(bytes.length)
      if (stated?.bytes != null && stated.bytes !== bytes.length)
        return {
          kind: 'damaged',
          bytes,
          detail: { code: 'size-differs', params: { bytes: bytes.length, of: stated.bytes } },
        }
      if (stated?.crc != null && stated.crc !== crc32(bytes))
        return { kind: 'damaged', bytes, detail: { code: 'checksum-differs', params: {} } }
      return bytes
    },
  }
}
