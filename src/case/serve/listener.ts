/**
 * The listener of a served case: TLS 1.3 with client certificates, and limits for who has not named itself yet. Connections
 * that are accepted carry a person; the others are closed and noted.
 */
import { constants } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Certified, certifiedBy } from './certificate.ts'
import type { RefusedHere, Sender } from './refusals.ts'

export interface ServerKeys {
  /** PEM. */
  readonly key: Buffer
  readonly cert: Buffer
  /** Authorities that issue the certificates of persons. */
  readonly ca: Buffer
  readonly crl: Buffer | null
}

export interface Listening {
  readonly address: string
  readonly port: number
}

export interface ListenerParts {
  readonly request: (request: IncomingMessage, response: ServerResponse, who: Certified) => void
  readonly refused: (why: RefusedHere, sender: Sender) => void
}

/** Time for a handshake, for the head of a request, and for a whole request. */
const REQUEST_MS = 5000
/** The page asks every five seconds. */
const KEEP_MS = 60_000
/** A peer that reads nothing more of an answer. */
const STALLED_MS = 120_000
const HEADER_BYTES = 8192
/** Connections without a finished handshake: a further one takes the place of the oldest. */
const MOST_UNNAMED = 128
/** Connections of one person: a browser opens six. */
const MOST_OF_PERSON = 16

export class Listener {
  readonly #server: Server
  readonly #parts: ListenerParts
  readonly #unnamed = new Map<string, Socket>()
  readonly #named = new Map<TLSSocket, Certified>()
  readonly #refused = new WeakSet<object>()
  /** Bytes that had come when a connection named its person: with no more it waits, as browsers keep connections ready. */
  readonly #namedAt = new WeakMap<object, number>()

  private constructor(server: Server, parts: ListenerParts) {
    this.#server = server
    this.#parts = parts
    server.on('connection', (socket: Socket) => this.#arrived(socket))
    // Before the HTTP part of the server takes the socket.
    server.prependListener('secureConnection', (socket: TLSSocket) => this.#shook(socket))
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => this.#failed(error, socket))
    server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      this.#malformed(error, socket as Socket),
    )
    server.on('connect', (_, socket) => socket.destroy())
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const who = this.#named.get(request.socket as TLSSocket)
      if (who === undefined) request.socket.destroy()
      else parts.request(request, response, who)
    })
  }

  /** @throws NodeJS.ErrnoException where the address cannot be listened on */
  static async start(at: Listening, keys: ServerKeys, parts: ListenerParts): Promise<Listener> {
    const server = createServer({
      ...contextOf(keys),
      requestCert: true,
      // Refused in `#shook`, so that the refusal is logged.
      rejectUnauthorized: false,
      handshakeTimeout: REQUEST_MS,
      ALPNProtocols: ['http/1.1'],
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_MS,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: HEADER_BYTES,
    })
    server.timeout = STALLED_MS
    const listener = new Listener(server, parts)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(at.port, at.address, 1024, resolve)
    })
    return listener
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Takes new keys or a new list of revoked certificates; every connection is made anew. */
  renew(keys: ServerKeys): void {
    this.#server.setSecureContext(contextOf(keys))
    for (const socket of [...this.#named.keys()]) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    // Time for the last answer to arrive.
    setTimeout(() => {
      this.#server.closeAllConnections()
      for (const socket of this.#unnamed.values()) socket.destroy()
    }, 200).unref()
    await closed
  }

  #arrived(socket: Socket): void {
    const key = endOf(socket)
    this.#unnamed.set(key, socket)
    socket.once('close', () => this.#unnamed.delete(key))
    socket.on('error', () => socket.destroy())
    if (this.#unnamed.size <= MOST_UNNAMED) return
    const [oldest] = this.#unnamed
    this.#unnamed.delete(oldest![0])
    this.#refuse('connections', oldest![1], null)
  }

  #shook(socket: TLSSocket): void {
    this.#unnamed.delete(endOf(socket))
    const certified = certifiedBy(socket)
    if (typeof certified === 'string') this.#refuse(certified, socket, null)
    else if (this.#connectionsOf(certified) >= MOST_OF_PERSON) this.#refuse('connections', socket, certified)
    else {
      this.#named.set(socket, certified)
      this.#namedAt.set(socket, socket.bytesRead)
      socket.once('close', () => this.#named.delete(socket))
    }
  }

  #connectionsOf(certified: Certified): number {
    return [...this.#named.values()].filter(({ name }) => name === certified.name).length
  }

  #refuse(why: RefusedHere, socket: Socket, who: Certified | null): void {
    this.#refused.add(socket)
    const sender = { address: socket.remoteAddress ?? 'gone', who }
    socket.destroy()
    this.#parts.refused(why, sender)
  }

  #failed({ code = '' }: NodeJS.ErrnoException, socket: TLSSocket): void {
    this.#unnamed.delete(endOf(socket))
    // Who goes away before the handshake was refused nothing.
    if (code === 'ECONNRESET' || this.#refused.has(socket)) return
    this.#refuse(code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'slow' : 'protocol', socket, null)
  }

  #malformed({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    const who = this.#named.get(socket as TLSSocket) ?? null
    // An answer that nobody asked for would be taken for that of the next request.
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.#namedAt.get(socket) === socket.bytesRead) {
      socket.destroy()
      return
    }
    if (who !== null && !this.#refused.has(socket)) {
      const sender = { address: socket.remoteAddress ?? 'gone', who }
      if (code === 'ERR_HTTP_REQUEST_TIMEOUT') this.#parts.refused('slow', sender)
      else if (code.startsWith('HPE_')) this.#parts.refused('malformed', sender)
    }
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  }
}

function contextOf({ key, cert, ca, crl }: ServerKeys) {
  return {
    key,
    cert,
    ca,
    ...(crl === null ? {} : { crl }),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // Every connection shows its certificate anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const
}

/** The other end of a connection, as long as it lasts. */
function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
