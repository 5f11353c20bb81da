/** Volumes of XFS made by mkfs.xfs; the kernel fills and shows them. */
import { truncateSync, writeFileSync } from 'node:fs'
import { inScratch, mounted } from '../ext/volumes.ts'
import { hasTools, run } from '../volume.ts'

/** What mkfs.xfs asks for; sixteen groups take more. */
const MIB = 300
const MIB_OF_GROUPS = 2048

export function makeXfs(name: string, ...options: readonly string[]): string {
  const path = inScratch(name)
  writeFileSync(path, '')
  truncateSync(path, (options.join(' ').includes('agcount') ? MIB_OF_GROUPS : MIB) * 2 ** 20)
  run('mkfs.xfs', ['-q', '-f', ...options, path])
  return path
}

/** Needs mkfs.xfs, a kernel with XFS, and root. */
export const CAN_FILL = ((): boolean => {
  if (!hasTools('mkfs.xfs') || process.getuid?.() !== 0) return false
  try {
    return mounted(makeXfs('probe.xfs'), 'noatime', () => true)
  } catch {
    return false
  }
})()
