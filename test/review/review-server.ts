/** A review of a synthetic ledger, served in this process, and requests as a program would send them. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import type { Pass } from '../../src/contracts/custody.ts'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { findScale } from '../../src/match/records/scale.ts'
import { Acts } from '../../src/review/acts.ts'
import { NO_LIMITS } from '../../src/review/level-limits.ts'
import { readPageFiles } from '../../src/review/page-files.ts'
import type { Ending } from '../../src/review/run-route.ts'
import type { Greeting } from '../../src/review/said.ts'
import { Screens } from '../../src/review/screens.ts'
import { ReviewServer, type ServerOptions } from '../../src/review/server.ts'
import { ReviewSession, type SessionAsked } from '../../src/review/session.ts'
import { DEFAULT_RULES } from '../../src/review/sight-rules.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly json: () => Record<string, unknown>
}

export interface RawRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Served {
  readonly ledger: string
  readonly server: ReviewServer
  readonly session: ReviewSession
  readonly port: number
  readonly token: string
  readonly raw: (request: RawRequest) => Promise<Answer>
  /** As the page does it. */
  readonly hello: () => Promise<Greeting>
  readonly post: (what: string, body?: object) => Promise<Answer>
  readonly close: () => Promise<Ending>
}

/** Sealed, with the log that the command line leaves. It goes when the test ends. */
export function reviewLedger(contents = 60, stackOf = 1, records = false): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-review-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return reviewLedgerIn(folder, contents, stackOf, records)
}

export function reviewLedgerIn(folder: string, contents: number, stackOf = 1, records = false): string {
  const path = join(folder, 'case.sqlite')
  makeReviewLedger({ path, contents, stackOf, records, positions: records, seal: true })
  const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  return path
}

export interface ServeAsked extends Partial<Omit<SessionAsked, 'scale'>> {
  readonly pass?: Pass
  readonly scale?: string
  /** With keys of a person's own. */
  readonly ownScale?: SessionAsked['scale']
}

export async function served(
  path: string,
  asked: ServeAsked = {},
  options: Partial<ServerOptions> = {},
): Promise<Served> {
  const ledger = openLedger(path)
  const { scale = 'vics-us', ownScale, ...rest } = asked
  const session = new ReviewSession(ledger, {
    operator: 'A. Example',
    account: 'tester',
    pass: 'first',
    sample: null,
    categories: [],
    onHead: () => {},
    pageSha256: '',
    ...rest,
    scale: ownScale ?? findScale(scale)!,
  })
  session.open()
  const screens = new Screens(session, { pixels: null, rules: DEFAULT_RULES, day: NO_LIMITS })
  const server = await ReviewServer.start(
    { session, acts: new Acts(session), reveals: null, screens },
    { page: readPageFiles(), silenceMs: 900_000, idleMs: 900_000, pauseMs: 3_600_000, ...options },
  )
  let closed: Promise<Ending> | null = null
  const close = () => {
    closed ??= (async () => {
      server.stop({ how: 'interrupted', problem: null })
      const ending = await server.ended
      screens.hide(ending.how)
      session.close(ending.how, server.refusals)
      await server.close()
      session.release()
      ledger.close()
      return ending
    })()
    return closed
  }
  onTestFinished(async () => {
    await close()
  })
  const { port, hash } = new URL(server.url)
  const token = hash.slice(1)
  let key = token
  const raw = (request: RawRequest) => send(Number(port), request)
  const post = (what: string, body: object = {}) =>
    raw({
      method: 'POST',
      path: `/api/${what}`,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    })
  const hello = async () => {
    const greeting = (await post('hello')).json() as unknown as Greeting
    key = greeting.key
    return greeting
  }
  return { ledger: path, server, session, port: Number(port), token, raw, hello, post, close }
}

function send(port: number, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { Host: `127.0.0.1:${port}`, ...headers },
        agent: false,
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () => {
          const bytes = Buffer.concat(pieces)
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            json: () => JSON.parse(bytes.toString('utf8')),
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
