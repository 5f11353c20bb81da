/** Requests and answers of HTTP/1.1, read from what went over one connection. */
import type { Conversation } from './tls-wire.ts'

export interface Exchange {
  readonly certificate: string | null
  readonly path: string
  /** Of the session, as the page sent it. */
  readonly key: string
  /** Number of the request in its session: what a browser sends twice has the same. */
  readonly number: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies of all routes
  readonly asked: any
  /** Null where no whole answer came. */
  readonly status: number | null
  // biome-ignore lint/suspicious/noExplicitAny: answers of all routes
  readonly json: any
  /** Every byte of the answer, head and body, as far as it came. */
  readonly answer: Buffer
}

interface Message {
  readonly first: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
  readonly whole: boolean
  readonly bytes: Buffer
}

/** In HTTP/1.1 answers come in the order of the requests. */
export function exchangesOf({ certificate, client, server }: Conversation): readonly Exchange[] {
  const answers = messagesOf(server)
  return messagesOf(client).map((request, i) => {
    const answer = answers[i]
    const isJson = answer?.whole && answer.headers.get('content-type')?.startsWith('application/json')
    return {
      certificate,
      path: request.first.split(' ')[1] ?? '',
      key: request.headers.get('authorization')?.replace('Bearer ', '') ?? '',
      number: request.headers.get('seized-request') ?? '',
      asked: request.body.length > 0 && request.whole ? JSON.parse(request.body.toString()) : null,
      status: answer?.whole ? Number(answer.first.split(' ')[1]) : null,
      json: isJson ? JSON.parse(answer.body.toString()) : null,
      answer: answer?.bytes ?? Buffer.alloc(0),
    }
  })
}

function messagesOf(bytes: Buffer): readonly Message[] {
  const messages: Message[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end === -1) break
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n')
    const headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    )
    const { body, to } = bodyAt(bytes, end + 4, headers)
    messages.push({ first, headers, body, whole: to !== null, bytes: bytes.subarray(at, to ?? bytes.length) })
    at = to ?? bytes.length
  }
  return messages
}

/** @returns `to` null where the body did not come to its end */
function bodyAt(bytes: Buffer, from: number, headers: ReadonlyMap<string, string>) {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const to = from + Number(headers.get('content-length') ?? 0)
    return { body: bytes.subarray(from, to), to: to <= bytes.length ? to : null }
  }
  const pieces: Buffer[] = []
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line === -1) return { body: Buffer.concat(pieces), to: null }
    const length = Number.parseInt(bytes.toString('latin1', at, line), 16)
    const to = line + 2 + length
    pieces.push(bytes.subarray(line + 2, to))
    at = to + 2
    if (at > bytes.length) return { body: Buffer.concat(pieces), to: null }
    if (length === 0) return { body: Buffer.concat(pieces), to: at }
  }
}
