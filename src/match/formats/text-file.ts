/** Writes text to a file that appears under its name when complete, and knows its SHA-256. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'

const FLUSH_CHARACTERS = 256 * 1024

export class TextFile {
  readonly #path: string
  readonly #unfinished: string
  readonly #fd: number
  readonly #hash = createHash('sha256')
  #parts: string[] = []
  #characters = 0

  constructor(path: string) {
    this.#path = path
    this.#unfinished = `${path}.unfinished`
    try {
      this.#fd = openSync(this.#unfinished, 'wx', 0o600)
    } catch (cause) {
      throw new UsageError(`${path} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, { cause })
    }
  }

  write(text: string): void {
    this.#parts.push(text)
    this.#characters += text.length
    if (this.#characters >= FLUSH_CHARACTERS) this.#flush()
  }

  /** @returns SHA-256 of the file */
  finish(): string {
    this.#flush()
    fsyncSync(this.#fd)
    closeSync(this.#fd)
    renameSync(this.#unfinished, this.#path)
    return this.#hash.digest('hex')
  }

  abandon(): void {
    closeSync(this.#fd)
    rmSync(this.#unfinished, { force: true })
  }

  #flush(): void {
    const bytes = Buffer.from(this.#parts.join(''))
    this.#parts = []
    this.#characters = 0
    this.#hash.update(bytes)
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done)
  }
}
