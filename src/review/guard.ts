/**
 * Checks every request before its route runs: it must be for this address, from this page, with the session's key. The
 * attackers are another page in the same browser, and another account or program on the same machine.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Limit of a request body. */
export const MOST_BODY_BYTES = 64 * 1024

export type Refused =
  | 'method'
  | 'host'
  | 'origin'
  | 'site'
  | 'destination'
  | 'type'
  | 'token'
  | 'size'
  | 'path'
  /** Not a request of a route: it could not be parsed, took too long, or exceeded the number of connections. */
  | 'malformed'
  | 'slow'
  | 'connections'

export const STATUS_OF: Readonly<Record<Refused, number>> = {
  method: 405,
  host: 403,
  origin: 403,
  site: 403,
  destination: 403,
  type: 415,
  token: 401,
  size: 413,
  path: 404,
  malformed: 400,
  slow: 408,
  connections: 503,
}

/**
 * Headers of every answer, including refusals. No `img-src`, no `media-src`: the browser gets nothing to keep or to
 * offer for saving.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Permissions-Policy':
    'accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; img-src 'none'; media-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}

/** 32 random bytes, as text. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares in constant time. */
export function isSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}

export function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer ([\w-]{1,100})$/.exec(headers.authorization ?? '')?.[1] ?? ''
}

/**
 * @param authority `127.0.0.1:PORT`, or where a case is served
 * @param fromFile true: the browser may come from a file that redirects to the page (`--open`), which it treats as
 * another site
 * @returns null when the route may run
 */
export function refusedBecause(
  request: IncomingMessage,
  authority: string,
  fromFile: boolean,
  scheme: 'http' | 'https' = 'http',
): Refused | null {
  const { method, headers, url } = request
  if (headers.host !== authority) return 'host'
  if (method !== 'GET' && method !== 'POST') return 'method'
  if (headers.origin !== undefined && headers.origin !== `${scheme}://${authority}`) return 'origin'
  const site = headers['sec-fetch-site']
  const isStart = method === 'GET' && url === '/'
  const isLed =
    fromFile && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (site !== undefined && site !== 'same-origin' && !(isStart && (site === 'none' || isLed))) return 'site'
  if (method === 'GET') return null
  const destination = headers['sec-fetch-dest']
  if (destination !== undefined && destination !== 'empty') return 'destination'
  if (headers['content-type'] !== 'application/json') return 'type'
  return Number(headers['content-length'] ?? 0) > MOST_BODY_BYTES ? 'size' : null
}
