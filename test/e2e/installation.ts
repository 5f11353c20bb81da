/** The program as it is installed here, in a folder of its own, so that a test can break or replace a part of it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import type { Result } from './seized.ts'

/** The program as it is installed here, in a folder of its own: what is broken in it is broken nowhere else. */
export function installation(folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const part of ['bin', 'dist', 'models', 'hashsets', 'package.json', 'node_modules']) {
    const from = realpathSync(join(PROGRAM_ROOT, part))
    // Hard links where the file system allows them: half a gigabyte is not copied for a test.
    const linked = spawnSync('cp', ['-al', from, join(folder, part)])
    if (linked.status !== 0) cpSync(from, join(folder, part), { recursive: true, verbatimSymlinks: true })
  }
  return folder
}

/** @returns mends it */
export function breakPart(
  root: string,
  part: string,
  broken: (whole: Buffer) => Buffer | string = () => 'garbage(',
): () => void {
  const file = join(root, part)
  const whole = readFileSync(file)
  const put = (bytes: Buffer | string) => {
    // Another file of this name: the one that it is a link to stays as it is.
    rmSync(file)
    writeFileSync(file, bytes)
  }
  put(broken(whole))
  return () => put(whole)
}

export function run(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Result {
  return spawnSync(process.execPath, [join(root, 'bin/seized.js'), ...args], {
    encoding: 'utf8',
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
  }) as Result
}
