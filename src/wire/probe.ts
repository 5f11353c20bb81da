/** The attempts that a child makes before its first job, to measure its confinement, and their results. */
import type { FrameLimits } from '../process/frame.ts'

/** The resource that an attempt is made on. */
export type Guarded = 'writing' | 'reading' | 'programs' | 'network' | 'signals' | 'memory'

export interface ProbeHeader {
  /** Folder in which every account may write; contains the files `open` (mode 666) and `sealed` (mode 444). */
  readonly folder: string
  readonly parentPid: number
}

/** `done`, or the error code of the attempt. */
export type ProbeReply = Readonly<Record<Attempt, string>>

export const ATTEMPTS = {
  'create a file': 'writing',
  'open a file for writing': 'writing',
  'truncate a file': 'writing',
  'rename a file': 'writing',
  'remove a file': 'writing',
  'change the mode of a file': 'writing',
  'set the times of a file': 'writing',
  'link a file': 'writing',
  'make a symbolic link': 'writing',
  'make a folder': 'writing',
  'read a file that everybody may read': 'reading',
  'read /etc/passwd': 'reading',
  'list a folder': 'reading',
  'run /bin/sh': 'programs',
  'connect by TCP': 'network',
  'connect to a UNIX socket': 'network',
  'signal the main process': 'signals',
  "read the main process's environment": 'memory',
  "open the main process's memory for writing": 'memory',
} as const satisfies Record<string, Guarded>

export type Attempt = keyof typeof ATTEMPTS

/** Messages of the process that only tries, with the confinement of those that list, walk or read. */
export const PROBE_FRAME = {
  /** main → process, first and only: {@link ProbeSetUp}. */
  setUp: 1,
  /** process → main: ready, as from every decoder. */
  ready: 16,
} as const

export interface ProbeSetUp {
  /** uid and gid to change to; null: keep the account. */
  readonly becomeId: number | null
  readonly probe: ProbeHeader
}

export const PROBE_LIMITS: FrameLimits = { headerBytes: 64 * 1024, payloadBytes: 0 }
