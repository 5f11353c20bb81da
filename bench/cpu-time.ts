/** CPU time of whole process trees, mount helpers included: by a control group of their own, which counts what ever ran in it. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'

const ROOTS = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup']

export class CpuGroup {
  readonly #folder: string

  /** @throws Error where no control group can be made: they need root */
  constructor(name: string) {
    const root = ROOTS.find((one) => existsSync(join(one, 'cgroup.procs')))
    if (root === undefined) throw new Error('CPU time needs control groups of version 2')
    this.#folder = join(root, `seized-bench-${process.pid}-${name}`)
    mkdirSync(this.#folder)
  }

  static get possible(): boolean {
    return process.getuid?.() === 0 && ROOTS.some((one) => existsSync(join(one, 'cgroup.procs')))
  }

  /** The same command, in the group. */
  entering(command: string, args: readonly string[]): readonly [string, readonly string[]] {
    return ['sh', ['-c', 'echo $$ > "$0"/cgroup.procs; exec "$@"', this.#folder, command, ...args]]
  }

  /** Runs in the group, to its end; what it leaves running stays in it. */
  run(command: string, args: readonly string[], expected: readonly number[] = [0]): string {
    const [shell, words] = this.entering(command, args)
    const { status, stdout, stderr } = spawnSync(shell, words, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (status === null || !expected.includes(status))
      throw new Error(`${command} ended with ${status}: ${stderr.slice(-500)}`)
    return stdout
  }

  get seconds(): number {
    const [, microseconds] =
      /usage_usec (\d+)/.exec(readFileSync(join(this.#folder, 'cpu.stat'), 'utf8')) ?? []
    return Number(microseconds) / 1e6
  }

  /** @returns seconds of all that ran in it */
  end(): number {
    const { seconds } = this
    for (let tries = 0; tries < 50; tries++) {
      try {
        rmdirSync(this.#folder)
        break
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'EBUSY') throw error
        spawnSync('sleep', ['0.1'])
      }
    }
    return seconds
  }
}
