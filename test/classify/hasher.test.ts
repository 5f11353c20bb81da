import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fieldHash, HASH_BYTES, type HasherKind, hasherCard, hasherWasm } from '../../fixtures/hasher.ts'
import { addModel } from '../../src/classify/add-model.ts'
import { asPlanned, parseHasherCard } from '../../src/classify/hasher-card.ts'
import { hasherOf } from '../../src/classify/hasher-module.ts'
import {
  hasherUses,
  listHashers,
  listModels,
  plannedHashers,
  verifyModels,
} from '../../src/classify/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hasher-'))
  mkdirSync(join(folder, 'models'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function add(wasm: Buffer, card = hasherCard(wasm)) {
  writeFileSync(join(folder, 'card.json'), card)
  writeFileSync(join(folder, 'hasher.wasm'), wasm)
  return addModel(join(folder, 'card.json'), join(folder, 'hasher.wasm'), join(folder, 'models'))
}

function made(kind: HasherKind = {}, more: Readonly<Record<string, unknown>> = {}) {
  const wasm = hasherWasm(kind)
  const card = hasherCard(wasm, more)
  return hasherOf(asPlanned(parseHasherCard(card, 'card'), card), wasm)
}

function picture(width: number, height: number, channels: 3 | 4 = 3, first: readonly number[] = []) {
  const data = new Uint8Array(width * height * channels)
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + ((i * i) >> 5)) & 255
  data.set(first)
  return { data, width, height, channels }
}

describe("an agency's hasher", () => {
  it('gives the hash that the same arithmetic gives outside of it, of pictures of any size', () => {
    const hash = made()
    for (const [width, height] of [
      [12, 12],
      [640, 480],
      [31, 1000],
      [2000, 1500],
    ] as const) {
      const of = picture(width, height)
      expect(hash(of)).toEqual({ ok: true, bytes: fieldHash(of.data, width, height), quality: 100 })
    }
  })

  it('sees no transparency, and makes no hash of what is too small for it', () => {
    const hash = made()
    const seen = picture(40, 30, 4)
    const rgb = Uint8Array.from(
      { length: 40 * 30 * 3 },
      (_, i) => seen.data[Math.floor(i / 3) * 4 + (i % 3)]!,
    )
    expect(hash(seen)).toEqual(hash({ data: rgb, width: 40, height: 30, channels: 3 }))
    expect(hash(picture(11, 300))).toEqual({ ok: true, bytes: null, quality: 100 })
  })

  it('fails of one picture alone: a trap, a lie about its size, a run without end', () => {
    const hash = made({ misbehaves: true }, { budgetMs: 300 })
    const good = picture(64, 64, 3, [1, 2, 3])
    const before = hash(good)
    expect(before).toMatchObject({ ok: true })
    const failing = (first: readonly number[]) => hash(picture(64, 64, 3, first))
    expect(failing([255, 0, 0])).toMatchObject({
      reason: 'hasher-failed',
      detail: { code: 'hasher-trapped', params: { text: 'unreachable' } },
    })
    expect(failing([0, 255, 0])).toMatchObject({
      reason: 'hasher-failed',
      detail: { code: 'hasher-size', params: { bytes: 100, of: HASH_BYTES } },
    })
    expect(failing([0, 0, 255])).toMatchObject({
      reason: 'over-time-limit',
      detail: { code: 'hasher-over-time', params: { ms: 300 } },
    })
    expect(hash(good)).toEqual(before)
  })

  it('keeps nothing from one picture to the next, and gives back its memory', () => {
    const hash = made()
    const one = picture(700, 500, 3, [9, 9, 9])
    const first = hash(one)
    for (let i = 0; i < 300; i++) hash(picture(1200 + (i % 7), 800, 3, [i & 255]))
    expect(hash(one)).toEqual(first)
  })

  it('is added, listed apart from models, named in plans, and verified by its digest', async () => {
    const wasm = hasherWasm()
    await add(wasm)
    const models = join(folder, 'models')
    expect(listModels(models)).toEqual([])
    expect(listHashers(models).map(({ id }) => id)).toEqual(['field-hasher'])
    const uses = hasherUses(models)
    expect(uses).toMatchObject([{ id: 'field-hasher', hasher: { listField: 'PhotoDNA', metric: 'l2' } }])
    expect(plannedHashers(uses, models)).toHaveLength(1)
    expect(verifyModels(models)).toMatchObject([{ id: 'field-hasher', problem: null }])
    writeFileSync(join(models, 'field-hasher/hasher.wasm'), hasherWasm({ misbehaves: true }))
    expect(verifyModels(models)[0]!.problem).toMatch(/pins SHA-256/)
    expect(() => plannedHashers(uses, models)).toThrow(/pins SHA-256/)
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'that asks for something from outside itself',
      () => add(hasherWasm({ imports: true })),
      /imports “fd_write”/,
    ],
    ['of another size than its card says', () => add(hasherWasm({ saysBytes: 100 })), /hasher-size/],
    ['that is no module', () => add(Buffer.from('no module')), /is no WASM module/],
    [
      'of another digest',
      () => add(hasherWasm(), hasherCard(Buffer.from('another'))),
      /its card pins SHA-256/,
    ],
    [
      'with a metric that nobody knows',
      () => {
        const wasm = hasherWasm()
        const hash = { listField: 'A', hashBytes: 144, metric: 'cosine', nearExact: 1, similar: 2 }
        return add(wasm, hasherCard(wasm, { hash }))
      },
      /hash.metric is none of l1, l2, hamming/,
    ],
  ])('is refused where it is one %s', async (_, adding, why) => {
    await expect(adding).rejects.toThrow(why)
    expect(listHashers(join(folder, 'models'))).toEqual([])
  })
})
