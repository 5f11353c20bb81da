/** Starts a child process in a session of its own, with a socket for messages. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { CHANNEL_FD } from './frame.ts'

export interface SpawnOptions {
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** `pipe`: a stream of {@link Spawned.inherited}, a number: a descriptor of ours that it inherits. From 4 on. */
  readonly inherit?: readonly ('pipe' | number)[]
  readonly stdin?: 'ignore' | 'pipe'
  readonly stdout?: 'ignore' | 'pipe'
}

export interface Spawned {
  readonly process: ChildProcess
  readonly channel: Socket
  readonly stderr: Readable
  /** The sockets of stdio entries `pipe`, in order. */
  readonly sockets: readonly Socket[]
  /** It stopped for a debugger: no time limit applies. */
  readonly inspected: boolean
  /** Kills the process and its descendants, without waiting: inside a call that never returns it cannot even die. */
  kill(): void
}

export function spawnProcess({
  command,
  env,
  inherit = [],
  stdin = 'ignore',
  stdout = 'ignore',
}: SpawnOptions): Spawned {
  const child = spawn(command[0]!, command.slice(1), {
    stdio: [stdin, stdout, 'pipe', 'pipe', ...inherit],
    env,
    cwd: '/',
    // A session of its own: Ctrl-C pauses the run, and must not end its helpers. It leads a process group, too.
    detached: true,
  })
  const channel = child.stdio[CHANNEL_FD] as Socket
  const sockets = inherit.flatMap((what, i) =>
    what === 'pipe' ? [child.stdio[CHANNEL_FD + 1 + i] as Socket] : [],
  )
  // A broken socket shows as the end of the process; the error itself adds no information.
  for (const stream of [channel, ...sockets]) stream.on('error', () => {})
  const kill = () => killGroup(child.pid)
  return { process: child, channel, stderr: child.stderr!, sockets, inspected: false, kill }
}

/** The process has a group of its own, so its descendants end with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // The group is empty.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
