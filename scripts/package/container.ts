/**
 * `npm run package:container [-- --base IMAGE]`: makes the packages, builds `localhost/seized` of scripts/package/Containerfile, and analyses
 * a shard in it (test/lab/look-container.test.ts). Without --base, and where debian:trixie-slim cannot be pulled, name an image of Debian 13:
 * `debootstrap --variant=minbase trixie ROOT && tar -C ROOT -c . | podman import - seized-base`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

const { values } = parseArgs({ options: { base: { type: 'string', default: 'debian:trixie-slim' } } })
const out = mkdtempSync(join(tmpdir(), 'seized-container-'))
const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, {
    cwd: PROGRAM_ROOT,
    stdio: 'inherit',
    env: { ...process.env, SEIZED_IMAGE: 'localhost/seized' },
  })
try {
  run(process.execPath, 'dist/scripts/package.js', '--quick', '--out', out)
  // An account without the right to raise limits cannot set those of Podman.
  const limits = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096']
  const base = ['--build-arg', `BASE=${values.base}`]
  run(
    'podman',
    'build',
    ...limits,
    '-f',
    'scripts/package/Containerfile',
    ...base,
    '-t',
    'localhost/seized',
    out,
  )
  run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'test/lab/look-container.test.ts')
} finally {
  rmSync(out, { recursive: true, force: true })
}
