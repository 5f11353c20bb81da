/** A child with operations that crash, spin and hog. Tests name it as childEntry; nothing of it is in the product. */
import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { OPS } from '../../dist/src/confined/decoder/ops.js'
import { serve } from '../../dist/src/confined/decoder/serve.js'
import { CHANNEL_FD, frameParts } from '../../dist/src/process/frame.js'
import { SESSION } from '../../dist/src/wire/session.js'

const NOTHING = Buffer.alloc(0)
const say = (head, header) => writeSync(CHANNEL_FD, Buffer.concat(frameParts(head, header)))
let jobs = 0

const WAYS = {
  echo: ({ header, bytes }) => ({ header: { ...header, jobs, length: bytes.length }, bytes }),
  length: ({ bytes }) => ({ header: { length: bytes.length }, bytes: NOTHING }),
  identity: () => ({
    header: {
      uid: process.getuid(),
      gid: process.getgid(),
      groups: process.getgroups(),
      environment: Object.keys(process.env).sort(),
      ppid: process.ppid,
      argv: process.argv,
    },
    bytes: NOTHING,
  }),
  throw: () => {
    throw new Error('nothing but \u001b[31mred\u001b[0m')
  },
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  'told-pid': async ({ emit }) => {
    emit({ pid: process.pid }, NOTHING)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    return { header: {}, bytes: NOTHING }
  },
  abort: () => process.abort(),
  'exit-zero': () => process.exit(0),
  'spin-js': () => {
    for (;;);
  },
  // Native code that never comes back to JavaScript: 2^31 rounds take a quarter of an hour.
  'spin-native': async () => {
    const { pbkdf2Sync } = await import('node:crypto')
    pbkdf2Sync('x', 'y', 2 ** 31 - 1, 64, 'sha512')
  },
  sleep: () => new Promise((resolve) => setTimeout(resolve, 1e9)),
  'hog-heap': () => {
    const kept = []
    for (;;) kept.push(new Array(1000).fill(kept.length))
  },
  'hog-native': () => {
    const kept = []
    for (;;) kept.push(Buffer.alloc(64 << 20, 1))
  },
  'hog-wasm': () => {
    const kept = []
    for (;;) {
      const memory = new WebAssembly.Memory({ initial: 4096 })
      new Uint8Array(memory.buffer).fill(1)
      kept.push(memory)
    }
  },
  garbage: () => {
    writeSync(CHANNEL_FD, Buffer.alloc(4096, 0xff))
    return new Promise((resolve) => setTimeout(resolve, 1e9))
  },
  'unknown-frame': () => {
    say({ type: 99, job: jobs })
    return new Promise((resolve) => setTimeout(resolve, 1e9))
  },
  'another-job': () => {
    say({ type: SESSION.done, job: jobs + 1 })
    return new Promise((resolve) => setTimeout(resolve, 1e9))
  },
  // An answer to the next job, sent before that job is: it must not be taken for its answer.
  'late-answer': () => {
    const forged = Buffer.concat(frameParts({ type: SESSION.done, job: jobs + 1 }, { forged: true }))
    new Worker(
      `setTimeout(() => require('node:fs').writeSync(${CHANNEL_FD}, Buffer.from('${forged.toString('hex')}', 'hex')), 100)`,
      { eval: true },
    )
    return { header: {}, bytes: NOTHING }
  },
  announce: async ({ header }) => {
    const head = Buffer.alloc(13)
    head[0] = SESSION.done
    head.writeUInt32LE(jobs, 1)
    head.writeUInt32LE(header.payloadBytes, 9)
    writeSync(CHANNEL_FD, head)
    for (const piece = Buffer.alloc(1 << 20); ; ) writeSync(CHANNEL_FD, piece)
  },
  // Outlives its parent in a session of its own, and holds every stream that the main process reads.
  grandchild: async () => {
    const { spawn } = await import('node:child_process')
    const { pid } = spawn('/bin/sleep', ['20'], {
      stdio: ['ignore', 'inherit', 'inherit', CHANNEL_FD],
      detached: true,
    })
    writeSync(1, `grandchild ${pid}\n`)
    process.exit(7)
  },
  print: () => {
    process.stdout.write('out \u001b]0;title\u0007\n')
    process.stderr.write(`err ${'x'.repeat(100_000)}\n`)
    return { header: {}, bytes: NOTHING }
  },
  parts: async ({ header, emit }) => {
    for (let i = 0; i < header.count; i++) emit({ i }, Buffer.alloc(header.size, i))
    return { header: { sent: header.count }, bytes: NOTHING }
  },
  // Fails in a child that has done something before, and works alone: what a corrupted heap looks like.
  'crash-unless-alone': () => {
    if (jobs > 1) process.kill(process.pid, 'SIGSEGV')
    return { header: { jobs }, bytes: NOTHING }
  },
  'write-file': async ({ header }) => {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(header.path, 'original pixels')
    return { header: {}, bytes: NOTHING }
  },
  connect: async ({ header }) => {
    const { connect } = await import('node:net')
    const answer = await new Promise((resolve) => {
      const socket = connect(header.port, '127.0.0.1')
      socket.once('connect', () => resolve('connected'))
      socket.once('error', (error) => resolve(error.code))
    })
    return { header: { answer }, bytes: NOTHING }
  },
  'read-file-descriptor': async ({ lent }) => ({
    header: { text: lent.read(3, 5).toString() },
    bytes: Buffer.alloc(0),
  }),
}

const hostile = {
  name: 'hostile',
  prepare: async () => async (request) => {
    jobs++
    const reply = await WAYS[request.header.way](request)
    return reply ?? { header: {}, bytes: NOTHING }
  },
}

const broken = {
  name: 'broken',
  prepare: async () => {
    throw new Error('the model file is missing')
  },
}

await serve([...OPS, hostile, broken])
