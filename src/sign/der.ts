/**
 * Writes and reads DER, as far as CMS and RFC 3161 need it. Reading is strict: definite lengths, within bounds, no
 * trailing bytes. @see X.690
 */

export class NotDer extends Error {}

export interface Der {
  readonly tag: number
  /** Tag, length and value. */
  readonly whole: Buffer
  readonly value: Buffer
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** Implicit or explicit tag of a context, constructed. */
export const context = (number: number): number => 0xa0 | number

const MOST_LENGTH_BYTES = 4

/** The one element that these bytes are. @throws NotDer */
export function readDer(bytes: Buffer): Der {
  const one = elementAt(bytes, 0)
  if (one.whole.length !== bytes.length) throw new NotDer('something stands behind the end')
  return one
}

/** The bytes of the first element; following bytes are ignored. @throws NotDer */
export function firstDer(bytes: Buffer): Buffer {
  return elementAt(bytes, 0).whole
}

/** The elements of a constructed element. @throws NotDer when it has another tag */
export function inside(of: Der | undefined, tag: number): readonly Der[] {
  return elementsOf(expected(of, tag).value)
}

/** @throws NotDer */
export function expected(of: Der | undefined, tag: number): Der {
  if (of?.tag !== tag) throw new NotDer(`an element has the tag ${of?.tag ?? 'none'} and not ${tag}`)
  return of
}

function elementsOf(bytes: Buffer): readonly Der[] {
  const elements: Der[] = []
  for (let at = 0; at < bytes.length; at += elements.at(-1)!.whole.length) elements.push(elementAt(bytes, at))
  return elements
}

function elementAt(bytes: Buffer, at: number): Der {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined) throw new NotDer('it ends within an element')
  if ((tag & 0x1f) === 0x1f) throw new NotDer('it has a tag of more than one byte')
  const more = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || more > MOST_LENGTH_BYTES) throw new NotDer('an element has no definite length')
  if (at + 2 + more > bytes.length) throw new NotDer('it ends within an element')
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
  const start = at + 2 + more
  if (start + length > bytes.length) throw new NotDer('it ends within an element')
  return { tag, whole: bytes.subarray(at, start + length), value: bytes.subarray(start, start + length) }
}

/** Dotted. @throws NotDer */
export function readOid(of: Der | undefined): string {
  const { value } = expected(of, TAG.oid)
  const numbers: number[] = []
  let number = 0
  for (const byte of value) {
    number = number * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(number)
    number = 0
  }
  const [first = 0, ...rest] = numbers
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...rest].join('.')
}

/** UTC of a UTCTime or GeneralizedTime. @throws NotDer */
export function readTime(of: Der | undefined): Date {
  const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(
    of?.value.toString('latin1') ?? '',
  )
  if (
    !match ||
    (of?.tag === TAG.utcTime
      ? match[1]!.length !== 2
      : of?.tag !== TAG.generalizedTime || match[1]!.length !== 4)
  )
    throw new NotDer('a time is none')
  const [, year, month, day, hour, minute, second, fraction = ''] = match
  // RFC 5280, 4.1.2.5.1: two digits are of 1950 to 2049.
  const full = year!.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`
  const date = new Date(`${full}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(date.getTime())) throw new NotDer('a time is none')
  return date
}

export function der(tag: number, ...values: readonly Buffer[]): Buffer {
  const value = Buffer.concat(values)
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  const digits = length.toString(16)
  const bytes = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, value])
}

export const sequence = (...values: readonly Buffer[]): Buffer => der(TAG.sequence, ...values)

/** In the order that DER asks of a set: by their bytes. */
export const setOf = (...values: readonly Buffer[]): Buffer =>
  der(TAG.set, ...[...values].sort(Buffer.compare))

export const octets = (value: Buffer): Buffer => der(TAG.octets, value)

/** @param value big-endian, not negative */
export function integer(value: Buffer | number): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : value
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const least = bytes.subarray(start)
  return der(TAG.integer, (least[0]! & 0x80) === 0 ? least : Buffer.concat([Buffer.from([0]), least]))
}

export function oid(dotted: string): Buffer {
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [top * 40 + second, ...rest].flatMap((number) => {
    const digits = [number & 0x7f]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80)
    return digits
  })
  return der(TAG.oid, Buffer.from(bytes))
}

export function utcTime(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return text.startsWith('20') && Number(text.slice(2, 4)) < 50
    ? der(TAG.utcTime, Buffer.from(text.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(text))
}
