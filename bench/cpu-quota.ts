/** Keeps processes to a share of the machine's cores, by a control group: a small host on this machine. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Controller "cpu" of version 1, and of version 2. */
const FORMER = '/sys/fs/cgroup/cpu'
const UNIFIED = '/sys/fs/cgroup'
const PERIOD_US = 100_000

export class CpuQuota {
  readonly #folder: string

  /** @param cores may be less than 1 @throws the error of the file system where no group can be made */
  constructor(name: string, cores: number) {
    const isFormer = existsSync(join(FORMER, 'cpu.cfs_quota_us'))
    this.#folder = join(isFormer ? FORMER : UNIFIED, `seized-bench-${process.pid}-${name}`)
    mkdirSync(this.#folder)
    const quota = Math.round(cores * PERIOD_US)
    if (isFormer) {
      writeFileSync(join(this.#folder, 'cpu.cfs_period_us'), `${PERIOD_US}`)
      writeFileSync(join(this.#folder, 'cpu.cfs_quota_us'), `${quota}`)
    } else writeFileSync(join(this.#folder, 'cpu.max'), `${quota} ${PERIOD_US}`)
  }

  static get possible(): boolean {
    return (
      process.getuid?.() === 0 &&
      (existsSync(join(FORMER, 'cpu.cfs_quota_us')) || existsSync(join(UNIFIED, 'cgroup.controllers')))
    )
  }

  /** The same command, in the group. */
  readonly entering = (command: string, args: readonly string[]): readonly [string, readonly string[]] => [
    'sh',
    ['-c', 'echo $$ > "$0"/cgroup.procs; exec "$@"', this.#folder, command, ...args],
  ]

  end(): void {
    for (let tries = 0; tries < 50; tries++)
      try {
        rmdirSync(this.#folder)
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error
        spawnSync('sleep', ['0.1'])
      }
  }
}
