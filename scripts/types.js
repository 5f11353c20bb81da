/** Checks types of everything, and of the page that runs in a browser apart; after a first time it checks what changed. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const cache = join(root, 'node_modules/.cache/types')
for (const words of [
  ['--noEmit', '--incremental', '--tsBuildInfoFile', cache],
  ['-p', 'src/review/page'],
]) {
  const { status } = spawnSync(process.execPath, [tsc, ...words], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
