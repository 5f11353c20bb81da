/**
 * RFC 3161 without a network: makes a request for a text, and checks that a response answers that request. A person
 * carries both.
 */
import { createHash, randomBytes, type X509Certificate } from 'node:crypto'
import { checkCms } from './cms.ts'
import {
  der,
  expected,
  inside,
  integer,
  NotDer,
  octets,
  oid,
  readDer,
  readOid,
  readTime,
  sequence,
  TAG,
} from './der.ts'
import { DIGESTS, OID, TIME_STAMPING } from './oids.ts'

export function timeStampRequest(text: Buffer): Buffer {
  const imprint = sequence(
    sequence(oid(OID.sha256), der(TAG.null)),
    octets(createHash('sha256').update(text).digest()),
  )
  const nonce = integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)]))
  return sequence(integer(1), imprint, nonce, der(TAG.boolean, Buffer.from([0xff])))
}

export interface TimeStamp {
  readonly at: Date
  /** Of the authority's own count. */
  readonly serial: string
  readonly certificate: X509Certificate
  readonly certificates: readonly X509Certificate[]
}

/**
 * @param request null: the nonce is not compared
 * @throws NotDer with a sentence when it is no time stamp, was refused, or belongs to another text or request
 */
export function checkTimeStamp(response: Buffer, text: Buffer, request: Buffer | null): TimeStamp {
  const [status, token] = inside(readDer(response), TAG.sequence)
  const granted = expected(inside(status, TAG.sequence)[0], TAG.integer).value
  if (granted.length !== 1 || granted[0]! > 1 || !token)
    throw new NotDer('the authority granted no time stamp')
  const cms = checkCms(token.whole, null)
  if (cms.contentType !== OID.timeStampInfo) throw new NotDer('it signs something else than a time')
  if (!cms.certificate.keyUsage?.includes(TIME_STAMPING))
    throw new NotDer('its certificate is not one of a time-stamping authority')
  const [, , imprint, serial, time, ...more] = inside(readDer(cms.content), TAG.sequence)
  const [algorithm, hash] = inside(imprint, TAG.sequence)
  const digest = DIGESTS[readOid(inside(algorithm, TAG.sequence)[0])]
  if (
    digest === undefined ||
    !expected(hash, TAG.octets).value.equals(createHash(digest).update(text).digest())
  )
    throw new NotDer('it is the time stamp of another text')
  const nonce = more.find(({ tag }) => tag === TAG.integer)
  const asked = request === null ? null : nonceOf(request)
  if (asked !== null && nonce?.value.equals(asked) !== true) throw new NotDer('it answers another request')
  return {
    at: readTime(time),
    serial: expected(serial, TAG.integer).value.toString('hex'),
    certificate: cms.certificate,
    certificates: cms.certificates,
  }
}

/** Null when the request has none. @throws NotDer */
function nonceOf(request: Buffer): Buffer | null {
  const [, , ...more] = inside(readDer(request), TAG.sequence)
  return more.find(({ tag }) => tag === TAG.integer)?.value ?? null
}
