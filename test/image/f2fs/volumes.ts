/** Volumes of F2FS made by mkfs.f2fs and filled by sload.f2fs. */
import { truncateSync, writeFileSync } from 'node:fs'
import { inScratch } from '../ext/volumes.ts'
import { run } from '../volume.ts'

/** @param tree folder that fills it; null: nothing @param options of mkfs.f2fs */
export function makeF2fs(name: string, tree: string | null, ...options: readonly string[]): string {
  const path = inScratch(name)
  writeFileSync(path, '')
  truncateSync(path, 96 * 2 ** 20)
  run('mkfs.f2fs', ['-q', '-f', ...options, path])
  if (tree !== null) run('sload.f2fs', ['-f', tree, '-P', path])
  return path
}
