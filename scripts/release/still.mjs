/**
 * Loaded before the program when the sample is made, and never otherwise: the clock stands at SOURCE_DATE_EPOCH, random bytes are
 * counted, and inode, device and account are constants. Without it two ledgers of one exhibit differ, as they must.
 * The clock that measures durations stands too: the program commits what it has after a stated time, so that a busy machine would
 * make other batches of the ledger's chain.
 */
import crypto from 'node:crypto'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

const at = Number(process.env.SOURCE_DATE_EPOCH) * 1000
if (!Number.isSafeInteger(at)) throw new Error('SOURCE_DATE_EPOCH is no whole number of seconds')

const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [at] : given))
  }

  static now() {
    return at
  }
}

performance.now = () => 0

let drawn = 0
crypto.randomBytes = (size, done) => {
  const bytes = Buffer.alloc(size)
  for (let i = 0; i < size; i += 32)
    crypto.createHash('sha256').update(`seized sample ${drawn++}`).digest().copy(bytes, i)
  if (done === undefined) return bytes
  process.nextTick(done, null, bytes)
}
crypto.randomUUID = () => {
  const hex = crypto.randomBytes(16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

const steady = (stats) => {
  if (!stats?.isFile()) return stats
  const isBig = typeof stats.ino === 'bigint'
  stats.ino = isBig ? 1n : 1
  stats.dev = isBig ? 1n : 1
  return stats
}
for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
  const real = fs[name]
  fs[name] = (...given) => steady(real(...given))
}
for (const name of ['stat', 'lstat']) {
  const real = fs.promises[name]
  fs.promises[name] = async (...given) => steady(await real(...given))
}
const { userInfo } = os
os.userInfo = (...given) => {
  try {
    return { ...userInfo(...given), username: 'sample' }
  } catch {
    // An account that has no name on this machine: a container's, or another's folder.
    return { uid: process.getuid(), gid: process.getgid(), username: 'sample', homedir: '/', shell: null }
  }
}
os.hostname = () => 'sample'
syncBuiltinESMExports()
