/**
 * Client of the server. The token is first removed from the address, then exchanged once for a key, which is kept in a
 * variable.
 */
import type { Greeting, Progress, Refusal, Tile } from '../said.ts'

/** A refusal of the server, with its message. */
export class Refused extends Error {
  readonly ended: boolean
  constructor(said: string, ended: boolean) {
    super(said)
    this.ended = ended
  }
}

let key = ''

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

export function forget(): void {
  key = ''
}

export async function ask<T = unknown>(what: string, body: object): Promise<T> {
  const response = await post(what, body)
  return (await response.json()) as T
}

export function beat(): Promise<Progress> {
  return ask<Progress>('beat', {})
}

export interface SeenTile extends Tile {
  /** Grey, row-major; empty where there is no preview. */
  readonly cells: Uint8Array
}

export async function tiles(view: number, from: number, count: number): Promise<SeenTile[]> {
  const bytes = await (await post('tiles', { view, from, count })).arrayBuffer()
  const length = new DataView(bytes).getUint32(0, true)
  const listed = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as Tile[]
  let at = 4 + length
  return listed.map((tile) => {
    const size = tile.w * tile.h
    const cells = new Uint8Array(bytes, at, size)
    at += size
    return { ...tile, cells }
  })
}

export async function bytesOf(what: string, body: object): Promise<ArrayBuffer> {
  return (await post(what, body)).arrayBuffer()
}

/** Sends without waiting for the answer: the page may be closing. */
export function tell(what: string, body: object): void {
  void request(what, body, true).catch(() => undefined)
}

async function post(what: string, body: object): Promise<Response> {
  const response = await request(what, body, false)
  if (response.ok) return response
  const said = (await response.json()) as Refusal
  throw new Refused(said.refused, said.ended === true || response.status === 401 || response.status === 403)
}

function request(what: string, body: object, keepalive: boolean): Promise<Response> {
  return fetch(`/api/${what}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    cache: 'no-store',
    keepalive,
  })
}
