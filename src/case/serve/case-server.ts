/**
 * The server of a case for several persons (`seized case serve`). A person is who the client certificate names; the role
 * comes from the log of the case. Every request is checked as on loopback, against the address that is served.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { UsageError } from '../../base/errors.ts'
import { PASSES, type Pass } from '../../contracts/custody.ts'
import { bearerOf, isSecret, refusedBecause, STATUS_OF } from '../../review/guard.ts'
import type { PageFiles } from '../../review/page-files.ts'
import { PageRefusal, refusalOf } from '../../review/page-refusal.ts'
import { bodyOf, send, sendJson } from '../../review/respond.ts'
import { greeting, ROUTES } from '../../review/routes.ts'
import { type Ending, runRoute } from '../../review/run-route.ts'
import type { Refusal } from '../../review/said.ts'
import type { Place } from '../../review/said-board.ts'
import { PASSES_OF, type Role, WATCHING } from '../roles.ts'
import { CASE_ROUTES, type CaseRouteParts } from './case-routes.ts'
import type { Certified } from './certificate.ts'
import { Listener, type Listening, type ServerKeys } from './listener.ts'
import type { People } from './people.ts'
import type { Refusals, RefusedHere } from './refusals.ts'
import type { OpenedReview, Seat } from './seat.ts'
import type { Seats } from './seats.ts'

export interface CaseServerParts extends CaseRouteParts {
  readonly page: PageFiles
  readonly people: People
  readonly refusals: Refusals
  readonly seats: Seats
  readonly open: (who: Certified, pass: Pass) => Promise<OpenedReview>
  /** `ADDRESS:PORT` as browsers name it; the port is left out where it is 443. */
  readonly authorityOf: (port: number) => string
  readonly pauseMs: number
  readonly language: string
}

const STATUS: Readonly<Record<string, number>> = { ...STATUS_OF, person: 403, role: 403, replayed: 409 }

const SAID: Readonly<Partial<Record<RefusedHere, Refusal>>> = {
  person: { refused: 'The case names no person of your certificate: ask the lead of the case.' },
  role: refusalOf(new PageRefusal('refused-your-role')),
}

export class CaseServer {
  readonly ended: Promise<Ending>
  readonly #parts: CaseServerParts
  #listener: Listener | null = null
  #authority = ''
  #timer: NodeJS.Timeout | null = null
  #end: (ending: Ending) => void = () => {}

  constructor(parts: CaseServerParts) {
    this.#parts = parts
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  get url(): string {
    return `https://${this.#authority}/`
  }

  async start(at: Listening, keys: ServerKeys): Promise<void> {
    this.#listener = await Listener.start(at, keys, {
      request: (request, response, who) => void this.#answer(request, response, who),
      refused: (why, sender) => this.#guarded(() => this.#parts.refusals.note(why, sender)),
    })
    this.#authority = this.#parts.authorityOf(this.#listener.port)
    this.#timer = setInterval(() => this.#guarded(() => this.#check()), 250)
  }

  renew(keys: ServerKeys): void {
    this.#listener?.renew(keys)
  }

  stop(ending: Ending): void {
    this.#end(ending)
  }

  async close(ending: Ending): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.#parts.seats.leaveAll(ending)
    await this.#listener?.close()
  }

  #check(): void {
    this.#parts.seats.check()
    this.#parts.refusals.flush()
  }

  /** What cannot be logged does not go on. */
  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.stop({ how: 'over', problem: error instanceof Error ? error.message : String(error) })
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, who: Certified): Promise<void> {
    try {
      await this.#answered(request, response, who)
    } catch (error) {
      response.destroy()
      this.#guarded(() => {
        throw error
      })
    }
  }

  async #answered(request: IncomingMessage, response: ServerResponse, who: Certified): Promise<void> {
    const { people, page, seats } = this.#parts
    const refuse = (why: RefusedHere) => this.#refuse(request, response, who, why)
    if (Date.now() >= who.validToMs) return refuse('certificate-expired')
    const role = people.roleOf(who.name)
    if (role === null) return refuse('person')
    const why = refusedBecause(request, this.#authority, false, 'https')
    if (why !== null) return refuse(why)
    const path = request.url ?? ''
    if (request.method === 'GET') {
      const file = page.get(path)
      return file ? send(response, 200, file.type, file.bytes) : refuse('path')
    }
    const read = await bodyOf(request)
    if (read === null) return
    if (typeof read === 'string') return refuse(read)
    if (path === '/api/hello') return this.#hello(response, who, role, read.body, refuse)
    const seat = seats.of(who.name)
    const isOwn = seat?.who.certificate === who.certificate && isSecret(bearerOf(request), seat.key)
    if (!seat || !isOwn) {
      if (!seats.isFormer(who.name, bearerOf(request))) return refuse('token')
      return sendJson(response, 401, {
        ...refusalOf(new PageRefusal('refused-over')),
        ended: true,
      } satisfies Refusal)
    }
    if (!seat.numbers.take(request.headers['seized-request'])) return refuse('replayed')
    if (!maySit(role, seat.at)) {
      await seats.leave(seat, { how: 'over', problem: 'the role of the person was changed' })
      return refuse('role')
    }
    const own = CASE_ROUTES.find((one) => one.path === path)
    const route = ROUTES.find((one) => one.path === path)
    if (own && !own.mayAsk(role)) return refuse('role')
    const review = seat.opened?.review
    const work = own
      ? () => own.answer(this.#parts, seat, role, read.body)
      : route && review
        ? () => route.answer(review, read.body)
        : null
    if (work === null) return path === '/api/end' ? this.#left(response, seat) : refuse('path')
    seat.heard(own?.isActive ?? route?.isActive ?? false)
    const ending = await runRoute(response, work, path === '/api/end')
    if (path === '/api/decide' && response.statusCode === 200)
      this.#parts.leases.renew(who.name, performance.now())
    if (ending !== null) await seats.leave(seat, ending)
  }

  async #hello(
    response: ServerResponse,
    who: Certified,
    role: Role,
    body: Readonly<Record<string, unknown>>,
    refuse: (why: RefusedHere) => void,
  ): Promise<void> {
    const { seats, open, pauseMs, language, greetBoard } = this.#parts
    const asked = body.at ?? (PASSES_OF[role].length > 0 ? 'first' : 'board')
    const at = PLACES.find((one) => one === asked)
    if (at === undefined || !maySit(role, at)) return refuse('role')
    await runRoute(
      response,
      async () => {
        const seat = await seats.open(who, at, at === 'board' ? null : () => open(who, at))
        if (seat === null) throw new UsageError('Your session is being opened: try again in a moment.')
        const { key, opened } = seat
        const places = PLACES.filter((one) => maySit(role, one))
        if (opened === null) return { key, places, ...greetBoard(who, role) }
        return { ...greeting(opened.review, key, { pauseMs, language }), places }
      },
      false,
    )
  }

  async #left(response: ServerResponse, seat: Seat): Promise<void> {
    sendJson(response, 200, { ended: 'ended' })
    await this.#parts.seats.leave(seat, { how: 'ended', problem: null })
  }

  #refuse(request: IncomingMessage, response: ServerResponse, who: Certified, why: RefusedHere): void {
    request.resume()
    if (!response.headersSent)
      sendJson(response, STATUS[why] ?? 403, SAID[why] ?? ({ refused: why } satisfies Refusal))
    if (why === 'path') return
    const address = request.socket.remoteAddress ?? 'gone'
    this.#guarded(() => this.#parts.refusals.note(why, { address, who }))
  }
}

const PLACES: readonly Place[] = [...PASSES, 'board']

function maySit(role: Role, at: Place): boolean {
  return at === 'board' ? WATCHING.includes(role) : PASSES_OF[role].includes(at)
}
