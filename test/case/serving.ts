/** `seized case serve` as a process, and persons who come to it over TLS with their certificates. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import { onTestFinished } from 'vitest'
import { BIN } from '../e2e/seized.ts'
import type { Issued, Laboratory } from './persons.ts'

export interface Serving {
  readonly url: URL
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly stderr: () => string
}

export async function serveCase(
  dir: string,
  laboratory: Laboratory,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Serving> {
  const { cert, key } = { cert: laboratory.file('server.pem'), key: laboratory.file('server.key') }
  const own = ['--tls', cert, '--key', key, '--clients', laboratory.file('ca.pem'), '--scale', 'vics-us']
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
  const all = [BIN, 'case', 'serve', dir, ...listen, ...own, ...args]
  const child = spawn(process.execPath, all, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let [said, text] = ['', '']
  child.stderr.on('data', (piece: Buffer) => {
    text += piece
  })
  const url = await new Promise<URL>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      said += piece
      const found = /https:\/\/\S+/.exec(said)
      if (found) resolve(new URL(found[0]))
    })
    void ended.then(() => reject(new Error(said + text)))
  })
  return { url, child, ended, stderr: () => text }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: answers of all routes
  readonly json: any
}

/** One request over TLS. */
export async function asked(url: URL, options: RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const made = request(url, options, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(pieces)
        const isJson = response.headers['content-type']?.startsWith('application/json') === true
        const json = isJson ? JSON.parse(bytes.toString()) : null
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json })
      })
    })
    made.on('error', reject)
    made.end(body)
  })
}

/** A browser of a person, as far as the server can tell. */
export class Person {
  readonly url: URL
  readonly agent: Agent
  /** Every byte of every answer, head and body. */
  readonly wire: Buffer[] = []
  key = ''
  #number = 0

  constructor({ url }: Pick<Serving, 'url'>, laboratory: Laboratory, { cert, key }: Issued) {
    this.url = url
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 6,
      ca: readFileSync(laboratory.file('ca.pem')),
      cert: readFileSync(cert),
      key: readFileSync(key),
    })
    onTestFinished(() => this.agent.destroy())
  }

  /** Number of the next request. */
  get next(): number {
    return this.#number + 1
  }

  async post(what: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const text = JSON.stringify(body)
    const answer = await asked(
      new URL(`/api/${what}`, this.url),
      {
        method: 'POST',
        // Whatever the `Host` of an attempt says.
        servername: 'localhost',
        agent: this.agent,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          Authorization: `Bearer ${this.key}`,
          'Seized-Request': String(++this.#number),
          ...headers,
        },
      },
      text,
    )
    this.wire.push(Buffer.from(JSON.stringify(answer.headers)), answer.bytes)
    return answer
  }

  async hello(at?: string): Promise<Answer> {
    const answer = await this.post('hello', at === undefined ? {} : { at })
    this.#number = 0
    this.key = answer.json?.key ?? ''
    return answer
  }

  async digests(): Promise<readonly string[]> {
    const all = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
    const { json: made } = await this.post('view', all)
    const { json } = await this.post('tiles', { view: made.view, from: 0, count: 200 })
    return json.tiles.map(({ sha256 }: { sha256: string }) => sha256)
  }

  decide(sha256: string, category: string, note = ''): Promise<Answer> {
    return this.post('decide', { act: 'decided', category, note, of: { contents: [sha256], count: 1 } })
  }
}
