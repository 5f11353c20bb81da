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
import { HeaderHashIndex } from '../../../src/wire/header-hash-index.ts'
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
  it('counts as hanging after the limit when the process does not work, or when its work is unknown', () => {
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
    while (process.cpuUsage().user - before < 900_000);
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

it('a listing that goes on says nothing of the ranges of which all was said', () => {
  const path = join(folder, 'disk.raw')
  const files = (of: string) =>
    Array.from({ length: 20 }, (_, i) => ({ name: `${of}${i}.BIN`, bytes: Buffer.from(`${i}`) }))
  writeDiskImage(path, [files('A'), files('B')])
  const image = openImage([{ name: 'disk.raw', medium: memoryMedium(readFileSync(path)) }])
  const ranges = rangesOf(image)
  const listed = (given: readonly number[]) => [
    ...listImage(image, ranges, {
      known: new HeaderHashIndex(Buffer.alloc(0)),
      remains: 'none',
      sample: null,
      lists: [],
      damage: [],
      sparseLogicalBytes: 2 ** 40,
      volumes: null,
      passOver: [],
      given,
      at: () => {},
    }),
  ]
  const all = listed([])
  const first = ranges.findIndex(({ number }) => number === 1)
  const isOfFirst = (one: (typeof all)[number]) =>
    one.kind === 'entry' ? one.volume === 1 : one.listing.range.range.number === 1
  expect(all.filter(isOfFirst).length).toBeGreaterThan(20)
  expect(listed([first])).toEqual(all.filter((one) => !isOfFirst(one)))
  expect(listed(ranges.map((_, i) => i))).toEqual([])
})
