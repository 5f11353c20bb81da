/**
 * The local server of one review: on 127.0.0.1 and a free port, for one browser, until it is ended, falls silent or
 * stays idle. It opens no other socket, writes no file but the custody log, and answers only requests that the guard
 * accepted.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CustodyEventName } from '../contracts/custody.ts'
import { bearerOf, isSecret, newSecret, type Refused, refusedBecause, STATUS_OF } from './guard.ts'
import type { PageFiles } from './page-files.ts'
import { PageRefusal, refusalOf } from './page-refusal.ts'
import { bodyOf, send, sendJson } from './respond.ts'
import type { Review, RouteAnswer } from './route.ts'
import { greeting, ROUTES } from './routes.ts'
import { type Ending, runRoute } from './run-route.ts'
import type { Refusal } from './said.ts'

export interface ServerOptions {
  readonly page: PageFiles
  /** Time without a message after which the browser counts as gone. */
  readonly silenceMs: number
  /** Time without an act of a person. */
  readonly idleMs: number
  /** True: a file redirects to the page (`--open`). */
  readonly fromFile?: boolean
  /** Time after which a pause is suggested. */
  readonly pauseMs: number
  /** Language of the page's labels (default: en). */
  readonly language?: string
}

export const SILENCE_MS = 15_000
export const IDLE_MS = 10 * 60_000

const LINGER_MS = 2000
const REQUEST_MS = 5000
const CONNECTIONS = 8
const HEADER_BYTES = 8192
const SECOND =
  'This address was opened before: the review belongs to whoever came first. If that was not you, end it (Ctrl-C) and tell the laboratory.'

export class ReviewServer {
  /** Address with the token in its fragment, which no browser sends. */
  readonly url: string
  readonly ended: Promise<Ending>
  readonly #review: Review
  readonly #options: ServerOptions
  readonly #server: Server
  readonly #authority: string
  readonly #token: string
  readonly #refused = new Map<Refused, number>()
  readonly #refusedOn = new WeakSet<object>()
  readonly #timer: NodeJS.Timeout
  #key: string | null = null
  /** Key of the session that ended: its page does not know it yet, and is no stranger. */
  #former: string | null = null
  #wasOpened = false
  #lingers = false
  #heardMs = performance.now()
  #activeMs = performance.now()
  #end: (ending: Ending) => void = () => {}

  private constructor(review: Review, options: ServerOptions, server: Server) {
    this.#review = review
    this.#options = options
    this.#server = server
    this.#authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#token = newSecret()
    this.url = `http://${this.#authority}/#${this.#token}`
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    server.on('request', (request, response) => void this.#answer(request, response))
    this.#countOthers()
    this.#timer = setInterval(() => this.#checkClock(), 250)
  }

  static async start(review: Review, options: ServerOptions): Promise<ReviewServer> {
    const server = createServer({
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: HEADER_BYTES,
    })
    server.maxConnections = CONNECTIONS
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      // An address, never a name: `localhost` may be another address.
      server.listen(0, '127.0.0.1', resolve)
    })
    return new ReviewServer(review, options, server)
  }

  /** Number of refused requests by reason, for the log. */
  get refusals(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#refused].map(([why, count]) => [`refused-${why}`, String(count)]))
  }

  stop(ending: Ending): void {
    this.#former ??= this.#key
    this.#key = null
    this.#lingers = ending.how === 'left'
    this.#end(ending)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#key = null
    // A reloaded page then shows a sentence instead of the browser's error.
    if (this.#lingers) await new Promise((resolve) => setTimeout(resolve, LINGER_MS))
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    // Time for the last answer to arrive.
    setTimeout(() => this.#server.closeAllConnections(), 200).unref()
    await closed
  }

  /** Refuses and counts connections that never become a request. */
  #countOthers(): void {
    this.#server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
      // A peer that went away made no request; data after a refusal belongs to the refused request.
      if (!this.#refusedOn.has(socket)) {
        if (code === 'ERR_HTTP_REQUEST_TIMEOUT') this.#note('slow')
        else if (code?.startsWith('HPE_')) this.#note('malformed')
      }
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      else socket.destroy()
    })
    this.#server.on('connect', (_, socket) => {
      this.#note('method')
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n')
    })
    this.#server.on('drop', () => this.#note('connections'))
  }

  #checkClock(): void {
    const now = performance.now()
    if (this.#key !== null && now - this.#heardMs > this.#options.silenceMs)
      this.stop({ how: 'silent', problem: null })
    else if (now - this.#activeMs > this.#options.idleMs) this.stop({ how: 'idle', problem: null })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const why = refusedBecause(request, this.#authority, this.#options.fromFile === true && !this.#wasOpened)
    if (why !== null) return this.#refuse(request, response, why)
    const path = request.url ?? ''
    if (request.method === 'GET') {
      const file = this.#options.page.get(path)
      if (!file) return this.#refuse(request, response, 'path')
      return send(response, 200, file.type, file.bytes)
    }
    const read = await bodyOf(request)
    if (read === null) return
    if (typeof read === 'string') return this.#refuse(request, response, read)
    if (path === '/api/hello') return this.#hello(request, response)
    if (this.#key === null || !isSecret(bearerOf(request), this.#key)) {
      if (this.#former === null || !isSecret(bearerOf(request), this.#former))
        return this.#refuse(request, response, 'token')
      const over = { ...refusalOf(new PageRefusal('refused-over')), ended: true }
      return sendJson(response, 401, over satisfies Refusal)
    }
    const route = ROUTES.find((one) => one.path === path)
    if (!route) return this.#refuse(request, response, 'path')
    this.#heardMs = performance.now()
    if (route.isActive) this.#activeMs = this.#heardMs
    await this.#run(response, () => route.answer(this.#review, read.body), path === '/api/end')
  }

  async #run(
    response: ServerResponse,
    work: () => RouteAnswer | Promise<RouteAnswer>,
    ends: boolean,
  ): Promise<void> {
    const ending = await runRoute(response, work, ends)
    if (ending !== null) this.stop(ending)
  }

  /** The token works once. A second use may come from the page, after a stranger's first use: both are told. */
  async #hello(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isSecret(bearerOf(request), this.#token)) return this.#refuse(request, response, 'token')
    if (this.#wasOpened) {
      this.#log('review-second-client', {})
      sendJson(response, 403, { refused: SECOND } satisfies Refusal)
      return
    }
    const key = newSecret()
    this.#key = key
    this.#wasOpened = true
    this.#heardMs = this.#activeMs = performance.now()
    await this.#run(response, () => greeting(this.#review, key, this.#options), false)
  }

  #refuse(request: IncomingMessage, response: ServerResponse, why: Refused): void {
    request.resume()
    this.#refusedOn.add(request.socket)
    // Connections are few: a refused peer keeps none.
    response.shouldKeepAlive = false
    sendJson(response, STATUS_OF[why], { refused: why } satisfies Refusal)
    this.#note(why)
  }

  /** Logs the first refusal of each kind at once, and their number at the end. */
  #note(why: Refused): void {
    const before = this.#refused.get(why) ?? 0
    this.#refused.set(why, before + 1)
    if (before > 0 || why === 'path') return
    this.#log('review-request-refused', { why })
  }

  /** What cannot be logged does not go on. */
  #log(event: CustodyEventName, detail: Readonly<Record<string, string>>): void {
    try {
      this.#review.session.log.log(event, detail)
    } catch (error) {
      this.stop({ how: 'over', problem: error instanceof Error ? error.message : String(error) })
    }
  }
}
