/**
 * The loop of a child: load, confine, answer one job at a time until the pipe ends.
 *
 * Reads and writes block deliberately. The child has one job at a time, and a blocking read is one copy from the kernel
 * into memory of the right size.
 */

import { createHash } from 'node:crypto'
import { detailOf } from '../../formats/bytes/coded-error.ts'
import { isMemoryError } from '../../formats/bytes/memory-error.ts'
import { receive, send } from '../../process/blocking-channel.ts'
import { dropRoot } from '../../process/drop-root.ts'
import { type Frame, NOTHING } from '../../process/frame.ts'
import { takeHanded } from '../../process/handing.ts'
import { watchParent } from '../../process/watch.ts'
import { FEED_FD, type Hello, type JobHeader, SESSION } from '../../wire/session.ts'
import type { Failed, Ready } from '../../wire/session-reply.ts'
import { probe } from '../probe/probe.ts'
import type { Op, OpRun } from './op.ts'
import { type SourceOfPassed, sourceOfInherited } from './passed-source.ts'

/** Limits of the first frame, which contains models and their thresholds. */
const HELLO_LIMITS = { headerBytes: 1 << 20, payloadBytes: 0 }

export async function serve(ops: readonly Op[]): Promise<void> {
  const first = receive(HELLO_LIMITS)
  if (!first) return
  const hello = first.header as Hello
  await watchParent(hello.parentPid)
  const runs = new Map<string, OpRun>()
  for (const op of ops) {
    if (hello.ops.includes(op.name)) runs.set(op.name, await op.prepare(hello.config[op.name]))
  }
  const sourceOf = await sourceOfInherited(hello.inherits)
  const rootDropped = dropRoot(hello.becomeId)
  const ready: Ready = { rootDropped, probed: hello.probe && (await probe(hello.probe)) }
  send({ type: SESSION.ready, job: 0 }, ready)
  for (;;) {
    const frame = receive(hello.limits)
    if (frame === null) process.exit(0)
    await answer(runs, sourceOf, frame)
  }
}

async function answer(
  runs: ReadonlyMap<string, OpRun>,
  sourceOf: SourceOfPassed,
  { job, header, payload }: Frame,
): Promise<void> {
  const { op, header: request, sha256, lent, handedBytes } = header as JobHeader
  const say = (type: number, what: unknown, bytes: Buffer = NOTHING) => send({ type, job }, what, bytes)
  const failed = (how: Failed) => say(SESSION.failed, how)
  const run = runs.get(op)
  if (!run) throw new Error(`this child has no operation "${op}"`)
  const bytes = handedBytes === null ? payload : takeHanded(FEED_FD, handedBytes)
  if (bytes === null || (sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== sha256))
    return failed({ reason: 'digest-mismatch', detail: null })
  try {
    const reply = await run({
      header: request,
      bytes,
      lent: lent && sourceOf(lent),
      emit: (part, bytes) => say(SESSION.part, part, bytes),
    })
    say(SESSION.done, reply.header, reply.bytes)
  } catch (error) {
    // A bug of ours, not damage in the content: it must not hide as "undecodable".
    if (error instanceof ReferenceError || isOfTheProgram(error)) throw error
    failed({
      reason: isMemoryError(error) ? 'out-of-memory' : 'decode-failed',
      detail: detailOf(error),
    })
  }
}

/** A part of the program cannot be loaded: contents that this child fails to decode for that reason are not damaged. */
function isOfTheProgram(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(String(code))
}
