/** What a walker or reader that was taken over could ask the main process to copy: empty files of its mount, and nothing else. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { byteString } from '../../src/base/byte-string.ts'
import { serveAttributeCopies } from '../../src/host/confine/attribute-copies.ts'
import { ANSWER_HEAD_BYTES, RELEASED, REQUEST_BYTES } from '../../src/wire/attribute-copies.ts'

const O_PATH = 0o10000000
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seized-copies-')))
const mount = join(folder, 'mount')
let asking: Socket
let served: Socket

beforeAll(async () => {
  spawnSync('mkdir', [mount])
  writeFileSync(join(mount, 'file'), 'a content')
  writeFileSync(join(folder, 'beside'), 'a content')
  spawnSync('mkfifo', [join(mount, 'fifo')])
  const path = join(folder, 'socket')
  const accepted = new Promise<Socket>((resolve) => {
    const server = createServer((socket) => {
      server.close()
      resolve(socket)
    }).listen(path, () => {
      asking = connect(path)
    })
  })
  served = await accepted
  serveAttributeCopies(served, { pid: process.pid, root: byteString(mount) })
})
afterAll(() => {
  asking.destroy()
  served.destroy()
  rmSync(folder, { recursive: true, force: true })
})

function ask(number: number): void {
  const request = Buffer.alloc(REQUEST_BYTES)
  request.writeUInt32LE(number)
  asking.write(request)
}

/** @returns whether a copy was made, and its path or why there is none */
async function answerTo(number: number): Promise<[boolean, string]> {
  const answered = new Promise<Buffer>((resolve) => {
    let got = Buffer.alloc(0)
    const take = (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      if (got.length < ANSWER_HEAD_BYTES || got.length < ANSWER_HEAD_BYTES + got.readUInt16LE(1)) return
      asking.off('data', take)
      resolve(got)
    }
    asking.on('data', take)
  })
  ask(number)
  const got = await answered
  return [got[0] === 1, got.subarray(ANSWER_HEAD_BYTES).toString()]
}

it('gets an empty copy in memory, which goes when it is released', async () => {
  const fd = openSync(join(mount, 'file'), O_PATH)
  const [made, copy] = await answerTo(fd)
  closeSync(fd)
  expect([made, copy.startsWith('/dev/shm/'), statSync(copy).size]).toEqual([true, true, 0])
  ask(RELEASED)
  await expect.poll(() => existsSync(dirname(copy))).toBe(false)
})

it.each([
  ['a file beside the mount', () => join(folder, 'beside')],
  ['a file of the machine', () => '/etc/passwd'],
  ['a folder of the mount', () => mount],
  ['a pipe of the mount', () => join(mount, 'fifo')],
  ['a device', () => '/dev/zero'],
])('gets none of %s', async (_, path) => {
  const fd = openSync(path(), O_PATH | constants.O_NOFOLLOW)
  const [made, said] = await answerTo(fd)
  closeSync(fd)
  expect(made).toBe(false)
  expect(said).not.toBe('')
})

it('gets none of a descriptor that there is not, nor of a socket', async () => {
  expect((await answerTo(1 << 19))[0]).toBe(false)
  expect((await answerTo((asking as unknown as { _handle: { fd: number } })._handle.fd))[0]).toBe(false)
})

it('is answered no more when it asks out of turn, and nothing of it stays', async () => {
  const fd = openSync(join(mount, 'file'), O_PATH)
  for (let i = 0; i < 5; i++) ask(fd)
  await new Promise((resolve) => asking.once('close', resolve))
  closeSync(fd)
  expect(served.destroyed).toBe(true)
})
