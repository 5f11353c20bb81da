/** Tells the kernel to write no core file of this process: a crash would write secrets, originals and pixels to disk. */
import { spawnSync } from 'node:child_process'
import { tools } from './tools.ts'

/**
 * Called before secrets, originals or pixels of an exhibit are in the memory of this process. The processes that it starts
 * inherit the limit.
 * @param what would be written, for the warning where this machine has no prlimit(1)
 */
export function keepOutOfCoreFiles(what: string): void {
  if (refuseCoreFiles()) return
  process.stderr.write(
    `seized: This machine has no prlimit: a crash of this program could write its memory, with ${what}, to a core file.\n`,
  )
}

/** @returns false where this machine has no prlimit(1), which the caller then reports */
function refuseCoreFiles(): boolean {
  const { limits } = tools()
  if (limits === null) return false
  return spawnSync(limits, ['--pid', String(process.pid), '--core=0'], { stdio: 'ignore' }).status === 0
}
