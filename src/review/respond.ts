/** Reads a request's body and writes an answer, both limited in size and never cached. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEADERS, MOST_BODY_BYTES, type Refused } from './guard.ts'

export function send(response: ServerResponse, status: number, type: string, bytes: Buffer): void {
  if (response.headersSent) return
  response.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': bytes.length })
  response.end(bytes)
}

/** Sends each piece as it comes, and overwrites it once it has left; ends when the peer has gone. */
export async function sendPieces(response: ServerResponse, pieces: AsyncIterable<Buffer>): Promise<void> {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/octet-stream' })
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()))
  for await (const piece of pieces) {
    if (response.destroyed) {
      piece.fill(0)
      break
    }
    const isRoom = response.write(piece, () => piece.fill(0))
    if (!isRoom)
      await Promise.race([new Promise<void>((resolve) => response.once('drain', () => resolve())), closed])
  }
  response.end()
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(value)))
}

/** The JSON object of a body, or the reason for a refusal. Null when the sender went away. */
export async function bodyOf(
  request: IncomingMessage,
): Promise<{ readonly body: Readonly<Record<string, unknown>> } | Refused | null> {
  const bytes = await bytesOf(request)
  if (bytes === null || bytes === 'size') return bytes
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'type'
    return { body: value as Readonly<Record<string, unknown>> }
  } catch (error) {
    if (error instanceof SyntaxError) return 'type'
    throw error
  }
}

/** Not with `for await`: leaving that loop destroys the connection, and the refusal would not arrive. */
function bytesOf(request: IncomingMessage): Promise<Buffer | 'size' | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let bytes = 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= MOST_BODY_BYTES) pieces.push(piece)
      else resolve('size')
    })
    request.once('end', () => resolve(Buffer.concat(pieces)))
    request.once('close', () => resolve(null))
    request.once('error', () => resolve(null))
  })
}
