/** Tries forbidden actions in a child with its final confinement. It removes what it created, if possible. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
} from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { ATTEMPTS, type Attempt, type ProbeHeader, type ProbeReply } from '../../wire/probe.ts'

export async function probe({ folder, parentPid }: ProbeHeader): Promise<ProbeReply> {
  const [open, sealed] = [join(folder, 'open'), join(folder, 'sealed')]
  const made = (name: string) => join(folder, name)
  const tries: Record<Attempt, () => void | Promise<void>> = {
    'create a file': () => opened(made('file'), 'w'),
    'open a file for writing': () => opened(open, 'r+'),
    'truncate a file': () => truncateSync(open),
    'change the mode of a file': () => chmodSync(sealed, 0o666),
    'set the times of a file': () => utimesSync(open, 0, 0),
    'link a file': () => linkSync(open, made('link')),
    'make a symbolic link': () => symlinkSync(open, made('symlink')),
    'make a folder': () => mkdirSync(made('folder')),
    'rename a file': () => renameSync(open, made('renamed')),
    'remove a file': () => unlinkSync(sealed),
    'read a file that everybody may read': () => void readFileSync(sealed),
    'read /etc/passwd': () => void readFileSync('/etc/passwd'),
    'list a folder': () => void readdirSync(folder),
    'run /bin/sh': run,
    // No process listens at port 1 or at that path. A confined child fails before it could learn that.
    'connect by TCP': () => connected({ host: '127.0.0.1', port: 1 }),
    'connect to a UNIX socket': () => connected({ path: made('socket') }),
    'signal the main process': () => void process.kill(parentPid, 0),
    "read the main process's environment": () => void readFileSync(`/proc/${parentPid}/environ`),
    "open the main process's memory for writing": () => opened(`/proc/${parentPid}/mem`, 'r+'),
  }
  const reply: Record<string, string> = {}
  // Reading is tried first, before later trials may remove the files.
  for (const name of (Object.keys(ATTEMPTS) as Attempt[]).toSorted(readingFirst))
    reply[name] = await outcome(tries[name])
  return reply as ProbeReply
}

function readingFirst(a: Attempt, b: Attempt): number {
  return Number(ATTEMPTS[a] === 'writing') - Number(ATTEMPTS[b] === 'writing')
}

async function outcome(attempt: () => void | Promise<void>): Promise<string> {
  try {
    await attempt()
    return 'done'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error'
  }
}

function opened(path: string, flags: string): void {
  closeSync(openSync(path, flags))
}

function run(): void {
  const { error } = spawnSync('/bin/sh', ['-c', 'exit 0'], { stdio: 'ignore' })
  if (error) throw error
}

function connected(options: NetConnectOpts): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(options)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}
