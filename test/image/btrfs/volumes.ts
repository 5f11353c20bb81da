/** Volumes of Btrfs made by mkfs.btrfs; the kernel fills and shows them. */
import { truncateSync, writeFileSync } from 'node:fs'
import { inScratch, mounted } from '../ext/volumes.ts'
import { hasTools, run } from '../volume.ts'

const MIB = 256

export function makeBtrfs(name: string, ...options: readonly string[]): string {
  const path = inScratch(name)
  writeFileSync(path, '')
  truncateSync(path, MIB * 2 ** 20)
  run('mkfs.btrfs', ['-q', '-f', ...options, path])
  return path
}

/** Needs mkfs.btrfs, a kernel with Btrfs, and root. */
export const CAN_FILL = ((): boolean => {
  if (!hasTools('mkfs.btrfs', 'btrfs') || process.getuid?.() !== 0) return false
  try {
    return mounted(makeBtrfs('probe.btrfs'), 'noatime', () => true)
  } catch {
    return false
  }
})()
