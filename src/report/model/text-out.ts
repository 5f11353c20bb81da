/**
 * Writes text to a stream in large pieces and waits whenever the stream is full: memory use is constant at any ledger
 * size.
 */
import type { Writable } from 'node:stream'

// Large enough to make a call for each line cheap, small enough to need little memory.
const PIECE_CHARACTERS = 64 * 1024

/** Runs `body` with a TextOut over `out` and flushes its text; `out` stays open. @throws the stream's error */
export async function withText(out: Writable, body: (text: TextOut) => Promise<void>): Promise<void> {
  const text = new TextOut(out)
  try {
    await body(text)
    await text.flush()
  } finally {
    text.release()
  }
}

/** Writes bytes in pieces, one at a time. @throws the stream's error */
export async function writeBytes(out: Writable, bytes: Buffer): Promise<void> {
  const onError = (): void => {}
  out.on('error', onError)
  try {
    for (let at = 0; at < bytes.length; at += PIECE_CHARACTERS)
      await new Promise<void>((resolve, reject) => {
        out.write(bytes.subarray(at, at + PIECE_CHARACTERS), (error) => (error ? reject(error) : resolve()))
      })
  } finally {
    out.off('error', onError)
  }
}

export class TextOut {
  readonly #out: Writable
  #pieces: string[] = []
  #characters = 0
  #error: Error | null = null
  readonly #onError = (error: Error): void => {
    this.#error = error
  }

  constructor(out: Writable) {
    this.#out = out
    out.on('error', this.#onError)
  }

  /** @throws the stream's error, if it has one */
  async write(text: string): Promise<void> {
    this.#pieces.push(text)
    this.#characters += text.length
    if (this.#characters >= PIECE_CHARACTERS) await this.flush()
  }

  release(): void {
    this.#out.off('error', this.#onError)
  }

  async flush(): Promise<void> {
    const text = this.#pieces.join('')
    this.#pieces = []
    this.#characters = 0
    if (this.#error) throw this.#error
    if (text.length === 0) return
    await new Promise<void>((resolve, reject) => {
      // The callback runs when the piece was accepted, so the stream's buffer never contains more than one piece.
      this.#out.write(text, 'utf8', (error) => (error ? reject(error) : resolve()))
    })
  }
}
