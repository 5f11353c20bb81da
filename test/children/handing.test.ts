import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import type { PendingRead } from '../../src/contracts/ledger.ts'
import type { Feeder, StartFeeder } from '../../src/host/decoder/feeder.ts'
import type { Job, JobOutcome } from '../../src/host/decoder/job.ts'
import { JobPool } from '../../src/host/decoder/job-pool.ts'
import { makePipe } from '../../src/host/decoder/pipe.ts'
import { ReaderPool } from '../../src/host/reader/reader-pool.ts'
import { endHanding, handPiece, takeHanded } from '../../src/process/handing.ts'

const ENTRY = fileURLToPath(new URL('./hostile-child.mjs', import.meta.url))
const MEBIBYTE = 1 << 20
const root = mkdtempSync(join(tmpdir(), 'seized-handing-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
mkdirSync(join(root, 'within'))

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function readers(limits = { readStallMs: 30_000 }): ReaderPool {
  const pool = new ReaderPool({ root, workers: 1, limits })
  closing.push(() => pool.close())
  return pool
}

function children(feeding: StartFeeder | null): JobPool {
  const pool = new JobPool({
    ...{ size: 1, ops: ['hostile'], dataBytes: 1 << 30, cpuMs: 20_000, childEntry: ENTRY, feeding },
  })
  closing.push(() => pool.close())
  return pool
}

function fileOf(name: string, bytes: Buffer): PendingRead {
  const path = join(root, 'within', name)
  writeFileSync(path, bytes)
  const { mtimeNs, ino } = statSync(path, { bigint: true })
  return {
    entryId: 1,
    path: filePath(Buffer.from(`within/${name}`)),
    sizeBytes: BigInt(bytes.length),
    modifiedNs: mtimeNs,
    inode: ino,
    device: null,
    band: 0,
    allocatedBytes: null,
  } as PendingRead
}

const REPLY = { headerBytes: 1 << 20, payloadBytes: 64 << 20, totalBytes: 80 << 20 }

/** @returns the job, and how often its content was asked for by this process */
function jobOf(pool: ReaderPool, content: PendingRead, bytes: Buffer, way = 'length') {
  const brought = { times: 0 }
  const job: Job = {
    op: 'hostile',
    header: { way },
    bytes: Buffer.alloc(0),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    handed: {
      job: content,
      bytes: () => {
        brought.times++
        return pool.bytes(content, 1 << 30)
      },
    },
    reply: REPLY,
  }
  return { job, brought }
}

const pattern = (length: number, of: number) => Buffer.alloc(length, Buffer.from([of, 7, of + 1, 250, 3]))

/** Bytes that this process has read of anything; proc_pid_io(5). */
function readByUs(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))![1])
}

function lengthOf(outcome: JobOutcome): unknown {
  if (!outcome.done) throw new Error(`${outcome.reason} ${JSON.stringify(outcome.detail)}`)
  return (outcome.header as { length: unknown }).length
}

/** Hands over what it likes. */
async function feederOf(hand: (fd: number) => Awaited<ReturnType<Feeder['hand']>>): Promise<Feeder | null> {
  const pipe = await makePipe()
  return (
    pipe && {
      descriptor: pipe.readFd,
      inherited: () => {},
      hand: async () => hand(pipe.writeFd),
      end: () => {},
    }
  )
}

function lying(bytes: Buffer | null) {
  return (fd: number): 'handed' => {
    if (bytes !== null) handPiece(fd, bytes)
    endHanding(fd, bytes !== null)
    return 'handed'
  }
}

describe('a content that a reader hands to a child', () => {
  it('comes whole, one after the other, whatever its size, and does not pass this process', async () => {
    const pool = readers()
    const jobs = children(() => pool.startFeeder())
    for (const size of [0, 1, 65_536, 3 * MEBIBYTE + 1, 40 * MEBIBYTE]) {
      const bytes = pattern(size, size % 251)
      const { job, brought } = jobOf(pool, fileOf(`of ${size}`, bytes), bytes)
      const before = readByUs()
      expect(lengthOf(await jobs.run(job))).toBe(size)
      expect(brought.times).toBe(0)
      if (size > 30 * MEBIBYTE) expect(readByUs() - before).toBeLessThan(size / 4)
    }
  })

  it('comes through this process where there is no pipe, with the same end', async () => {
    const pool = readers()
    const bytes = pattern(200_000, 9)
    const { job, brought } = jobOf(pool, fileOf('no pipe', bytes), bytes)
    expect(lengthOf(await children(async () => null).run(job))).toBe(200_000)
    expect(lengthOf(await children(null).run(job))).toBe(200_000)
    expect(brought.times).toBe(2)
  })

  it('is not what was hashed: it is read by another reader, which says why', async () => {
    const pool = readers()
    const jobs = children(() => pool.startFeeder())
    const bytes = pattern(100_000, 1)
    const content = fileOf('changed', bytes)
    const { mtimeMs, atimeMs } = statSync(join(root, 'within/changed'))
    writeFileSync(join(root, 'within/changed'), pattern(100_000, 2))
    utimesSync(join(root, 'within/changed'), atimeMs / 1000, mtimeMs / 1000)
    const { job, brought } = jobOf(pool, content, bytes)
    const outcome = await jobs.run(job)
    expect(outcome.done).toBe(false)
    expect(outcome).not.toMatchObject({ reason: 'decoder-crashed' })
    expect(brought.times).toBe(1)
  })

  it('is refused by its reader because it is gone: the reason is that of the reading', async () => {
    const pool = readers()
    const jobs = children(() => pool.startFeeder())
    const bytes = pattern(5000, 4)
    const content = fileOf('gone', bytes)
    rmSync(join(root, 'within/gone'))
    expect(await jobs.run(jobOf(pool, content, bytes).job)).toMatchObject({ done: false, reason: 'vanished' })
    const next = pattern(6000, 5)
    expect(lengthOf(await jobs.run(jobOf(pool, fileOf('next', next), next).job))).toBe(6000)
  })

  it.each([
    ['other bytes', lying(pattern(9000, 8))],
    ['too few', lying(pattern(8999, 7))],
    ['too many', lying(pattern(9001, 7))],
    ['nothing', lying(null)],
  ])('is not believed of a reader that hands over %s', async (_, hand) => {
    const pool = readers()
    const jobs = children(() => feederOf(hand))
    const bytes = pattern(9000, 7)
    const { job, brought } = jobOf(pool, fileOf('lied about', bytes), bytes, 'echo')
    const outcome = await jobs.run(job)
    expect(outcome.done && outcome.bytes.equals(bytes)).toBe(true)
    expect(brought.times).toBe(1)
  })

  it('ends half-way with its reader: child and pipe end too, and the next has others', async () => {
    const pool = readers()
    let lost = 0
    const jobs = children(async () => {
      if (lost > 0) return pool.startFeeder()
      return feederOf((fd) => {
        lost++
        handPiece(fd, pattern(4000, 7))
        return 'lost'
      })
    })
    const bytes = pattern(9000, 7)
    const { job, brought } = jobOf(pool, fileOf('cut off', bytes), bytes)
    expect(lengthOf(await jobs.run(job))).toBe(9000)
    expect(lengthOf(await jobs.run(job))).toBe(9000)
    expect([lost, brought.times]).toEqual([1, 1])
  })

  it('breaks its child twice: that is said of the content', async () => {
    const pool = readers()
    const jobs = children(() => pool.startFeeder())
    const bytes = pattern(3 * MEBIBYTE, 6)
    const content = fileOf('breaks', bytes)
    const { job, brought } = jobOf(pool, content, bytes, 'segfault')
    expect(await jobs.run(job)).toMatchObject({ done: false, reason: 'decoder-crashed' })
    expect(brought.times).toBe(0)
    expect(lengthOf(await jobs.run(jobOf(pool, content, bytes).job))).toBe(3 * MEBIBYTE)
  })

  it('is asked of two contents at once, as by a child that answers before the first is said to be handed', async () => {
    const feeder = (await readers().startFeeder())!
    try {
      const contents = [pattern(9000, 1), pattern(20_000, 2), pattern(7000, 3)]
      const jobs = contents.map((bytes, i) => fileOf(`at once ${i}`, bytes))
      expect(await Promise.all(jobs.map((job) => feeder.hand(job)))).toEqual(['handed', 'handed', 'handed'])
      for (const bytes of contents)
        expect(takeHanded(feeder.descriptor, bytes.length)?.equals(bytes)).toBe(true)
    } finally {
      feeder.end()
    }
  }, 180_000)
})
