import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../../fixtures/disk-image.ts'
import { listImage } from '../../../src/confined/lister/list-image.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { rangesOf } from '../../../src/formats/image/handed-image.ts'
import { Silence } from '../../../src/host/lister/silence.ts'
import { cpuMsOf, mainThreadCpuMsOf } from '../../../src/process/proc.ts'
import { BeginningIndex } from '../../../src/wire/beginning-index.ts'
import { memoryMedium } from '../../image/volume.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-silence-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** @returns at which of so many looks, a second apart, it is taken to hang; null: at none */
function hangsAt(looks: readonly { moved?: boolean; workedMs: number | null }[]): number | null {
  const silence = new Silence(1000, 20_000)
  const at = looks.findIndex(({ moved, workedMs }) => silence.look(moved ?? false, workedMs))
  return at === -1 ? null : at + 1
}

const many = (msALook: number) => Array.from({ length: 1000 }, (_, i) => ({ workedMs: 500 + i * msALook }))

describe('a lister without a sign of movement', () => {
  it('hangs after the limit when it does not work, or when nobody can say', () => {
    expect(hangsAt(many(0))).toBe(20)
    expect(hangsAt(many(0).map(() => ({ workedMs: null })))).toBe(20)
  })

  it('is slow, not stuck, when the machine lets it work little', () => {
    expect(hangsAt(many(50).slice(0, 300))).toBeNull()
  })

  it('hangs when it worked for the limit, as one that goes in circles', () => {
    expect(hangsAt(many(1000))).toBe(20)
    expect(hangsAt(many(100))).toBe(191)
    // Two late looks are two looks.
    expect(hangsAt(many(60_000))).toBe(20)
  })

  it('begins anew with every sign', () => {
    expect(hangsAt(many(0).map((look, i) => ({ ...look, moved: i % 19 === 18 })))).toBeNull()
  })
})

it('the work of a main thread does not count its helpers', async () => {
  const helper = `const before = process.cpuUsage().user
    while (process.cpuUsage().user - before < 400_000);
    require('node:fs').writeSync(1, 'worked')`
  const main = `new (require('node:worker_threads').Worker)(${JSON.stringify(helper)}, { eval: true })`
  const child = spawn(process.execPath, ['-e', `${main}; setInterval(() => {}, 1000)`])
  try {
    await once(child.stdout, 'data')
    const [all, own] = [cpuMsOf(child.pid)!, mainThreadCpuMsOf(child.pid)!]
    expect(own).toBeGreaterThan(0)
    expect(all - own).toBeGreaterThan(350)
  } finally {
    child.kill('SIGKILL')
  }
})

it('a listing that goes on gives a sign for each entry that it passes', () => {
  const path = join(folder, 'disk.raw')
  const files = Array.from({ length: 20 }, (_, i) => ({ name: `F${i}.BIN`, bytes: Buffer.from(`${i}`) }))
  writeDiskImage(path, [files])
  const image = openImage([{ name: 'disk.raw', medium: memoryMedium(readFileSync(path)) }])
  const listed = (entries: number) => {
    let passed = 0
    const given = [
      ...listImage(image, rangesOf(image), {
        known: new BeginningIndex(Buffer.alloc(0)),
        remains: 'none',
        sample: null,
        lists: [],
        damage: [],
        sparseLogicalBytes: 2 ** 40,
        volumes: null,
        passOver: [],
        after: entries === 0 ? null : { volume: 1, entries },
        at: () => {},
        passed: () => void passed++,
      }),
    ]
    return { given: given.filter(({ kind }) => kind === 'entry').length, passed }
  }
  const all = listed(0)
  expect(all.given).toBeGreaterThanOrEqual(20)
  expect(all.passed).toBe(0)
  expect(listed(15)).toEqual({ given: all.given - 15, passed: 15 })
})
