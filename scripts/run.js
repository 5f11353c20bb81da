/**
 * Runs scripts one after the other, under a Node that the program supports, and installs first what is missing:
 * `node scripts/run.js <script>… [-- <arguments of the last one>]`. Plain JavaScript that Node 18 understands.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goOnUnder, suitableNode, tooOld } from '../bin/runtime.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const words = process.argv.slice(2)
const end = words.includes('--') ? words.indexOf('--') : words.length
const scripts = words.slice(0, end)

for (const script of ['scripts/setup.js', ...scripts.slice(0, -1)]) {
  // Asked again each time: the first of them may install it.
  const { status } = spawnSync(suitableNode() ?? process.execPath, [join(root, script)], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
const node = suitableNode()
if (node === null) {
  console.error(tooOld())
  process.exit(1)
}
goOnUnder(node, [join(root, scripts.at(-1)), ...words.slice(end + 1)])
