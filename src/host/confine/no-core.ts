/** Before this process holds a secret, the kernel is told to write no core file of it: a crash would leave the secret on disk. */
import { spawnSync } from 'node:child_process'
import { tools } from './tools.ts'

/** @returns false where this machine has no prlimit(1): the caller says so */
export function refuseCoreFiles(): boolean {
  const { limits } = tools()
  if (limits === null) return false
  return spawnSync(limits, ['--pid', String(process.pid), '--core=0'], { stdio: 'ignore' }).status === 0
}
