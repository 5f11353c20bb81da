import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { tools } from '../../src/host/confine/tools.ts'
import { ChildStartFailed } from '../../src/host/decoder/child-starter.ts'
import type { Job } from '../../src/host/decoder/job.ts'
import { JobPool, type PoolOptions } from '../../src/host/decoder/job-pool.ts'

const ENTRY = fileURLToPath(new URL('./hostile-child.mjs', import.meta.url))
// The pool finds child.js beside itself only in dist; tests run src, so they name the entry.
const pools: JobPool[] = []

function poolOf(options: Partial<PoolOptions> = {}): JobPool {
  const pool = new JobPool({
    size: 1,
    ops: ['hostile'],
    dataBytes: 1 << 30,
    cpuMs: 1500,
    childEntry: ENTRY,
    ...options,
  })
  pools.push(pool)
  return pool
}

const REPLY = { headerBytes: 1 << 20, payloadBytes: 64 << 20, totalBytes: 80 << 20 }

function job(way: string, more: Record<string, unknown> = {}, bytes = Buffer.alloc(0)): Job {
  return { op: 'hostile', header: { way, ...more }, bytes, sha256: null, reply: REPLY }
}

async function fails(way: string, options: Partial<PoolOptions> = {}) {
  const pool = poolOf(options)
  const outcome = await pool.run(job(way))
  // The next one is none the worse for it.
  expect(await pool.run(job('echo'))).toMatchObject({ done: true })
  if (outcome.done) throw new Error(`${way} ended well`)
  return outcome
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

describe('a job', () => {
  it('comes back with its bytes unchanged, whatever their size', async () => {
    const pool = poolOf()
    for (const size of [0, 1, 65_536, 3_000_000, 40_000_000]) {
      const bytes = Buffer.alloc(size, size % 251)
      const outcome = await pool.run(job('echo', {}, bytes))
      if (!outcome.done) throw new Error(outcome.reason)
      expect(outcome.header).toMatchObject({ length: size })
      expect(outcome.bytes.equals(bytes)).toBe(true)
    }
  })

  it('is refused when the bytes are not those that were hashed', async () => {
    const bytes = Buffer.from('as hashed')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const pool = poolOf()
    expect(await pool.run({ ...job('echo', {}, bytes), sha256 })).toMatchObject({ done: true })
    const changed = await pool.run({ ...job('echo', {}, Buffer.from('as chanced')), sha256 })
    expect(changed).toMatchObject({ done: false, reason: 'digest-mismatch' })
  })

  it('may answer in pieces, each handled before the next', async () => {
    const pool = poolOf()
    const seen: number[] = []
    let inside = 0
    const outcome = await pool.run({
      ...job('parts', { count: 20, size: 500_000 }),
      onPart: async (header, bytes, attempt) => {
        expect(++inside).toBe(1)
        expect(bytes.every((byte) => byte === (header as { i: number }).i)).toBe(true)
        expect(attempt).toBe(1)
        seen.push((header as { i: number }).i)
        await delay(1)
        inside--
      },
    })
    expect(outcome).toMatchObject({ done: true, header: { sent: 20 } })
    expect(seen).toEqual([...Array(20).keys()])
  })

  it('ends with the error that onPart threw', async () => {
    const pool = poolOf()
    const run = pool.run({
      ...job('parts', { count: 3, size: 10 }),
      onPart: () => {
        throw new Error('ledger full')
      },
    })
    await expect(run).rejects.toThrow('ledger full')
    expect(await pool.run(job('echo'))).toMatchObject({ done: true })
  })

  it('may carry an open file instead of bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-isolate-'))
    writeFileSync(join(folder, 'video'), 'a long video', { mode: 0o600 })
    const fd = openSync(join(folder, 'video'), 'r')
    const outcome = await poolOf().run({
      ...job('read-file-descriptor'),
      lent: { descriptors: [fd], content: { kind: 'file' } },
    })
    closeSync(fd)
    rmSync(folder, { recursive: true })
    expect(outcome).toMatchObject({ done: true, header: { text: 'ong v' } })
  })
})

describe('a child that breaks costs one item', () => {
  it('SIGSEGV: crashed twice', async () => {
    expect(await fails('segfault')).toMatchObject({
      reason: 'decoder-crashed',
      detail: { code: 'ended-by-signal', params: { signal: 'SIGSEGV' } },
    })
  })

  it('is told from children that crash on everything: these are tried on something of our own', async () => {
    const asked: string[] = []
    const trial = (way: string) => ({
      kind: 'open' as const,
      run: async (pool: JobPool) => {
        asked.push(way)
        const tried = await pool.run(job(way))
        return tried.done ? null : tried.reason
      },
    })
    const works = poolOf({ trial: trial('echo') })
    for (let i = 0; i < 2; i++)
      expect(await works.run(job('abort'))).toMatchObject({ done: false, reason: 'decoder-crashed' })
    expect(asked).toEqual(['echo'])
    const broken = poolOf({ trial: trial('segfault') })
    await expect(broken.run(job('segfault'))).rejects.toMatchObject({
      code: 'installation-broken',
      process: 'open',
      said: 'decoder-crashed',
    })
  })

  it('killed from outside, twice even: tried again; killed a third time: crashed', async () => {
    const killedTimes = async (times: number) => {
      let kills = 0
      const onPart = (header: unknown) => {
        if (kills++ < times) process.kill((header as { readonly pid: number }).pid, 'SIGKILL')
      }
      return poolOf().run({ ...job('told-pid'), onPart })
    }
    expect(await killedTimes(2)).toMatchObject({ done: true })
    expect(await killedTimes(3)).toMatchObject({
      reason: 'decoder-crashed',
      detail: { code: 'ended-by-signal', params: { signal: 'SIGKILL' } },
    })
  })

  it('abort: crashed twice', async () => {
    expect(await fails('abort')).toMatchObject({
      reason: 'decoder-crashed',
      detail: { code: 'ended-by-signal', params: { signal: 'SIGABRT' } },
    })
  })

  it('exit code 0 in the middle of a job is a crash, not a success', async () => {
    expect(await fails('exit-zero')).toMatchObject({
      reason: 'decoder-crashed',
      detail: { code: 'ended-with-code', params: { status: 0 } },
    })
  })

  it('garbage on the pipe is a crash', async () => {
    expect(await fails('garbage')).toMatchObject({ reason: 'decoder-crashed' })
    expect(await fails('unknown-frame')).toMatchObject({ reason: 'decoder-crashed' })
  })

  it('an answer to another job is no answer to this one', async () => {
    const detail = { code: 'protocol-broken', params: { text: expect.stringContaining('another job') } }
    expect(await fails('another-job')).toMatchObject({ reason: 'decoder-crashed', detail })
  })

  it('an answer that comes late is not taken for that of the next job, which a fresh child does', async () => {
    const pool = poolOf()
    await pool.run(job('late-answer'))
    await delay(500)
    expect(await pool.run(job('echo'))).toMatchObject({ done: true, header: { way: 'echo', jobs: 1 } })
  })

  it('an answer over its limit is refused before a byte of it is taken, and piece by piece too', async () => {
    const before = process.memoryUsage().rss
    const pool = poolOf()
    const announced = await pool.run(job('announce', { payloadBytes: 0x7fff_ffff }))
    expect(announced).toMatchObject({
      reason: 'decoder-crashed',
      detail: { code: 'protocol-broken', params: { text: expect.stringContaining('limit') } },
    })
    let taken = 0
    const inPieces = await pool.run({
      ...job('parts', { count: 400, size: 1 << 20 }),
      onPart: () => void taken++,
    })
    expect(inPieces).toMatchObject({ done: false, reason: 'decoder-crashed' })
    // Two attempts.
    expect(taken).toBeLessThan(2 * 80)
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20)
  })

  it('a process that it has started holds no job up, and ends with it where it stayed in its group', async () => {
    // What is left where neither Landlock nor a filter keeps it from starting one.
    const options = { tools: { ...tools(), landlock: false, filter: false }, allowUnconfined: true }
    expect(await fails('grandchild', options)).toMatchObject({
      detail: { code: 'ended-with-code', params: { status: 7 } },
    })
  })

  it('an endless loop in JavaScript is over its time', async () => {
    expect(await fails('spin-js')).toMatchObject({ reason: 'over-time-limit' })
  })

  it('an endless loop in native code is over its time', async () => {
    expect(await fails('spin-native')).toMatchObject({ reason: 'over-time-limit' })
  })

  it('a job that waits for ever meets the wall-clock backstop', async () => {
    expect(await fails('sleep', { wallMs: 5000 })).toMatchObject({ reason: 'over-time-limit' })
  })

  it('runaway memory: the JavaScript heap', async () => {
    const limits = { dataBytes: 512 << 20, cpuMs: 60_000 }
    expect(await fails('hog-heap', limits)).toMatchObject({ reason: 'out-of-memory' })
  })

  it('runaway memory: outside the heap', async () => {
    const limits = { dataBytes: 512 << 20, cpuMs: 60_000 }
    expect(await fails('hog-native', limits)).toMatchObject({ reason: 'out-of-memory' })
    expect(await fails('hog-wasm', limits)).toMatchObject({ reason: 'out-of-memory' })
  })

  it('what an operation throws is damage in the content, with the words escaped', async () => {
    expect(await fails('throw')).toMatchObject({
      reason: 'decode-failed',
      detail: { code: 'library', params: { text: 'nothing but \\u{1b}[31mred\\u{1b}[0m' } },
    })
  })

  it('gets a second try alone in a fresh child', async () => {
    const pool = poolOf()
    await pool.run(job('echo'))
    expect(await pool.run(job('crash-unless-alone'))).toMatchObject({ done: true, header: { jobs: 1 } })
  })

  it('leaves the jobs of other children alone', async () => {
    const pool = poolOf({ size: 2 })
    const ways = ['echo', 'segfault', 'echo', 'exit-zero', 'echo', 'spin-js', 'echo', 'echo']
    const outcomes = await Promise.all(ways.map((way) => pool.run(job(way))))
    expect(outcomes.map((outcome) => (outcome.done ? 'done' : outcome.reason))).toEqual([
      'done',
      'decoder-crashed',
      'done',
      'decoder-crashed',
      'done',
      'over-time-limit',
      'done',
      'done',
    ])
  })
})

describe('a child', () => {
  it('is replaced after so many jobs', async () => {
    const pool = poolOf({ jobsPerChild: 2 })
    const numbers = []
    for (let i = 0; i < 5; i++) {
      const outcome = await pool.run(job('echo'))
      if (outcome.done) numbers.push((outcome.header as { jobs: number }).jobs)
    }
    expect(numbers).toEqual([1, 2, 1, 2, 1])
  })

  it('says what it printed as escaped, bounded warnings and never on the terminal', async () => {
    const pool = poolOf({})
    // Again and again: what it prints and what it answers come by different pipes.
    for (let i = 0; i < 300; i++) {
      const outcome = await pool.run(job('print'))
      expect([i, outcome.warnings[0]]).toEqual([i, 'out \\u{1b}]0;title\\u{7}'])
      expect(outcome.warnings.join('').length).toBeLessThan(5000)
    }
  })

  it('sees an environment by allow-list and nothing of ours in argv', async () => {
    process.env.SEIZED_SECRET = 'x'
    const outcome = await poolOf().run(job('identity'))
    delete process.env.SEIZED_SECRET
    if (!outcome.done) throw new Error(outcome.reason)
    const { environment, argv } = outcome.header as { environment: string[]; argv: string[] }
    expect(environment).not.toContain('SEIZED_SECRET')
    expect(argv).toHaveLength(2)
  })

  it.skipIf(process.getuid?.() !== 0)('is not root, in no group of ours', async () => {
    const pool = poolOf()
    expect(await pool.confinement()).toMatchObject({ rootDropped: true })
    const outcome = await pool.run(job('identity'))
    expect(outcome).toMatchObject({ header: { uid: 65534, gid: 65534, groups: [65534] } })
  })

  it('writes no file', async (context) => {
    const pool = poolOf()
    if (!(await pool.confinement()).fileWritesRefused) context.skip()
    const folder = mkdtempSync(join(tmpdir(), 'seized-isolate-'))
    const path = join(folder, 'pixels')
    writeFileSync(path, '', { mode: 0o666 })
    const outcome = await pool.run(job('write-file', { path }))
    expect(outcome.done).toBe(false)
    expect(readFileSync(path).length).toBe(0)
    rmSync(folder, { recursive: true })
  })

  it('reaches no listener on this machine where the network is unshared', async (context) => {
    const pool = poolOf()
    if (!(await pool.confinement()).networkRefused) context.skip()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const outcome = await pool.run(job('connect', { port }))
    server.close()
    expect(outcome).toMatchObject({ done: true })
    expect((outcome as { header: { answer: string } }).header.answer).not.toBe('connected')
  })
})

describe('the pool', () => {
  it('says why no child can start, instead of blaming every item', async () => {
    const pool = poolOf({ ops: ['broken'] })
    const run = pool.run(job('echo'))
    await expect(run).rejects.toBeInstanceOf(ChildStartFailed)
    await expect(run).rejects.toThrow(/the model file is missing/)
  })

  it('says so too when the memory cap is too small to start with', async () => {
    await expect(poolOf({ dataBytes: 8 << 20 }).confinement()).rejects.toBeInstanceOf(ChildStartFailed)
  })

  it('kills its children on close and refuses what comes later', async () => {
    const pool = poolOf({ size: 2, cpuMs: 60_000 })
    const identity = await pool.run(job('identity'))
    expect(identity.done).toBe(true)
    const running = pool.run(job('spin-js'))
    const settled = expect(running).rejects.toThrow(/closed/)
    await delay(200)
    await pool.close()
    await settled
    await expect(pool.run(job('echo'))).rejects.toThrow(/closed/)
  })
})

describe('when the main process is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-orphan-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.skipIf(!existsSync('/proc/self/stat'))(
    'no child lives two seconds later, not even in an endless loop',
    async () => {
      const program = join(folder, 'main.mjs')
      const poolModule = fileURLToPath(new URL('../../dist/src/host/decoder/job-pool.js', import.meta.url))
      writeFileSync(
        program,
        `import { JobPool } from ${JSON.stringify(poolModule)}
       const reply = ${JSON.stringify(REPLY)}
       const pool = new JobPool({ size: 4, ops: ['hostile'], dataBytes: 1 << 30, cpuMs: 60000, childEntry: ${JSON.stringify(ENTRY)} })
       for (const way of ['spin-js', 'spin-native', 'sleep']) void pool.run({ op: 'hostile', header: { way }, bytes: Buffer.alloc(0), sha256: null, reply })
       await pool.run({ op: 'hostile', header: { way: 'echo' }, bytes: Buffer.alloc(0), sha256: null, reply })
       setTimeout(() => console.log('ready'), 1500)`,
      )
      const main = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(main.stdout, 'data')
      const children = readFileSync(`/proc/${main.pid}/task/${main.pid}/children`, 'latin1').trim().split(' ')
      expect(children).toHaveLength(4)
      main.kill('SIGKILL')
      await expect
        .poll(() => children.filter((pid) => existsSync(`/proc/${pid}`) && !isZombie(pid)))
        .toEqual([])
    },
  )
})

function isZombie(pid: string): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').split(')').at(-1) as string)
}
