/** Compiles src, fixtures, scripts and bench into dist, and copies the data files that stand beside the code. */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
copyDataFiles(join(root, 'src'), join(root, 'dist/src'))

/** Everything under src that is not TypeScript is read at run time from the same place under dist. */
function copyDataFiles(from, to) {
  for (const item of readdirSync(from, { withFileTypes: true })) {
    if (item.isDirectory()) copyDataFiles(join(from, item.name), join(to, item.name))
    else if (!/\.tsx?$/.test(item.name)) cpSync(join(from, item.name), join(to, item.name))
  }
}
