/**
 * What went over TLS 1.3 between browsers and a server, read from the bytes of the wire and the secrets that the server wrote
 * (`node --tls-keylog`). Written from RFC 8446 and independent of what it checks.
 */
import { createDecipheriv, createHash, createHmac } from 'node:crypto'

export interface Conversation {
  /** SHA-256 of the certificate that the client showed in the handshake; null without one. */
  readonly certificate: string | null
  readonly client: Buffer
  readonly server: Buffer
}

const SUITES: Readonly<Record<number, { cipher: string; keyBytes: number; hash: string }>> = {
  4865: { cipher: 'aes-128-gcm', keyBytes: 16, hash: 'sha256' },
  4866: { cipher: 'aes-256-gcm', keyBytes: 32, hash: 'sha384' },
  4867: { cipher: 'chacha20-poly1305', keyBytes: 32, hash: 'sha256' },
}
type Suite = (typeof SUITES)[number]

const RECORD = { handshake: 22, application: 23 } as const
const MESSAGE = { serverHello: 2, certificate: 11, finished: 20, keyUpdate: 24 } as const
const TAG_BYTES = 16

export type Secrets = ReadonlyMap<string, Buffer>

/** @param text lines `LABEL CLIENT_RANDOM SECRET`, as NSS writes them */
export function secretsOf(text: string): Secrets {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [label, random, secret] = line.split(' ')
      return secret === undefined ? [] : [[`${label} ${random}`, Buffer.from(secret, 'hex')] as const]
    }),
  )
}

/** @returns null for a connection whose handshake did not come to an end */
export function conversationOf(client: Buffer, server: Buffer, secrets: Secrets): Conversation | null {
  const hello = recordsOf(client)[0]
  const answers = recordsOf(server).filter(({ type }) => type === RECORD.handshake)
  const answer = answers.findLast(({ payload }) => payload[0] === MESSAGE.serverHello)
  if (hello?.type !== RECORD.handshake || answer === undefined) return null
  const random = hello.payload.toString('hex', 6, 38)
  const suite = SUITES[answer.payload.readUInt16BE(39 + answer.payload[38]!)]
  const secretFor = (label: string) => secrets.get(`${label} ${random}`)
  const of = (who: 'CLIENT' | 'SERVER', bytes: Buffer) => {
    const first = secretFor(`${who}_HANDSHAKE_TRAFFIC_SECRET`)
    const then = secretFor(`${who}_TRAFFIC_SECRET_0`)
    return suite && first && then ? plainOf(bytes, suite, first, then) : null
  }
  const [said, answered] = [of('CLIENT', client), of('SERVER', server)]
  if (said === null || answered === null) return null
  return { certificate: said.certificate, client: said.plain, server: answered.plain }
}

interface TlsRecord {
  readonly type: number
  readonly head: Buffer
  readonly payload: Buffer
}

function recordsOf(bytes: Buffer): readonly TlsRecord[] {
  const records: TlsRecord[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    const to = at + 5 + bytes.readUInt16BE(at + 3)
    if (to > bytes.length) break
    records.push({ type: bytes[at]!, head: bytes.subarray(at, at + 5), payload: bytes.subarray(at + 5, to) })
    at = to
  }
  return records
}

function plainOf(bytes: Buffer, suite: Suite, handshake: Buffer, application: Buffer) {
  let keys = keysOf(suite, handshake)
  let secret = application
  let pending = Buffer.alloc(0)
  let certificate: string | null = null
  const plain: Buffer[] = []
  for (const record of recordsOf(bytes)) {
    if (record.type !== RECORD.application) continue
    const { type, content } = opened(record, suite, keys)
    if (type === RECORD.application) plain.push(content)
    if (type !== RECORD.handshake) continue
    pending = Buffer.concat([pending, content])
    while (pending.length >= 4 && pending.length >= 4 + pending.readUIntBE(1, 3)) {
      const to = 4 + pending.readUIntBE(1, 3)
      const [message, body] = [pending[0]!, pending.subarray(4, to)]
      pending = pending.subarray(to)
      if (message === MESSAGE.certificate) certificate = firstCertificate(body)
      else if (message === MESSAGE.finished) keys = keysOf(suite, secret)
      else if (message === MESSAGE.keyUpdate) {
        secret = expand(suite, secret, 'traffic upd', hashBytes(suite))
        keys = keysOf(suite, secret)
      }
    }
  }
  return { certificate, plain: Buffer.concat(plain) }
}

function firstCertificate(body: Buffer): string | null {
  const list = 1 + body[0]!
  if (body.readUIntBE(list, 3) === 0) return null
  const from = list + 6
  return createHash('sha256')
    .update(body.subarray(from, from + body.readUIntBE(list + 3, 3)))
    .digest('hex')
}

interface Keys {
  readonly key: Buffer
  readonly iv: Buffer
  sequence: bigint
}

function keysOf(suite: Suite, secret: Buffer): Keys {
  return {
    key: expand(suite, secret, 'key', suite.keyBytes),
    iv: expand(suite, secret, 'iv', 12),
    sequence: 0n,
  }
}

function opened({ head, payload }: TlsRecord, { cipher }: Suite, keys: Keys) {
  const nonce = Buffer.from(keys.iv)
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) ^ keys.sequence++, 4)
  const decipher = createDecipheriv(cipher as 'aes-128-gcm', keys.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(head, { plaintextLength: payload.length - TAG_BYTES })
  decipher.setAuthTag(payload.subarray(-TAG_BYTES))
  const inner = Buffer.concat([decipher.update(payload.subarray(0, -TAG_BYTES)), decipher.final()])
  const last = inner.findLastIndex((byte) => byte !== 0)
  return { type: inner[last], content: inner.subarray(0, last) }
}

const hashBytes = ({ hash }: Suite) => (hash === 'sha384' ? 48 : 32)

/** HKDF-Expand-Label without a context; no more than one block is ever needed. */
function expand(suite: Suite, secret: Buffer, name: string, length: number): Buffer {
  const label = Buffer.from(`tls13 ${name}`)
  const info = Buffer.concat([Buffer.from([0, length, label.length]), label, Buffer.from([0, 1])])
  return createHmac(suite.hash, secret).update(info).digest().subarray(0, length)
}
