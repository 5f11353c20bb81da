/**
 * The time that a time stamp (RFC 3161) in the header of a signature states, where the stamp is one of this signature. Who made the
 * stamp, and whether its own signature holds, is not checked.
 *
 * @see C2PA Technical Specification 2.1, 10.3.2.5 (`sigTst`, `sigTst2`); RFC 3161, 2.4.2 (TSTInfo)
 */
import { createHash } from 'node:crypto'
import { type Cbor, encodeArray, isMap } from './cbor.ts'

/** 1.2.840.113549.1.9.16.1.4 in DER: the content of a token is the statement of a time. */
const TIME_INFO = Buffer.from('060b2a864886f70d0109100104', 'hex')
const DIGESTS: Readonly<Record<string, string>> = {
  '0609608648016503040201': 'sha256',
  '0609608648016503040202': 'sha384',
  '0609608648016503040203': 'sha512',
}
const SEQUENCE = 0x30
const OCTETS = 0x04
const GENERALIZED_TIME = 0x18
const SEARCHED_BYTES = 65_536

/**
 * @param header the unprotected header of the signature
 * @param of the protected header, the claim and the signature
 * @returns milliseconds; null: no stamp of this signature that can be read
 */
export function stampedTime(
  header: Cbor | undefined,
  of: { readonly protectedHeader: Buffer; readonly claim: Buffer; readonly signature: Buffer },
): number | null {
  if (!isMap(header)) return null
  // The older form stamps what was signed, with another context; the newer one the signature, alone or with that context.
  const countersigned = (content: Buffer) =>
    encodeArray(['CounterSignature', of.protectedHeader, Buffer.alloc(0), content])
  const signature = encodeArray([of.signature]).subarray(1)
  return (
    timeIn(header.get('sigTst2'), [signature, countersigned(signature)]) ??
    timeIn(header.get('sigTst'), [countersigned(of.claim)])
  )
}

function timeIn(container: Cbor | undefined, stamped: readonly Buffer[]): number | null {
  const tokens = isMap(container) ? container.get('tstTokens') : undefined
  const first = Array.isArray(tokens) ? (tokens as readonly Cbor[])[0] : undefined
  const token = isMap(first) ? first.get('val') : undefined
  return Buffer.isBuffer(token) ? timeOf(token, stamped) : null
}

/** The statement: version, policy, imprint (algorithm and digest), serial number, time. */
function timeOf(token: Buffer, stamped: readonly Buffer[]): number | null {
  const at = token.subarray(0, SEARCHED_BYTES).indexOf(TIME_INFO)
  const octets = at < 0 ? -1 : token.indexOf(OCTETS, at + TIME_INFO.length)
  const info = octets < 0 ? null : element(token, octets)
  const fields = info && inside(element(info.value, 0))
  const imprint = fields && inside(fields[2])
  const [algorithm, digest] = imprint ?? []
  const name = algorithm && DIGESTS[inside(algorithm)?.[0]?.whole.toString('hex') ?? '']
  if (!fields || !digest || name === undefined || name === '') return null
  const isOfThis = stamped.some((one) => createHash(name).update(one).digest().equals(digest.value))
  if (!isOfThis) return null
  const time = fields.find(({ tag }) => tag === GENERALIZED_TIME)?.value.toString('latin1') ?? ''
  const [, day, hour] = /^(\d{8})(\d{6})(?:\.\d+)?Z$/.exec(time) ?? []
  if (day === undefined || hour === undefined) return null
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  const ms = Date.parse(`${date}T${hour.slice(0, 2)}:${hour.slice(2, 4)}:${hour.slice(4)}Z`)
  return Number.isNaN(ms) ? null : ms
}

interface Element {
  readonly tag: number
  readonly whole: Buffer
  readonly value: Buffer
}

function inside(one: Element | null | undefined): readonly Element[] | null {
  if (!one || one.tag !== SEQUENCE) return null
  const found: Element[] = []
  for (let at = 0; at < one.value.length; ) {
    const next = element(one.value, at)
    if (next === null) return null
    found.push(next)
    at += next.whole.length
  }
  return found
}

/** One element of DER; null: it is cut, or its length is not definite. */
function element(bytes: Buffer, at: number): Element | null {
  const short = bytes[at + 1]
  if (short === undefined || short === 0x80 || short > 0x84) return null
  const more = short > 0x80 ? short - 0x80 : 0
  if (at + 2 + more > bytes.length) return null
  const length = more === 0 ? short : bytes.readUIntBE(at + 2, more)
  const from = at + 2 + more
  if (from + length > bytes.length) return null
  return {
    tag: bytes[at]!,
    whole: bytes.subarray(at, from + length),
    value: bytes.subarray(from, from + length),
  }
}
