/**
 * Binary XML of Windows event logs: reads one record into elements. A record names a template by its offset in the
 * chunk and brings the values; a value may be binary XML with a template of its own.
 *
 * Nothing here repeats without a bound: depth, number of nodes and all offsets are limited by the chunk.
 *
 * @see Microsoft, [MS-EVEN6] 2.2.12; libyal/libevtx, "Windows XML Event Log (EVTX) format", section 5
 */
import { Cursor, Ended } from '../bytes/bytes.ts'
import { textOfValue } from './binary-xml-value.ts'

/** The record cannot be read: it ends early, has an unknown token, or exceeds a limit. */
export class NotBinaryXml extends Error {}

export interface XmlElement {
  readonly name: string
  readonly attributes: Map<string, string>
  readonly children: XmlElement[]
  text: string
}

interface Value {
  readonly type: number
  /** Offsets in the chunk. */
  readonly from: number
  readonly to: number
}

interface Scope {
  readonly values: readonly Value[]
  /** Elements of a template have a dependency identifier. */
  readonly isTemplate: boolean
  readonly depth: number
}

const MOST_DEPTH = 32
const MOST_NODES = 20_000
const MOST_VALUES = 4096
/** Behind the offset of a template: offset of the next, GUID, size. */
const TEMPLATE_HEAD = 24
const ELEMENT = 0x01
const ATTRIBUTE = 0x06
const BINARY_XML = 0x21
/** Set in tokens with more of the same kind behind them. */
const MORE = 0x40

/** @throws NotBinaryXml */
export function readBinaryXml(chunk: Buffer, from: number, to: number): XmlElement {
  try {
    const reader = new BinaryXml(chunk)
    const root = elementNamed('')
    reader.content(new Cursor(chunk.subarray(0, to), from), root, { values: [], isTemplate: false, depth: 0 })
    const [first] = root.children
    if (first === undefined) throw new NotBinaryXml()
    return first
  } catch (error) {
    if (error instanceof Ended || error instanceof RangeError) throw new NotBinaryXml()
    throw error
  }
}

class BinaryXml {
  readonly #chunk: Buffer
  #nodes = 0

  constructor(chunk: Buffer) {
    this.#chunk = chunk
  }

  /** Reads tokens into an element, up to its end or the end of the stream. */
  content(cursor: Cursor, into: XmlElement, scope: Scope): void {
    if (scope.depth > MOST_DEPTH) throw new NotBinaryXml()
    while (cursor.left > 0) {
      if (++this.#nodes > MOST_NODES) throw new NotBinaryXml()
      const token = cursor.u8() & ~MORE
      if (token === 0x00 || token === 0x04) return
      if (token === ELEMENT) into.children.push(this.#element(cursor, scope))
      else if (token === 0x0c) this.#template(cursor, into, scope)
      else if (token === 0x0f) cursor.take(3)
      else if (token === 0x0a) this.#name(cursor)
      else if (token === 0x0b) wide(cursor)
      else this.#text(token, cursor, into, scope)
    }
  }

  #text(token: number, cursor: Cursor, into: XmlElement, scope: Scope): void {
    if (token === 0x05 && cursor.u8() === 1) into.text += wide(cursor)
    else if (token === 0x07) into.text += wide(cursor)
    else if (token === 0x08) into.text += String.fromCharCode(cursor.u16())
    else if (token === 0x09) into.text += ENTITIES[this.#name(cursor)] ?? ''
    else if (token === 0x0d || token === 0x0e) this.#substitute(cursor, into, scope)
    else throw new NotBinaryXml()
  }

  #element(cursor: Cursor, scope: Scope): XmlElement {
    const hasAttributes = (this.#chunk[cursor.at - 1]! & MORE) !== 0
    if (scope.isTemplate) cursor.u16()
    cursor.u32()
    const element = elementNamed(this.#name(cursor))
    const end = hasAttributes ? cursor.u32() + cursor.at : cursor.at
    while (cursor.at < end) {
      if ((cursor.u8() & ~MORE) !== ATTRIBUTE) throw new NotBinaryXml()
      this.#attribute(cursor, element, end, scope)
    }
    const close = cursor.u8()
    if (close === 0x03) return element
    if (close !== 0x02) throw new NotBinaryXml()
    this.content(cursor, element, { ...scope, depth: scope.depth + 1 })
    return element
  }

  #attribute(cursor: Cursor, element: XmlElement, end: number, scope: Scope): void {
    const name = this.#name(cursor)
    const value = elementNamed(name)
    while (cursor.at < end && (this.#chunk[cursor.at]! & ~MORE) !== ATTRIBUTE) {
      if (++this.#nodes > MOST_NODES) throw new NotBinaryXml()
      this.#text(cursor.u8() & ~MORE, cursor, value, scope)
    }
    element.attributes.set(name, value.text)
  }

  /** A template and its values; a template that is used for the first time stands before the values. */
  #template(cursor: Cursor, into: XmlElement, { depth }: Scope): void {
    cursor.u8()
    const id = cursor.u32()
    const at = cursor.u32()
    if (at === cursor.at) cursor.take(TEMPLATE_HEAD + this.#chunk.readUInt32LE(at + 20))
    const values = valuesAt(cursor)
    // The first four bytes of the GUID: another template may have been written over the one that the record names.
    if (this.#chunk.readUInt32LE(at + 4) !== id) throw new NotBinaryXml()
    const from = at + TEMPLATE_HEAD
    const size = this.#chunk.readUInt32LE(at + 20)
    const template = new Cursor(this.#chunk.subarray(0, from + size), from)
    this.content(template, into, { values, isTemplate: true, depth: depth + 1 })
  }

  #substitute(cursor: Cursor, into: XmlElement, { values, depth }: Scope): void {
    const value = values[cursor.u16()]
    cursor.u8()
    if (value === undefined || value.to === value.from) return
    if (value.type !== BINARY_XML) {
      into.text += textOfValue(value.type, this.#chunk.subarray(value.from, value.to))
      return
    }
    const inner = new Cursor(this.#chunk.subarray(0, value.to), value.from)
    this.content(inner, into, { values: [], isTemplate: false, depth: depth + 1 })
  }

  /** A name that is used for the first time stands at the place of its use. */
  #name(cursor: Cursor): string {
    const at = cursor.u32()
    const isHere = at === cursor.at
    const name = isHere ? cursor : new Cursor(this.#chunk, at)
    name.take(6)
    const text = wide(name)
    name.take(2)
    return text
  }
}

function valuesAt(cursor: Cursor): readonly Value[] {
  const count = cursor.u32()
  if (count > MOST_VALUES) throw new NotBinaryXml()
  const sizes = Array.from({ length: count }, () => {
    const size = cursor.u16()
    const type = cursor.u8()
    cursor.u8()
    return { size, type }
  })
  return sizes.map(({ size, type }) => {
    const from = cursor.at
    cursor.take(size)
    return { type, from, to: cursor.at }
  })
}

function wide(cursor: Cursor): string {
  return cursor.take(2 * cursor.u16()).toString('utf16le')
}

function elementNamed(name: string): XmlElement {
  return { name, attributes: new Map(), children: [], text: '' }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
