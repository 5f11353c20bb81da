import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/base/byte-string.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { ReadOutcome } from '../../src/contracts/content.ts'
import type { PendingRead } from '../../src/contracts/ledger.ts'
import { tools } from '../../src/host/confine/tools.ts'
import { ReaderPool } from '../../src/host/reader/reader-pool.ts'
import { atFileEnd } from '../at-file-end.ts'
import {
  CAN_FUSE,
  CAN_MOUNT,
  collect,
  deepFolder,
  ext4Image,
  fill,
  fuseMount,
  has,
  IS_ROOT,
  jobsOf,
  LIMITS,
  mountLoop,
  readAll,
  sh,
  tempFolder,
  walkAll,
  why,
} from './helpers.ts'

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
/** One that has ended and that init has not collected yet is not alive: init may take two seconds. */
function alive(pid: number): boolean {
  try {
    return !/^.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) . /, '')
          .startsWith(`${pid} `)
      } catch {
        // Gone between the listing and now.
        return false
      }
    })
    .map(Number)
}

function threadsOf(pid: number): string[] {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'comm'), 'latin1').trim())
}

async function until(what: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms
  while (!what()) {
    if (performance.now() > end) throw new Error(`did not happen within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('reader pool', () => {
  it('keeps no process that waits in vain for its first work, and starts it again when work comes', async () => {
    const root = fill(tempFolder(), { a: 'one', b: 'two' })
    const before = childrenOf(process.pid)
    const started = () => childrenOf(process.pid).filter((pid) => !before.includes(pid))
    const pool = new ReaderPool({ root, workers: 2, limits: LIMITS, waitMs: 300 })
    pool.start()
    expect(started()).toHaveLength(1)
    pool.expect(0)
    expect(started()).toHaveLength(1)
    pool.expect(1)
    expect(started()).toHaveLength(2)
    pool.expect(10_000)
    expect(started()).toHaveLength(2)
    await expect.poll(started, { timeout: 20_000 }).toHaveLength(0)
    pool.expect(10_000)
    expect(started()).toHaveLength(0)
    const outcomes = await collect(pool, jobsOf(walkAll(root)))
    expect(outcomes.size).toBe(2)
    await pool.close()
  })

  it('gives each file one outcome, with the digests that the coreutils give', async () => {
    const root = tempFolder()
    const names = [
      'plain',
      'caf\xe9.jpg',
      '\xe2\x80\xaertl',
      'new\nline',
      'n'.repeat(255),
      'deep/er/file',
      '.hidden/x',
    ]
    for (const [i, name] of names.entries()) {
      const at = Buffer.concat([Buffer.from(`${root}/`), bytesOf(name)])
      if (name.includes('/')) mkdirSync(join(root, name, '..'), { recursive: true })
      writeFileSync(at, randomBytes(i * 50_000))
    }
    // Around the size of the read buffer, where "whole in one chunk" ends.
    for (const size of [1, 1048575, 1048576, 1048577, 3 * 1048576, 9_728_000])
      writeFileSync(join(root, `size-${size}`), randomBytes(size))
    const outcomes = await readAll(root, jobsOf(walkAll(root)))
    expect(outcomes.size).toBe(names.length + 6)
    for (const [algorithm, tool] of [
      ['md5', 'md5sum'],
      ['sha1', 'sha1sum'],
      ['sha256', 'sha256sum'],
    ] as const) {
      const sums = sh(`cd "$1" && find . -type f -print0 | xargs -0 ${tool} -z`, root)
        .split('\0')
        .slice(0, -1)
      expect(sums).toHaveLength(outcomes.size)
      for (const line of sums) {
        const space = line.indexOf(' ')
        expect(outcomes.get(line.slice(space + 4))?.content?.digests[algorithm]).toBe(line.slice(0, space))
      }
    }
  })

  it('reads the same through 1 worker and 8, and with empty files and eDonkey digests', async () => {
    const root = tempFolder()
    for (let i = 0; i < 500; i++) fill(root, { [`f/${i % 7}/${i}`]: 'x'.repeat(i * 10) })
    const jobs = jobsOf(walkAll(root))
    const one = await readAll(root, jobs, { workers: 1, ed2k: true })
    const eight = await readAll(root, jobs, { workers: 8, ed2k: true })
    expect(new Map([...eight].sort())).toEqual(new Map([...one].sort()))
    expect(one.get('f/0/0')?.content).toMatchObject({ mediaType: 'inode/x-empty', sizeBytes: 0n })
    // MD4 of nothing (RFC 1320, A.5): the eDonkey digest of an empty file.
    expect(one.get('f/0/0')?.content?.digests.ed2kRed).toBe('31d6cfe0d16ae931b73c59d7e0c089c0')
  })

  it('takes pages from an asynchronous source, with backpressure', async () => {
    const root = tempFolder()
    for (let i = 0; i < 3000; i++) fill(root, { [`${i}`]: String(i) })
    const jobs = jobsOf(walkAll(root))
    let handedOut = 0
    let received = 0
    let ahead = 0
    async function* pages() {
      for (let i = 0; i < jobs.length; i += 100) {
        handedOut += 100
        ahead = Math.max(ahead, handedOut - received)
        yield jobs.slice(i, i + 100)
      }
    }
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    const seen = new Set<number>()
    for await (const items of pool.readAll(pages())) {
      for (const { job } of items) seen.add(job.entryId)
      received = seen.size
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await pool.close()
    expect(seen.size).toBe(3000)
    expect(ahead).toBeLessThan(1500)
  })

  it('needs no more memory for forty thousand files than for ten thousand', async () => {
    const root = tempFolder()
    for (let i = 0; i < 100; i++) fill(root, { [`f${i}`]: `${i}` })
    const jobs = jobsOf(walkAll(root))
    const readTimes = async (n: number) => {
      const all = Array.from({ length: n }, (_, i) => ({ ...jobs[i % jobs.length]!, entryId: i }))
      let done = 0
      for await (const items of pool.readAll(all))
        done += items.filter(({ outcome }) => outcome.content !== null).length
      expect(done).toBe(n)
    }
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    // Twice: what the engine takes once for its code and its young objects is there before the comparison.
    await readTimes(10_000)
    await readTimes(10_000)
    // A leak grows each time; what the engine keeps once more grows one of the two.
    const grownMb: number[] = []
    for (let i = 0; i < 2; i++) {
      const before = residentMb()
      await readTimes(40_000)
      grownMb.push(residentMb() - before)
    }
    expect(Math.min(...grownMb)).toBeLessThan(25)
    await pool.close()

    function residentMb(): number {
      const pids = childrenOf(process.pid).filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('reader-child'),
      )
      expect(pids).toHaveLength(1)
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pids[0]}/status`, 'utf8'))![1]) / 1024
    }
  })

  it('reaches files 60 and 1,000 levels down', async () => {
    const root = tempFolder()
    deepFolder(root, 1000)
    const jobs = jobsOf(walkAll(root))
    const outcomes = await readAll(root, jobs)
    expect([...outcomes.values()].filter(({ content }) => content === null)).toEqual([])
    expect(outcomes.size).toBe(2000)
    const deepest = [...outcomes]
      .filter(([path]) => path.endsWith('/leaf'))
      .sort(([a], [b]) => b.length - a.length)[0]!
    expect(deepest[1].content?.digests.sha256).toBe(sha256('leaf 999'))
  })

  it('hands over whole contents, and refuses those over the limit', async () => {
    const root = tempFolder()
    const big = randomBytes(5_000_001)
    fill(root, { big, empty: '', small: 'hello' })
    const jobs = new Map(jobsOf(walkAll(root)).map((job) => [job.path.bytes.toString(), job]))
    const pool = new ReaderPool({ root, workers: 2, limits: LIMITS })
    const [a, b, c, d] = await Promise.all([
      pool.bytes(jobs.get('big')!, 1e9),
      pool.bytes(jobs.get('empty')!, 1e9),
      pool.bytes(jobs.get('small')!, 1e9),
      pool.bytes(jobs.get('big')!, 5_000_000),
    ])
    expect((a as { bytes: Buffer }).bytes.equals(big)).toBe(true)
    expect((b as { bytes: Buffer }).bytes).toHaveLength(0)
    expect((c as { bytes: Buffer }).bytes.toString()).toBe('hello')
    expect(d).toMatchObject({ result: 'not-done', reason: 'over-byte-limit' })
    unlinkSync(join(root, 'small'))
    expect(await pool.bytes(jobs.get('small')!, 1e9)).toMatchObject({
      result: 'not-done',
      reason: 'vanished',
    })
    await pool.close()
  })

  it('says vanished, changed or replaced, and never gives digests of something else', async () => {
    const root = fill(tempFolder(), {
      gone: 'x',
      longer: 'x',
      shorter: 'xyz',
      touched: 'x',
      link: 'x',
      fifo: 'x',
      socket: 'x',
      folder: 'x',
      replaced: 'x',
      'moved/file': 'x',
      fine: 'x',
    })
    const jobs = jobsOf(walkAll(root))
    const at = (name: string) => join(root, name)
    unlinkSync(at('gone'))
    appendFileSync(at('longer'), 'y')
    truncateSync(at('shorter'), 1)
    utimesSync(at('touched'), 1, 1)
    for (const name of ['link', 'fifo', 'socket', 'folder', 'replaced']) unlinkSync(at(name))
    symlinkSync('/etc/passwd', at('link'))
    sh('mkfifo "$1/fifo"; mkdir "$1/folder"; mv "$1/moved" "$1/elsewhere"; ln -s elsewhere "$1/moved"', root)
    // The same size and time in another inode.
    sh('printf x > "$1/replaced"; touch -r "$1/fine" "$1/replaced"', root)
    const server = createServer().listen(at('socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    const reads = await readAll(root, jobs)
    server.close()
    expect(Object.fromEntries([...reads].map(([path, outcome]) => [path, why(outcome)]))).toMatchObject({
      gone: 'vanished: ENOENT',
      longer: 'changed-during-read: 1 bytes at inventory, 2 when opened',
      shorter: 'changed-during-read: 3 bytes at inventory, 1 when opened',
      touched: 'changed-during-read: modified between inventory and read',
      link: 'changed-during-read: a symbolic link stands where a file was',
      fifo: 'changed-during-read: no longer a regular file',
      socket: 'changed-during-read: a socket or FIFO stands where a file was',
      folder: 'changed-during-read: no longer a regular file',
      'moved/file': 'vanished: ENOTDIR',
      fine: 'done',
    })
    expect(why(reads.get('replaced'))).toMatch(
      /^changed-during-read: (inode \d+ at inventory|modified between)/,
    )
    for (const outcome of reads.values())
      expect(outcome.content === null).toBe(outcome.result.result !== 'done')
  })

  it('notices a file that grows while it is read', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'growing'), '')
    truncateSync(join(root, 'growing'), 5e8)
    const jobs = jobsOf(walkAll(root, { sparseLogicalBytes: 1e12 }))
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    const reading = collect(pool, jobs)
    await until(() =>
      childrenOf(process.pid).some((pid) => fdsOf(pid).some((path) => path.endsWith('/growing'))),
    )
    appendFileSync(join(root, 'growing'), 'more')
    expect(why((await reading).get('growing'))).toMatch(/^changed-during-read: /)
    await pool.close()
  })

  it.skipIf(!IS_ROOT)(
    'counts what the account may not open, and reads on without O_NOATIME where it is not the owner',
    async () => {
      const root = fill(tempFolder(), { closed: 'x', open: 'y', 'folder/inside': 'z' })
      const jobs = jobsOf(walkAll(root))
      sh('chmod 755 "$1"; chmod 000 "$1/closed" "$1/folder"; chmod 644 "$1/open"', root)
      const out = asNobody(root, jobs)
      expect(out.results).toEqual({
        closed: 'permission-denied: EACCES',
        'folder/inside': 'permission-denied: EACCES',
        open: 'done',
      })
      expect(out.atimeTouched).toBe(true)
      sh('chmod 755 "$1/folder"', root)
      const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
      await collect(pool, jobs)
      expect(pool.atimeTouched).toBe(false)
      await pool.close()
    },
  )

  it('is not held up by a huge file, even with one worker', async () => {
    const root = tempFolder()
    writeFileSync(join(root, '00-huge'), '')
    truncateSync(join(root, '00-huge'), 5e8)
    for (let i = 0; i < 300; i++) fill(root, { [`small/${i}`]: String(i) })
    const jobs = jobsOf(walkAll(root, { sparseLogicalBytes: 1e12 }))
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    const order: string[] = []
    for await (const items of pool.readAll(jobs))
      for (const { job, outcome } of items) {
        expect(outcome.result.result).toBe('done')
        order.push(job.path.bytes.toString())
      }
    await pool.close()
    expect(order).toHaveLength(301)
    expect(order.at(-1)).toBe('00-huge')
  })

  it('retries what a killed reader held, and loses and doubles nothing', async () => {
    const root = tempFolder()
    for (let i = 0; i < 2000; i++) fill(root, { [`${i}`]: randomBytes(20_000) })
    const jobs = jobsOf(walkAll(root))
    const pool = new ReaderPool({ root, workers: 2, limits: LIMITS })
    let kills = 0
    const before = new Set(childrenOf(process.pid))
    const outcomes = new Map<number, ReadOutcome>()
    for await (const items of pool.readAll(jobs)) {
      for (const { job, outcome } of items) {
        expect(outcomes.has(job.entryId)).toBe(false)
        outcomes.set(job.entryId, outcome)
      }
      // Behind an answer, and four at most: three that end before they work are a broken installation.
      if (kills === 4) continue
      const pid = childrenOf(process.pid).find(
        (child) => !before.has(child) && fdsOf(child).some((path) => path.startsWith(root)),
      )
      if (pid === undefined) continue
      process.kill(pid, 'SIGKILL')
      kills++
    }
    await pool.close()
    expect(outcomes.size).toBe(2000)
    expect(kills).toBeGreaterThan(0)
    expect(
      [...outcomes.values()].filter(
        ({ result }) => result.result !== 'done' && result.reason !== 'reader-crashed',
      ),
    ).toEqual([])
  })

  it('gives a file up when the reader ends on it twice', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'killer'), '')
    truncateSync(join(root, 'killer'), 60e9)
    const jobs = jobsOf(walkAll(root, { sparseLogicalBytes: 1e12 }))
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    const reading = collect(pool, jobs)
    const killer = setInterval(() => {
      for (const pid of childrenOf(process.pid))
        if (fdsOf(pid).some((path) => path.endsWith('/killer'))) process.kill(pid, 'SIGKILL')
    }, 30)
    expect(why((await reading).get('killer'))).toBe('reader-crashed: the reading process ended: SIGKILL')
    clearInterval(killer)
    await pool.close()
  })

  it('stops reading when the caller stops asking, and close ends every process', async () => {
    const root = tempFolder()
    for (let i = 0; i < 1000; i++) fill(root, { [`${i}`]: String(i) })
    const before = new Set(childrenOf(process.pid))
    const pool = new ReaderPool({ root, workers: 3, limits: LIMITS })
    for await (const items of pool.readAll(jobsOf(walkAll(root)))) {
      expect(items.length).toBeGreaterThan(0)
      break
    }
    const children = childrenOf(process.pid).filter((pid) => !before.has(pid))
    expect(children.length).toBeGreaterThan(0)
    await pool.close()
    await until(() => children.every((pid) => !childrenOf(process.pid).includes(pid)))
    await expect(collect(pool, jobsOf(walkAll(root)))).rejects.toThrow('the reader pool was closed')
  })

  it('leaves no reader behind when the main process alone is killed, not even inside a long read', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'huge'), '')
    truncateSync(join(root, 'huge'), 400e9)
    const main = spawn(process.execPath, ['--input-type=module', '-e', POOL_SCRIPT, root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    atFileEnd(() => main.kill('SIGKILL'))
    await until(() => childrenOf(main.pid!).some((pid) => fdsOf(pid).some((path) => path.endsWith('/huge'))))
    const readers = childrenOf(main.pid!)
    // The kernel ends it, not a thread of its own: none has started yet.
    if (tools().landlock) expect(readers.flatMap(threadsOf)).not.toContain('WorkerThread')
    main.kill('SIGKILL')
    await new Promise((resolve) => main.once('exit', resolve))
    await until(() => !readers.some(alive))
  })

  it('is not given up inside one long read, and says from there how far it is', async () => {
    const root = tempFolder()
    writeFileSync(join(root, 'huge'), '')
    truncateSync(join(root, 'huge'), 400e9)
    const pool = new ReaderPool({ root, workers: 1, limits: { ...LIMITS, readStallMs: 5000 } })
    const reading = collect(pool, jobsOf(walkAll(root, { sparseLogicalBytes: 1e15 })))
    reading.catch(() => {})
    const first = () => pool.reading?.bytesDone ?? 0n
    await until(() => first() > 0n)
    const before = first()
    // Longer than a read may stand still.
    await new Promise((resolve) => setTimeout(resolve, 8000))
    expect(pool.givenUp).toBe(0)
    expect(first()).toBeGreaterThan(before)
    await pool.close()
  })

  it('gives readers an environment of their own and nothing of the case in argv', async () => {
    const root = fill(tempFolder(), { file: '' })
    truncateSync(join(root, 'file'), 4e9)
    process.env.SEIZED_TEST_SECRET = 'secret'
    const pool = new ReaderPool({ root, workers: 1, limits: LIMITS })
    const reading = collect(pool, jobsOf(walkAll(root, { sparseLogicalBytes: 1e12 })))
    let reader = 0
    await until(() => {
      reader = childrenOf(process.pid).find((pid) => fdsOf(pid).some((path) => path.endsWith('/file'))) ?? 0
      return reader > 0
    })
    expect(readFileSync(`/proc/${reader}/environ`, 'latin1')).not.toContain('secret')
    expect(readFileSync(`/proc/${reader}/cmdline`, 'latin1')).not.toContain(root)
    delete process.env.SEIZED_TEST_SECRET
    const closed = expect(reading).rejects.toThrow('the reader pool was closed')
    await pool.close()
    await closed
  })

  it('says in one sentence why readers do not start', async () => {
    const pool = new ReaderPool({ root: '/nonexistent-root', workers: 2, limits: LIMITS })
    const job: PendingRead = {
      entryId: 1,
      path: filePath(Buffer.from('x')),
      sizeBytes: 1n,
      modifiedNs: null,
      device: null,
      inode: null,
      allocatedBytes: null,
    }
    await expect(collect(pool, [job])).rejects.toThrow(
      /process that reads files ended .*(ENOENT|No such file or directory)/s,
    )
    await pool.close()
  })
})

const POOL_SCRIPT = `
import { walk } from ${JSON.stringify(new URL('../../dist/src/confined/walker/walk.js', import.meta.url).href)}
import { ReaderPool } from ${JSON.stringify(new URL('../../dist/src/host/reader/reader-pool.js', import.meta.url).href)}
const root = process.argv[1]
const jobs = process.argv[2]
  ? JSON.parse(process.argv[2]).map(([path, size], entryId) => ({ entryId, path: { bytes: Buffer.from(path), steps: [] }, sizeBytes: BigInt(size), modifiedNs: null, inode: null, device: null, allocatedBytes: null }))
  : [...walk(root, { sparseLogicalBytes: 1e15 })].flatMap(({ entry, read }, entryId) => read ? [] : [{ ...entry, entryId, modifiedNs: null }])
const pool = new ReaderPool({ root, workers: 1, limits: { readStallMs: 20000 } })
const results = {}
for await (const items of pool.readAll(jobs))
  for (const { job, outcome: { result } } of items) results[job.path.bytes.toString()] = result.result === 'done' ? 'done' : result.reason + ': ' + result.detail.params.errno
console.log(JSON.stringify({ results, atimeTouched: pool.atimeTouched }))
await pool.close()`

function asNobody(
  root: string,
  jobs: readonly PendingRead[],
): { results: Record<string, string>; atimeTouched: boolean } {
  const list = JSON.stringify(jobs.map((job) => [job.path.bytes.toString(), Number(job.sizeBytes)]))
  const run = spawnSync(
    'setpriv',
    [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      POOL_SCRIPT,
      root,
      list,
    ],
    { encoding: 'utf8', cwd: '/' },
  )
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

function fdsOf(pid: number): string[] {
  const run = spawnSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'latin1' })
  return run.stdout.split('\n').map((line) => line.replace(/^.* -> /, ''))
}

describe.skipIf(!CAN_MOUNT)('reader pool on a mounted image', () => {
  it('names the offset at which the device failed, stores no digest of a part, and reads on', async () => {
    const source = fill(tempFolder(), { 'aaa-first': 'first' })
    writeFileSync(join(source, 'big'), randomBytes(12_000_000))
    fill(source, { 'later/file': 'later' })
    const image = ext4Image(source, 32, '-O ^has_journal')
    const root = mountLoop(image)
    const jobs = jobsOf(walkAll(root))
    const last = Number(sh(`debugfs -R 'blocks big' "$1" 2>/dev/null`, image).trim().split(/\s+/).at(-2))
    const blockBytes = Number(sh(`dumpe2fs -h "$1" 2>/dev/null | sed -n 's/^Block size: *//p'`, image))
    truncateSync(image, (last - 500) * blockBytes)
    sh('sync; echo 3 > /proc/sys/vm/drop_caches')
    const outcomes = await readAll(root, jobs)
    const big = outcomes.get('big')!
    expect(why(big)).toMatch(/^io-error: EIO at offset \d+$/)
    expect(Number(/\d+$/.exec(why(big))![0])).toBeGreaterThan(5_000_000)
    expect(big.content).toBeNull()
    expect(outcomes.get('aaa-first')?.content?.digests.sha256).toBe(sha256('first'))
    expect(outcomes.size).toBe(jobs.length)
  })

  it.skipIf(!has('strace'))('opens nothing below the exhibit for writing, and opens no socket', async () => {
    const source = fill(tempFolder(), { 'a/b': 'x', c: randomBytes(3_000_000) })
    const root = mountLoop(ext4Image(source))
    const trace = join(tempFolder(), 'trace')
    const run = spawnSync(
      'strace',
      [
        '-f',
        '-o',
        trace,
        '-e',
        'trace=file,network,desc',
        process.execPath,
        '--input-type=module',
        '-e',
        POOL_SCRIPT,
        root,
      ],
      { encoding: 'utf8' },
    )
    expect(run.status).toBe(0)
    expect(Object.values(JSON.parse(run.stdout).results)).toEqual(['done', 'done'])
    const calls = readFileSync(trace, 'latin1').split('\n')
    expect(
      calls.filter(
        (call) => /\b(socket|connect|bind|listen|sendto)\(/.test(call) && !/AF_UNIX|AF_LOCAL/.test(call),
      ),
    ).toEqual([])
    const below = calls.filter((call) => call.includes('/proc/self/fd/') || call.includes(root))
    expect(below.some((call) => /open/.test(call) && call.includes('O_NOFOLLOW'))).toBe(true)
    expect(
      below.filter((call) =>
        /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|utime|chmod|chown|unlink|rename|mkdir|symlink|setxattr|truncate/.test(
          call,
        ),
      ),
    ).toEqual([])
  })
})

describe.skipIf(!CAN_FUSE)('reader pool on a stuck FUSE mount', () => {
  it('gives up a read that never returns, reads the rest, and closes at once', async () => {
    const source = fill(tempFolder(), { 'stuck/file': randomBytes(400_000), 'other/file': 'y' })
    const image = ext4Image(source, 16)
    const stuckAt = tempFolder()
    const daemon = await fuseMount(image, stuckAt)
    // One exhibit of which a part is stuck: the FUSE mount as a folder of an ordinary one.
    const root = fill(tempFolder(), { 'healthy/one': '1', 'healthy/two': '2' })
    mkdirSync(join(root, 'fuse'))
    sh('mount --bind "$1" "$2"', stuckAt, join(root, 'fuse'))
    atFileEnd(() => spawnSync('umount', ['-l', join(root, 'fuse')]))
    const jobs = jobsOf(walkAll(root))
    expect(jobs).toHaveLength(4)
    process.kill(daemon.pid!, 'SIGSTOP')
    const pool = new ReaderPool({ root, workers: 1, limits: { readStallMs: 1500 } })
    const outcomes = await collect(pool, jobs)
    expect(why(outcomes.get('fuse/stuck/file'))).toMatch(/^read-stalled: no answer for 2 s$/)
    expect(why(outcomes.get('healthy/one'))).toBe('done')
    expect(why(outcomes.get('healthy/two'))).toBe('done')
    expect(outcomes.size).toBe(4)
    expect(pool.givenUp).toBeGreaterThan(0)
    // And a close while a read is stuck: it ends long before the pool would give the read up.
    const again = new ReaderPool({ root, workers: 1, limits: { ...LIMITS, readStallMs: 3_600_000 } })
    const never = again.bytes(jobs.find((job) => job.path.bytes.includes('stuck'))!, 1e9)
    never.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 700))
    await again.close()
    await pool.close()
    process.kill(daemon.pid!, 'SIGCONT')
  })
})
