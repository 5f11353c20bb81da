/**
 * Client of the server. The token is first removed from the address, then exchanged once for a key, which is kept in a
 * variable.
 */
import type { Greeting, Progress, Refusal, Tile, TileHead } from '../said.ts'
import type { BoardGreeting } from '../said-board.ts'
import { knows, say } from './words.ts'

/** A refusal of the server, with its message. */
export class Refused extends Error {
  readonly ended: boolean
  constructor(said: string, ended: boolean) {
    super(said)
    this.ended = ended
  }
}

let key = ''
/** Number of the last request: a served case takes each number once. */
let number = 0
/** The review has ended: a request without the key would count as a stranger's. */
let isOver = false

/** Removes the token from the address, so that it cannot be read there later. */
export function takeToken(): string {
  const token = location.hash.slice(1)
  history.replaceState(null, '', '/')
  return token
}

export async function hello(token: string): Promise<Greeting> {
  key = token
  const greeting = (await ask('hello', {})) as Greeting
  key = greeting.key
  return greeting
}

/** Of a case that is served: the certificate names the person. @param at pass or board; empty: that of the role */
export async function helloOfCase(at: string): Promise<Greeting | BoardGreeting> {
  const greeting = (await ask('hello', at === '' ? {} : { at })) as Greeting | BoardGreeting
  key = greeting.key
  number = 0
  return greeting
}

export function forget(): void {
  key = ''
  isOver = true
}

export async function ask<T = unknown>(what: string, body: object): Promise<T> {
  const response = await post(what, body)
  return (await response.json()) as T
}

export function beat(): Promise<Progress> {
  return ask<Progress>('beat', {})
}

export async function tiles(view: number, from: number, count: number): Promise<readonly Tile[]> {
  return (await ask<{ readonly tiles: readonly Tile[] }>('tiles', { view, from, count })).tiles
}

/** Tiles as each comes: header and pixels of its frames, grey. @param came called with a view of the bytes: copy them */
export async function tileStream(
  what: 'screen' | 'lift',
  body: object,
  signal: AbortSignal,
  came: (head: TileHead, pixels: Uint8Array) => void,
): Promise<void> {
  const response = await post(what, body, signal)
  const reader = response.body!.getReader()
  let bytes = new Uint8Array()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const joined = new Uint8Array(bytes.length + value.length)
    joined.set(bytes)
    joined.set(value, bytes.length)
    bytes.fill(0)
    value.fill(0)
    bytes = joined
    for (;;) {
      const tile = firstOf(bytes)
      if (!tile) break
      came(tile.head, bytes.subarray(tile.from, tile.to))
      bytes.fill(0, 0, tile.to)
      bytes = bytes.slice(tile.to)
    }
  }
}

/** The first whole tile of a stream; null: more bytes are needed. */
function firstOf(
  bytes: Uint8Array,
): { readonly head: TileHead; readonly from: number; readonly to: number } | null {
  if (bytes.length < 4) return null
  const from = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  if (bytes.length < from) return null
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, from))) as TileHead
  const to = from + head.frames.reduce((sum, { width, height }) => sum + width * height, 0)
  return bytes.length < to ? null : { head, from, to }
}

export async function bytesOf(what: string, body: object): Promise<ArrayBuffer> {
  return (await post(what, body)).arrayBuffer()
}

/** Sends without waiting for the answer: the page may be closing. */
export function tell(what: string, body: object): void {
  void request(what, body, true).catch(() => undefined)
}

async function post(what: string, body: object, signal?: AbortSignal): Promise<Response> {
  const response = await request(what, body, false, signal)
  if (response.ok) return response
  const said = (await response.json()) as Refusal
  const isOver = said.ended === true || response.status === 401 || response.status === 403
  throw new Refused(refusalIn(said), isOver)
}

/** In the language of the page where it has words for it, else in English. */
function refusalIn({ refused, word, params }: Refusal): string {
  return word !== undefined && knows(word) ? say(word, params) : refused
}

function request(
  what: string,
  body: object,
  keepalive: boolean,
  signal: AbortSignal | null = null,
): Promise<Response> {
  if (isOver) return Promise.reject(new Refused(say('over'), true))
  return fetch(`/api/${what}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${key}`,
      'Seized-Request': String(++number),
    },
    body: JSON.stringify(body),
    cache: 'no-store',
    keepalive,
    signal,
  })
}
