/**
 * What code that has taken over a lister, a reader or a walker would try: started with the rules of its kind, it gives root up where
 * they do, loads attempts.c, and says what came of it. Nothing of it is in the product.
 */
import {
  chmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { dropRoot, NOBODY } from '../../dist/src/process/drop-root.js'

const CHANNEL_FD = 3
const line = Buffer.alloc(1 << 16)
let length = 0
while (!line.subarray(0, length).includes(10))
  length += readSync(CHANNEL_FD, line, length, line.length - length, null)
const { library, targets } = JSON.parse(line.toString('utf8', 0, length))
if (targets.BECOME === 'nobody') dropRoot(NOBODY)
for (const [name, value] of Object.entries(targets)) process.env[`ATTEMPTS_${name}`] = String(value)
process.env.ATTEMPTS = ''
if (library !== null)
  try {
    process.dlopen({ exports: {} }, library)
  } catch (error) {
    // It is no module of Node: its constructor has run by then.
    if (error.code !== 'ERR_DLOPEN_FAILED' || process.env.ATTEMPTS === '') throw error
  }
const lines = process.env.ATTEMPTS.split('\n')
  .filter((one) => one !== '')
  .map((one) => one.split('='))
/** What it is for: not an attempt. */
const own = () => {
  try {
    readdirSync(targets.EXHIBIT)
    return readFileSync(join(targets.EXHIBIT, 'file'), 'utf8') === 'x' ? 'as it should' : 'something else'
  } catch (error) {
    return error.code
  }
}
const exhibit = (name) => join(targets.EXHIBIT, name)
const O_PATH = 0o10000000
/** By way of the mount to reach what lies elsewhere, and to change the mount. */
const BY_THE_MOUNT = {
  'read a file beside the mount': () => readFileSync(exhibit('../beside')),
  'read through a link of the mount': () => readFileSync(exhibit('link')),
  'list the folder above the mount': () => readdirSync(exhibit('..')),
  'read by a descriptor of the folder above': () =>
    readFileSync(`/proc/self/fd/${openSync(exhibit('..'), O_PATH)}/beside`),
  'read by the root in /proc': () => readFileSync('/proc/self/root/etc/passwd'),
  'list /proc': () => readdirSync('/proc'),
  'read which mounts there are': () => readFileSync('/proc/self/mountinfo'),
  'write a file of the mount': () => writeFileSync(exhibit('file'), 'y'),
  'make a file in the mount': () => writeFileSync(exhibit('made'), 'y'),
  'make a folder in the mount': () => mkdirSync(exhibit('folder')),
  'make a link in the mount': () => symlinkSync('/etc/passwd', exhibit('other-link')),
  'cut a file of the mount': () => truncateSync(exhibit('file'), 0),
  'set the mode of a file of the mount': () => chmodSync(exhibit('file'), 0o777),
  'set the times of a file of the mount': () => utimesSync(exhibit('file'), 0, 0),
  'rename a file of the mount': () => renameSync(exhibit('file'), exhibit('renamed')),
  'remove a link of the mount': () => unlinkSync(exhibit('link')),
}
const tried = Object.entries(BY_THE_MOUNT).map(([name, attempt]) => {
  try {
    attempt()
    return [name, 'done']
  } catch (error) {
    return [name, error.code]
  }
})
writeSync(
  CHANNEL_FD,
  JSON.stringify([...lines, ...tried, ['(what a reader of a mount is for) read the mount', own()]]),
)
process.exit(0)
