/**
 * Tells the kernel to write no core file of this process before it receives a secret: a crash would write the secret to
 * disk.
 */
import { spawnSync } from 'node:child_process'
import { tools } from './tools.ts'

/** @returns false where this machine has no prlimit(1), which the caller then reports */
export function refuseCoreFiles(): boolean {
  const { limits } = tools()
  if (limits === null) return false
  return spawnSync(limits, ['--pid', String(process.pid), '--core=0'], { stdio: 'ignore' }).status === 0
}
