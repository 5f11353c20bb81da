/** `seized review` as a process, and its page as a program asks it: what is revealed and decided goes over its own protocol. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { BIN } from './seized.ts'

export interface StartedReview {
  readonly url: URL
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** Standard output so far. */
  readonly said: () => string
}

export interface RunningReview extends StartedReview {
  /** Of the session: what an enemy would have to know. */
  readonly key: string
  readonly post: (what: string, body?: object) => Promise<Response>
}

/** Nobody has opened its page yet. @param before a program that starts it, with its arguments */
export async function startReview(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  before: readonly string[] = [],
): Promise<StartedReview> {
  const [program, ...rest] = [...before, process.execPath, BIN, 'review', ...args]
  const child = spawn(program!, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let [text, said] = ['', '']
  child.stderr.on('data', (piece: Buffer) => {
    text += piece
  })
  const url = await new Promise<URL>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      text += piece
      said += piece
      const found = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(said)
      if (found) resolve(new URL(found[0]))
    })
    void ended.then(() => reject(new Error(text)))
  })
  return { url, child, ended, said: () => said }
}

/** Its page is open. */
export async function openReview(...given: Parameters<typeof startReview>): Promise<RunningReview> {
  const started = await startReview(...given)
  const { url } = started
  let key = url.hash.slice(1)
  const post = (what: string, body: object = {}) =>
    fetch(`${url.origin}/api/${what}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    })
  key = ((await (await post('hello')).json()) as { key: string }).key
  return { ...started, key, post }
}

export interface Shown {
  readonly head: {
    readonly number: number
    readonly channels: number
    readonly frames: { width: number; height: number }[]
  }
  readonly pixels: Buffer
}

export async function shown(response: Response): Promise<Shown> {
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status !== 200) throw new Error(bytes.toString())
  const length = bytes.readUInt32LE(0)
  return { head: JSON.parse(bytes.toString('utf8', 4, 4 + length)), pixels: bytes.subarray(4 + length) }
}

export const reveals = (path: string) =>
  readCustody(path).flatMap(({ event, detail, fact, number }) =>
    fact?.kind === 'reveal' ? [{ number, event, why: detail.why, by: detail.by, ...fact }] : [],
  )
