/**
 * Files of the built program with which a process or a thread begins: found by name, from src (tests) and from dist.
 */
import { join } from 'node:path'
import { PROGRAM_ROOT } from './version.ts'

/** As scripts/build.js names them. */
export type ProgramEntry =
  | 'child'
  | 'image-lister'
  | 'image-reader'
  | 'parent-watch'
  | 'parts-thread'
  | 'reader-child'
  | 'walk-child'
  | 'wall-probe'

export function programFile(entry: ProgramEntry): string {
  return join(PROGRAM_ROOT, 'dist/program', `${entry}.js`)
}
