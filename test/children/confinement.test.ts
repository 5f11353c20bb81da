import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { MODELS_DIR } from '../../src/base/version.ts'
import { textModelUses } from '../../src/classify-text/uses.ts'
import { filterOf } from '../../src/host/confine/filter.ts'
import { Unconfined } from '../../src/host/confine/gate.ts'
import { NEWEST, SYSCALLS } from '../../src/host/confine/syscalls.ts'
import { tools } from '../../src/host/confine/tools.ts'
import { JobPool, type PoolOptions } from '../../src/host/decoder/job-pool.ts'

const ENTRY = fileURLToPath(new URL('./hostile-child.mjs', import.meta.url))
const SCRIPT = fileURLToPath(new URL('../../scripts/confinement.js', import.meta.url))
const has = tools()
const pools: JobPool[] = []

function poolOf(options: Partial<PoolOptions>): JobPool {
  const pool = new JobPool({
    size: 1,
    ops: ['hostile'],
    dataBytes: 3 * 1024 ** 3,
    cpuMs: 5000,
    childEntry: ENTRY,
    ...options,
  })
  pools.push(pool)
  return pool
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

describe.skipIf(!(has.landlock && has.filter && has.network && has.limits))(
  'a child that is confined',
  () => {
    const config = { look: { models: [] }, text: { models: textModelUses(MODELS_DIR) } }

    it.each(['look', 'open', 'text'])('of %s is refused all that it tries', async (op) => {
      const { rootDropped, succeeded, missing, ...holds } = await poolOf({ ops: [op], config }).confinement()
      expect(succeeded).toEqual([])
      expect(missing).toEqual([])
      expect(Object.entries(holds).filter(([, yes]) => !yes)).toEqual([])
      expect(rootDropped).toBe(process.getuid?.() === 0)
    })

    it('rejects the run when confinement is missing and that was not allowed', async () => {
      const pool = poolOf({ tools: { ...has, landlock: false } })
      await expect(pool.confinement()).rejects.toThrow(Unconfined)
      await expect(pool.confinement()).rejects.toThrow(/missing: landlock.*--allow-unconfined/)
    })
  },
)

describe.skipIf(!(has.landlock && has.filter && has.limits && existsSync('/usr/bin/gcc')))(
  'code that has taken a child over',
  () => {
    const root = process.getuid?.() === 0
    it.each(root ? ['root', 'uid 1000'] : ['this account'])(
      'as %s succeeds with none of its attempts, in a child of any kind',
      (account) => {
        const as = account === 'uid 1000' ? ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'] : []
        const [program, ...args] = [...as, process.execPath, SCRIPT]
        const { stdout, stderr } = spawnSync(program!, args, { cwd: '/', encoding: 'utf8' })
        expect(stderr).toBe('')
        const { unconfined, ...confined } = JSON.parse(stdout) as Record<string, [string, string][]>
        const done = (tried: readonly [string, string][]) =>
          tried.filter(([, outcome]) => outcome === 'done').map(([name]) => name)
        expect(Object.keys(confined)).toEqual([
          ...['picture', 'video', 'container', 'text', 'records', 'typesetter'],
          ...['lister and reader of an image', 'walker and reader of a mount'],
        ])
        const mounted = (kind: string) =>
          confined[kind]!.find(([name]) => name.includes('read the mount'))![1]
        expect(mounted('walker and reader of a mount')).toBe('as it should')
        expect(mounted('lister and reader of an image')).toBe('EACCES')
        for (const tried of Object.values(confined)) {
          expect(tried.length).toBeGreaterThan(45)
          expect(done(tried)).toEqual([])
        }
        // The attempts are real: without any of what confines it a child succeeds.
        expect(done(unconfined!)).toEqual(
          expect.arrayContaining([
            'read the ledger',
            'create a file',
            'connect by TCP',
            'fork',
            'run /bin/sh',
          ]),
        )
      },
      120_000,
    )
  },
)

describe('where tools are missing', () => {
  it('what they would have refused is tried, succeeds, and is said', async () => {
    const none = { limits: null, network: null, privileges: null, landlock: false, filter: false }
    const held = await poolOf({ tools: none, allowUnconfined: true }).confinement()
    expect(held).toMatchObject({
      fileWritesRefused: false,
      fileReadsRefused: false,
      programsRefused: false,
      systemCallsFiltered: false,
      missing: ['prlimit', 'unshare', 'setpriv', 'landlock', 'seccomp'],
    })
    expect(held.succeeded).toContain('read /etc/passwd')
    expect(held.succeeded).toContain('create a file')
    expect(held.succeeded).toContain('run /bin/sh')
  })

  it.skipIf(!has.landlock)('Landlock alone keeps it from contents, not from modes of files', async () => {
    const held = await poolOf({ tools: { ...has, filter: false }, allowUnconfined: true }).confinement()
    expect(held).toMatchObject({ fileReadsRefused: true, programsRefused: true, systemCallsFiltered: false })
    expect(held.succeeded).not.toContain('create a file')
  })
})

describe('the filter', () => {
  it.each(['x64', 'arm64'])('of %s names every call once and fits into what a kernel takes', (arch) => {
    const column = arch === 'x64' ? 1 : 2
    const numbers = SYSCALLS.flatMap((row) => (row[column] === null ? [] : [row[column]]))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(NEWEST)
    // BPF_MAXINSNS of linux/bpf_common.h.
    expect(filterOf({ pid: 4_194_304, root: true }, arch).length / 8).toBeLessThan(4096)
  })
})
