/**
 * Tries the confinement of the processes that list, walk or read an exhibit: one process with exactly their rules makes every attempt
 * before the first of them gets an answer into the ledger.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type ByteString, byteString } from '../../base/byte-string.ts'
import { ProcessFailed } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'
import { contains } from '../../mounts/mounts.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import { BrokenFrame, frameParts } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { whileItMoves } from '../../process/moving.ts'
import { cpuMsOf } from '../../process/proc.ts'
import type { Attempt } from '../../wire/probe.ts'
import { PROBE_FRAME, PROBE_LIMITS, type ProbeSetUp } from '../../wire/probe.ts'
import { type Ready, readyReply } from '../../wire/session-reply.ts'
import { Unconfined } from './gate.ts'
import { confinementOf, inWords, Probing } from './held.ts'
import {
  IMAGE_DATA_BYTES,
  MOUNT_DATA_BYTES,
  type SourceChild,
  spawnImageChild,
  spawnMountChild,
} from './spawn-child.ts'
import { RIGHTS_TO_READ, tools } from './tools.ts'

/** A mount that hangs holds the process before it begins: then its CPU time stands still. */
const WAITS_MS = 30_000

/**
 * @param mount root of the mount; null: the exhibit is an image
 * @returns what holds, in words for the ledger
 * @throws Unconfined where an attempt on files succeeded; ProcessFailed where the process does not start
 */
export async function tryWall(
  mount: ByteString | null,
  allowUnconfined: boolean,
): Promise<Readonly<Record<string, string>>> {
  const probing = new Probing()
  const child = mount === null ? spawnImageChild('wall-probe', []) : spawnMountChild('wall-probe', mount)
  try {
    const ready = await readyOf(child, {
      becomeId: mount === null ? whoToBecome() : null,
      probe: probing.header,
    })
    const confinement = confinementOf(ready, {
      pid: child.process.pid!,
      untouched: probing.isUntouched(),
      tools: tools(),
      granted: mount === null ? [] : readBy(mount, probing.header.folder),
    })
    const { fileWritesRefused, fileReadsRefused } = confinement
    if (!(fileWritesRefused && fileReadsRefused) && !allowUnconfined) throw new Unconfined(confinement)
    const words = inWords(confinement, mount === null ? IMAGE_DATA_BYTES : MOUNT_DATA_BYTES)
    return mount === null || process.getuid?.() !== 0
      ? words
      : { ...words, rootDropped: rightsLeft(child.process.pid!) }
  } finally {
    child.leave()
    probing.end()
  }
}

/** Of root that reads a mount, which stays root. */
function rightsLeft(pid: number): string {
  const capabilities = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]!
  const isCut = (BigInt(`0x${capabilities}`) & ~RIGHTS_TO_READ) === 0n
  return `${isCut ? 'yes, but for the rights to read' : 'no'} (capabilities ${capabilities})`
}

/** Attempts to read files in the mount itself: for an exhibit mounted at `/` that is its `/etc/passwd`. */
function readBy(mount: ByteString, folder: string): readonly Attempt[] {
  return [
    ...(contains(mount, '/etc/passwd') ? (['read /etc/passwd'] as const) : []),
    ...(contains(mount, byteString(folder))
      ? (['read a file that everybody may read', 'list a folder'] as const)
      : []),
  ]
}

async function readyOf(child: SourceChild, setUp: ProbeSetUp): Promise<Ready> {
  let printed = ''
  child.stderr.on('data', (text: Buffer) => {
    printed = (printed + text.toString('latin1')).slice(-2000)
  })
  let ready: Ready | null = null
  const frames = new FrameDecoder({
    limitsOf({ type }) {
      if (type !== PROBE_FRAME.ready || ready !== null) throw new BrokenFrame('a frame out of turn')
      return PROBE_LIMITS
    },
    onFrame: ({ header }) => {
      ready = readyReply(header)
    },
  })
  const ended = once(child.process, 'exit')
  const answered = new Promise<void>((resolve, reject) => {
    child.channel.on('data', (chunk: Buffer) => {
      try {
        frames.push(chunk)
        if (ready !== null) resolve()
      } catch (error) {
        reject(error as Error)
      }
    })
  })
  for (const part of frameParts({ type: PROBE_FRAME.setUp, job: 0 }, setUp)) child.channel.write(part)
  await whileItMoves(Promise.race([answered, ended]), () => cpuMsOf(child.process.pid), WAITS_MS)
  if (ready === null) throw new ProcessFailed('read', lastWords('it did not begin', printed))
  return ready
}
