/**
 * The loop of a child: load, confine, answer one job at a time until the pipe ends.
 *
 * Reads and writes block on purpose. The child has one job at a time and nothing else to do, and a blocking read is
 * one copy from the kernel into memory of the right size.
 */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { programFile } from '../base/program-file.ts'
import { SMALL_CODE_RANGE } from '../process/code-range.ts'
import { FILE_FD, PIPE_FD, readFrame, writeFrame } from '../process/frame.ts'
import type { ChildFrame, Hello, JobFrame } from '../wire/session.ts'
import { isMemoryError } from './memory-error.ts'
import type { Op, OpRun } from './op.ts'

export async function serve(ops: readonly Op[]): Promise<void> {
  const hello = readFrame(PIPE_FD, { headerBytes: 1 << 20, payloadBytes: 0 })?.header as Hello | undefined
  if (!hello) return
  const watch = new Worker(programFile('parent-watch'), {
    workerData: { parentPid: hello.parentPid },
    resourceLimits: SMALL_CODE_RANGE,
  })
  await once(watch, 'online')
  const runs = new Map<string, OpRun>()
  for (const op of ops) {
    if (hello.ops.includes(op.name)) runs.set(op.name, await op.prepare(hello.config[op.name]))
  }
  send({ type: 'ready', rootDropped: dropRoot(hello.becomeId) })
  for (;;) {
    const frame = readFrame(PIPE_FD, hello.limits)
    if (frame === null) process.exit(0)
    await answer(runs, frame.header as JobFrame, frame.payload)
  }
}

async function answer(runs: ReadonlyMap<string, OpRun>, job: JobFrame, bytes: Buffer): Promise<void> {
  const run = runs.get(job.op)
  if (!run) throw new Error(`this child has no operation "${job.op}"`)
  if (job.sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== job.sha256) {
    send({ type: 'failed', reason: 'digest-mismatch', detail: '' })
    return
  }
  try {
    const reply = await run({
      header: job.header,
      bytes,
      fd: job.hasFile ? FILE_FD : null,
      emit: (header, part) => send({ type: 'part', header }, part),
    })
    send({ type: 'done', header: reply.header }, reply.bytes)
  } catch (error) {
    // A bug of ours, not damage in the content: it must not hide as "undecodable".
    if (error instanceof ReferenceError) throw error
    send({
      type: 'failed',
      reason: isMemoryError(error) ? 'out-of-memory' : 'decode-failed',
      detail: error instanceof Error ? error.message : String(error),
    })
  }
}

/** Gives root up for good, all groups included. Returns whether the process is not root now because of it. */
function dropRoot(id: number | null): boolean {
  if (id === null || process.getuid?.() !== 0) return false
  process.setgroups?.([])
  process.setgid?.(id)
  process.setuid?.(id)
  return process.getuid?.() === id && process.geteuid?.() === id && process.getegid?.() === id
}

const NOTHING = Buffer.alloc(0)

function send(frame: ChildFrame, payload: Buffer = NOTHING): void {
  writeFrame(PIPE_FD, frame, payload)
}
