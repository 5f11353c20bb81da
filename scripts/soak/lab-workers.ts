/** The workers of a soak: started, killed, frozen and started again; none may end by itself as a bug. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { BIN } from './lab-made.ts'

export class Workers {
  readonly #hosts: ReadonlyMap<string, string>
  readonly #running = new Map<string, ChildProcess>()
  readonly #killed = new WeakSet<ChildProcess>()
  /** Workers that ended by themselves, in words: a host continues whatever the database says. */
  readonly ended: string[] = []

  constructor(hosts: ReadonlyMap<string, string>) {
    this.#hosts = hosts
  }

  begin(name: string): void {
    const words = ['lab', 'work', '--workers', '1', '--config', this.#hosts.get(name)!]
    const child = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-2000)
    })
    child.on('close', (code, signal) => {
      if (!this.#killed.has(child)) this.ended.push(`${name}: exit ${code ?? signal}; ${said.trim()}`)
    })
    this.#running.set(name, child)
  }

  /** Starts those again that are not there. */
  keep(): void {
    for (const name of this.#hosts.keys()) if (!isRunning(this.#running.get(name))) this.begin(name)
  }

  /** As a crash of the machine ends it. */
  kill(name: string): Promise<void> {
    return this.#end(name, 'SIGKILL')
  }

  freeze(name: string, frozen: boolean): void {
    this.#running.get(name)?.kill(frozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await Promise.all([...this.#hosts.keys()].map((name) => this.#end(name, signal)))
  }

  async #end(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#running.get(name)
    if (!child || !isRunning(child)) return
    this.#killed.add(child)
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.kill(signal)
    await ended
  }
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null
}

/** Processes of this machine whose command line names `text`, as `PID COMMAND`. */
export function processesNaming(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'))
}

/** Sends a signal to a process that may have ended since. */
export function signalled(line: string, signal: NodeJS.Signals): void {
  try {
    process.kill(Number.parseInt(line, 10), signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
