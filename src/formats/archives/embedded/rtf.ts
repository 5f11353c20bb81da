/**
 * Extracts pictures and objects of an RTF document: hexadecimal digits, or `\bin` with a byte count. Metafiles are
 * returned unchanged. Windows bitmaps and pictures of old Macs are not decoded; the result reports them as not
 * unpacked.
 *
 * @see Microsoft, "Rich Text Format Specification 1.9.1", "Pictures", "Objects"; [MS-OLEDS] 2.2.5
 */
import type { ByteSource } from '../../bytes/byte-source.ts'
import { ContainerNotBuilt } from '../common/container.ts'
import { hexRun } from './letters.ts'

const PIECE_BYTES = 1 << 20
const LONGEST_WORD = 40
/** Limit for the properties between `\pict` and its digits, including groups in braces. */
const HEAD_BYTES = 1 << 16
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const NOT_READ = /\\(?:macpict|pmmetafile|dibitmap|wbitmap)\d*/

/** @throws ContainerNotBuilt at the end, when a picture or object was not decoded */
export function* rtfHeld(source: ByteSource): Generator<Buffer, void, undefined> {
  let isLeft = false
  for (const { word, at } of wordsOf(source)) {
    const { bytes, isRead } = word === 'pict' ? pictureAt(source, at) : objectAt(source, at)
    if (bytes && bytes.length > 0) yield bytes
    if (!isRead) isLeft = true
  }
  if (isLeft) throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
}

/** @returns offsets behind the control words */
function* wordsOf(source: ByteSource): Generator<{ word: 'pict' | 'objdata'; at: number }> {
  const words = /\\(pict|objdata)(?![a-z])/g
  for (let at = 0; at < source.sizeBytes; ) {
    const text = source.read(at, PIECE_BYTES).toString('latin1')
    const isLast = at + text.length >= source.sizeBytes
    const upTo = isLast ? text.length : Math.max(1, text.length - LONGEST_WORD)
    for (const found of text.matchAll(words))
      if (found.index < upTo)
        yield { word: found[1] as 'pict' | 'objdata', at: at + found.index + found[0].length }
    at += upTo
  }
}

interface Held {
  readonly bytes: Buffer | null
  readonly isRead: boolean
}

function pictureAt(source: ByteSource, at: number): Held {
  const head = source.read(at, HEAD_BYTES).toString('latin1')
  const properties = propertiesOf(head)
  if (NOT_READ.test(properties)) return { bytes: null, isRead: false }
  const binary = /\\bin(\d+) ?$/.exec(properties)
  const from = at + properties.length
  if (binary) return { bytes: source.read(from, Number(binary[1])), isRead: true }
  return { bytes: hexRun(source, from, source.sizeBytes, true).bytes, isRead: true }
}

/** Control words, spaces and groups in braces before the data; ends behind `\bin` and its number. */
function propertiesOf(head: string): string {
  let at = 0
  for (;;) {
    const word = /^(?:\s+|\\[a-z]+-?\d* ?|\\\*)/.exec(head.slice(at, at + LONGEST_WORD))
    if (word) at += word[0].length
    else if (head[at] === '{') at = behindGroup(head, at)
    else return head.slice(0, at)
    if (word?.[0].startsWith('\\bin')) return head.slice(0, at)
  }
}

function behindGroup(head: string, from: number): number {
  let depth = 0
  for (let at = from; at < head.length; at++) {
    if (head[at] === '{') depth++
    if (head[at] === '}' && --depth === 0) return at + 1
  }
  return head.length
}

/** The compound file in the data of an object. Objects of other kinds are not decoded. */
function objectAt(source: ByteSource, at: number): Held {
  const { bytes } = hexRun(source, at, source.sizeBytes, true)
  const from = bytes.indexOf(COMPOUND)
  return from === -1
    ? { bytes: null, isRead: bytes.length === 0 }
    : { bytes: bytes.subarray(from), isRead: true }
}
