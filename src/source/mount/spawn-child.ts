/** Starts a process that touches the exhibit: one socket to talk over, one for heartbeats, and nothing of ours besides. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { programFile } from '../../base/program-file.ts'
import { CHANNEL_FD, HEARTBEAT_FD } from '../../process/channel.ts'

export interface SourceChild {
  readonly process: ChildProcess
  readonly channel: Socket
  readonly heartbeats: Socket
  /** Kills without waiting: a process inside a call that never returns may not even die. */
  leave(): void
}

// Nothing of the parent's environment decides a result, and nothing of it belongs in a process that reads an exhibit.
const ENVIRONMENT = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']

// Megabytes for young objects. What these processes make is short-lived, and by default the room for it grows to 48 MB.
const YOUNG = '--max-semi-space-size=2'

/** @param entry of the built code, also from tests: a child is started from JavaScript */
export function spawnChild(entry: 'reader-child' | 'walk-child'): SourceChild {
  const process = spawn(globalThis.process.execPath, [YOUNG, programFile(entry)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: Object.fromEntries(
      ENVIRONMENT.flatMap((name) => {
        const value = globalThis.process.env[name]
        return value ? [[name, value]] : []
      }),
    ),
    cwd: '/',
    // A session of its own: Ctrl-C pauses the run, and must not end what is being read.
    detached: true,
  })
  const channel = process.stdio[CHANNEL_FD] as Socket
  const heartbeats = process.stdio[HEARTBEAT_FD] as Socket
  // A broken pipe is the other side of an end that `close` reports.
  for (const stream of [channel, heartbeats]) stream.on('error', () => {})
  return {
    process,
    channel,
    heartbeats,
    leave() {
      process.kill('SIGKILL')
      for (const stream of [channel, heartbeats, process.stderr!]) stream.destroy()
      process.unref()
    },
  }
}
