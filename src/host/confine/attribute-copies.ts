/**
 * Makes empty copies of files with their extended attributes in memory, for a process that walks or reads a mount and
 * may not create files.
 * An attribute may contain a picture, so a copy is never written to a disk. This process parses no attribute.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readlinkSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type ByteString, byteString } from '../../base/byte-string.ts'
import { contains } from '../../mounts/mounts.ts'
import { COPY_ATTRIBUTES, IN_MEMORY, O_PATH } from '../../mounts/text-path.ts'
import { ANSWER_HEAD_BYTES, RELEASED, REQUEST_BYTES } from '../../wire/attribute-copies.ts'

/** Only of a regular file: opening a device can change its state, and opening a pipe waits for a writer. */
const COPY = ['-c', '[ -f /proc/self/fd/3 ] && exec "$@"', 'sh', 'cp', ...COPY_ATTRIBUTES]
/** fs.nr_open of Linux by default. */
const MOST_DESCRIPTORS = 1 << 20
const MOST_SAID = 1000

interface Asked {
  /** The process that asks; its descriptors are opened again by their numbers. */
  readonly pid: number | undefined
  /** Real path of the mount: files elsewhere are not copied. */
  readonly root: ByteString
}

export function serveAttributeCopies(socket: Socket, asked: Asked): void {
  let waiting: Buffer = Buffer.alloc(0)
  let copy: Copy | null = null
  let isCopying = false
  const release = () => {
    copy?.end()
    copy = null
  }
  const answer = (made: boolean, said: string) => {
    isCopying = false
    const text = Buffer.from(said).subarray(0, MOST_SAID)
    const head = Buffer.alloc(ANSWER_HEAD_BYTES)
    head[0] = made ? 1 : 0
    head.writeUInt16LE(text.length, 1)
    if (!socket.destroyed) socket.write(Buffer.concat([head, text]))
  }
  socket.on('close', release)
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    // An honest process asks for one copy at a time and releases it.
    if (waiting.length > 2 * REQUEST_BYTES || (isCopying && waiting.length >= REQUEST_BYTES)) {
      socket.destroy()
      return
    }
    for (; waiting.length >= REQUEST_BYTES && !isCopying; waiting = waiting.subarray(REQUEST_BYTES)) {
      const fd = waiting.readUInt32LE(0)
      release()
      if (fd === RELEASED) continue
      isCopying = true
      copy = startCopy(asked, fd, answer)
    }
  })
}

/** @returns null when no copy was begun; the answer has the reason */
function startCopy(
  { pid, root }: Asked,
  fd: number,
  answer: (made: boolean, said: string) => void,
): Copy | null {
  let opened: number | null = null
  try {
    const at = `/proc/${pid}/fd/${fd}`
    if (fd >= MOST_DESCRIPTORS || !contains(root, byteString(readlinkSync(at, { encoding: 'buffer' }))))
      throw new Error('no descriptor of a file of the mount')
    opened = openSync(at, O_PATH)
    return new Copy(opened, answer)
  } catch (error) {
    answer(false, (error as Error).message)
    return null
  } finally {
    if (opened !== null) closeSync(opened)
  }
}

/** One copy: a folder in memory, and the process that writes it. */
class Copy {
  readonly #folder = mkdtempSync(join(IN_MEMORY, 'seized-'))
  readonly #process: ChildProcess

  constructor(opened: number, answer: (made: boolean, said: string) => void) {
    const copy = join(this.#folder, 'copy')
    this.#process = spawn('/bin/sh', [...COPY, copy], {
      stdio: ['ignore', 'ignore', 'pipe', opened],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      cwd: '/',
      detached: true,
    })
    let said = ''
    this.#process.stderr?.on('data', (text: Buffer) => {
      said += text.toString('latin1').slice(0, MOST_SAID - said.length)
    })
    let answered = false
    const once = (made: boolean, text: string) => {
      if (!answered) answer(made, text)
      answered = true
    }
    this.#process.once('error', (error) => once(false, error.message))
    this.#process.once('close', (code) =>
      code === 0 ? once(true, copy) : once(false, said.split('\n')[0] || 'it was not copied'),
    )
  }

  /** A process that hangs in a stuck mount is not waited for: it cannot even die. */
  end(): void {
    if (this.#process.exitCode === null) this.#process.kill('SIGKILL')
    this.#process.stderr?.destroy()
    this.#process.unref()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
