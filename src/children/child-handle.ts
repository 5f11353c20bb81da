/** The main process's side of one child: its pipe, its deadline, what it prints, and what its end means. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { printable } from '../base/printable.ts'
import type { ReasonCode } from '../base/reasons.ts'
import {
  BrokenFrame,
  type Frame,
  FrameDecoder,
  type FrameLimits,
  frameParts,
  PIPE_FD,
} from '../process/frame.ts'
import type { ChildFrame, Hello, JobFrame } from '../wire/session.ts'
import { childEnvironment, type Launcher, NOBODY } from './confine.ts'
import type { Job } from './job.ts'
import { Printed } from './printed.ts'
import { cpuMsOf, dataBytesOf } from './proc.ts'

export interface ChildSetup {
  readonly launcher: Launcher
  readonly entry: string
  readonly dataBytes: number
  readonly ops: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly limits: FrameLimits
  readonly wallMs: number
  readonly fd: number | undefined
}

export interface ChildEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly printed: readonly string[]
}

export type ChildAnswer =
  | {
      readonly kind: 'reply'
      readonly header: unknown
      readonly bytes: Buffer
      readonly warnings: readonly string[]
    }
  | {
      readonly kind: 'failed'
      readonly reason: ReasonCode
      readonly detail: string
      readonly warnings: readonly string[]
    }
  /** Not the child's doing: `onPart` threw. */
  | { readonly kind: 'threw'; readonly error: unknown }

interface Current {
  readonly job: Job
  readonly attempt: number
  readonly cpuMs: number
  readonly cpuAtStart: number | null
  wallLeftMs: number
  readonly settle: (answer: ChildAnswer) => void
}

const READY_MS = 120_000
const POLL_MS = 100
/** Past this share of the cap a child is replaced between jobs. */
const BLOATED_SHARE = 0.6
const NOTHING = Buffer.alloc(0)

export class Child {
  readonly ready: Promise<{ ok: true; rootDropped: boolean } | { ok: false; end: ChildEnd }>
  readonly ended: Promise<ChildEnd>
  jobsDone = 0

  private readonly setup: ChildSetup
  private readonly process: ChildProcess
  private readonly pipe: Socket
  private readonly decoder: FrameDecoder
  private readonly poll: NodeJS.Timeout
  private readonly printed: Printed
  private current: Current | null = null
  private end: ChildEnd | null = null
  /** Why we killed it, when we did. */
  private verdict: { readonly reason: ReasonCode; readonly detail: string } | null = null
  private parts: Promise<void> = Promise.resolve()
  private partsThrew: { readonly error: unknown } | null = null
  private peakDataBytes = 0
  private onReady: ((rootDropped: boolean) => void) | null = null

  constructor(setup: ChildSetup) {
    this.setup = setup
    const [program, args] = setup.launcher.command(setup.dataBytes, [process.execPath, setup.entry])
    this.process = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...(setup.fd === undefined ? [] : [setup.fd])],
      env: childEnvironment(),
      cwd: '/',
      // A session of its own: Ctrl-C pauses the run, and must not look like a crash of every child.
      detached: true,
    })
    this.pipe = this.process.stdio[PIPE_FD] as Socket
    this.decoder = new FrameDecoder(setup.limits)
    this.pipe.on('data', (chunk: Buffer) => this.receive(chunk))
    // A broken pipe shows as the child's end; the error itself says nothing more.
    this.pipe.on('error', () => {})
    this.printed = new Printed([this.process.stdout, this.process.stderr])
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => this.finish({ code: null, signal: null }, error.message, resolve))
      // `close`, not `exit`: everything that it wrote has been read by then.
      this.process.once('close', (code, signal) => this.finish({ code, signal }, null, resolve))
    })
    const startTimer = setTimeout(() => this.process.kill('SIGKILL'), READY_MS)
    const answered = new Promise<{ ok: true; rootDropped: boolean }>((resolve) => {
      this.onReady = (rootDropped) => resolve({ ok: true, rootDropped })
    })
    this.ready = Promise.race([answered, this.ended.then((end) => ({ ok: false as const, end }))]).finally(
      () => clearTimeout(startTimer),
    )
    this.poll = setInterval(() => this.checkDeadline(), POLL_MS)
    this.hello()
  }

  get usable(): boolean {
    return this.end === null && this.verdict === null && this.current === null
  }

  isBloated(): boolean {
    return (dataBytesOf(this.process.pid) ?? 0) > this.setup.dataBytes * BLOATED_SHARE
  }

  run(job: Job, cpuMs: number, attempt: number): Promise<ChildAnswer> {
    this.jobsDone++
    return new Promise((settle) => {
      this.current = {
        job,
        attempt,
        cpuMs,
        cpuAtStart: cpuMsOf(this.process.pid),
        wallLeftMs: Math.max(this.setup.wallMs, cpuMs),
        settle,
      }
      this.printed.clear()
      if (this.end !== null) return this.settleByEnd(this.end)
      const { op, header, sha256 } = job
      const frame: JobFrame = { type: 'job', op, header, sha256, hasFile: job.fd !== undefined }
      this.write(frame, job.bytes)
    })
  }

  async kill(): Promise<void> {
    this.verdict ??= { reason: 'not-reached', detail: '' }
    if (this.end === null) this.process.kill('SIGKILL')
    await this.ended
  }

  private hello(): void {
    const { ops, config, limits, launcher } = this.setup
    const root = process.getuid?.() === 0 && launcher !== null
    const hello: Hello = {
      type: 'hello',
      parentPid: process.pid,
      ops,
      config,
      limits,
      becomeId: root ? NOBODY : null,
    }
    this.write(hello, NOTHING)
  }

  private write(header: unknown, payload: Buffer): void {
    this.pipe.cork()
    for (const part of frameParts(header, payload)) this.pipe.write(part)
    this.pipe.uncork()
  }

  private receive(chunk: Buffer): void {
    if (this.verdict !== null) return
    try {
      for (const frame of this.decoder.push(chunk)) this.accept(frame)
    } catch (error) {
      if (!(error instanceof BrokenFrame)) throw error
      this.condemn('decoder-crashed', `the decoding process broke the protocol: ${error.message}`)
    }
  }

  private accept(frame: Frame): void {
    const header = frame.header as ChildFrame | null
    const current = this.current
    if (header?.type === 'ready' && this.onReady) {
      this.onReady(header.rootDropped === true)
      this.onReady = null
    } else if (header?.type === 'part' && current?.job.onPart) {
      this.queuePart(current, header.header, frame.payload)
    } else if (header?.type === 'done' && current) {
      const { header: reply } = header
      this.settle(() => ({
        kind: 'reply',
        header: reply,
        bytes: frame.payload,
        warnings: this.printed.lines(),
      }))
    } else if (header?.type === 'failed' && current) {
      const reason = FAILURES.find((known) => known === header.reason)
      if (!reason) throw new BrokenFrame('an unknown failure')
      const detail = printable(String(header.detail))
      this.settle(() => ({ kind: 'failed', reason, detail, warnings: this.printed.lines() }))
    } else {
      throw new BrokenFrame('a frame out of turn')
    }
  }

  /** Pieces are handled one after the other; the pipe stands still meanwhile, so memory stays bounded. */
  private queuePart(current: Current, header: unknown, bytes: Buffer): void {
    this.pipe.pause()
    this.parts = this.parts.then(async () => {
      try {
        if (!this.partsThrew) await current.job.onPart?.(header, bytes, current.attempt)
      } catch (error) {
        this.partsThrew = { error }
        this.condemn('not-reached', '')
      }
      this.pipe.resume()
    })
  }

  /** @param answer called when everything that was printed before it has been read */
  private settle(answer: () => ChildAnswer): void {
    const current = this.current
    if (!current) return
    this.current = null
    // After the pieces that came before it, and overruled by what one of them threw.
    this.parts = this.parts.then(async () => {
      // What it printed lies in other pipes, written before the answer: this turn of the event loop reads them all.
      await new Promise((resolve) => setImmediate(resolve))
      const threw = this.partsThrew
      current.settle(threw ? { kind: 'threw', error: threw.error } : answer())
    })
  }

  private checkDeadline(): void {
    const current = this.current
    if (!current || this.verdict !== null) return
    this.peakDataBytes = Math.max(this.peakDataBytes, dataBytesOf(this.process.pid) ?? 0)
    const now = cpuMsOf(this.process.pid)
    const usedMs = now === null || current.cpuAtStart === null ? null : now - current.cpuAtStart
    // A pause that we caused (a slow onPart) is not the child's.
    if (!this.pipe.isPaused()) current.wallLeftMs -= POLL_MS
    if (usedMs !== null && usedMs > current.cpuMs) {
      this.condemn('over-time-limit', `over ${current.cpuMs} ms of CPU time`)
    } else if (current.wallLeftMs <= 0) {
      this.condemn('over-time-limit', `no answer in ${Math.max(this.setup.wallMs, current.cpuMs)} ms`)
    }
  }

  private condemn(reason: ReasonCode, detail: string): void {
    this.verdict ??= { reason, detail }
    this.process.kill('SIGKILL')
    this.pipe.resume()
  }

  private finish(
    end: Omit<ChildEnd, 'printed'>,
    message: string | null,
    resolve: (end: ChildEnd) => void,
  ): void {
    if (this.end !== null) return
    clearInterval(this.poll)
    this.end = {
      ...end,
      printed: [...(message === null ? [] : [printable(message)]), ...this.printed.lines()],
    }
    this.pipe.destroy()
    if (this.current) this.settleByEnd(this.end)
    resolve(this.end)
  }

  private settleByEnd(end: ChildEnd): void {
    const verdict = this.verdict ?? this.meaningOf(end)
    this.settle(() => ({ kind: 'failed', ...verdict, warnings: end.printed }))
  }

  /** A process that ended by itself inside a job. Allocators that give up say so on stderr before they abort. */
  private meaningOf(end: ChildEnd): { reason: ReasonCode; detail: string } {
    const how = end.signal ? `signal ${end.signal}` : `exit code ${end.code}`
    const starved =
      end.printed.some((line) => MEMORY_WORDS.test(line)) || this.peakDataBytes > this.setup.dataBytes * 0.9
    return starved
      ? { reason: 'out-of-memory', detail: `${how}, with ${this.setup.dataBytes} bytes allowed` }
      : { reason: 'decoder-crashed', detail: how }
  }
}

const FAILURES = ['digest-mismatch', 'out-of-memory', 'decode-failed'] as const

const MEMORY_WORDS =
  /out of memory|bad_alloc|failed to allocate|Cannot allocate memory|allocation failed|Committing semi space failed|ENOMEM/i
