import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { IdSet } from '../../src/base/id-set.ts'

describe('a set of ids', () => {
  it('holds what a set of numbers holds, near and far', () => {
    const random = seeded(7)
    const [ids, oracle] = [new IdSet(), new Set<number>()]
    const some = () => Math.floor(random() * [100, 9000, 2 ** 31, 2 ** 52][Math.floor(random() * 4)]!)
    for (let i = 0; i < 5000; i++) {
      const id = some()
      oracle.add(id)
      expect(ids.add(id)).toBe(ids)
    }
    for (const id of oracle) if (!ids.has(id)) expect(id).toBe('in it')
    for (let i = 0; i < 20_000; i++) {
      const id = some()
      if (ids.has(id) !== oracle.has(id)) expect(id).toBe(oracle.has(id))
    }
    for (const id of [31, 32, 8191, 8192, 2 ** 53 - 1]) expect(new IdSet().add(id).has(id)).toBe(true)
    expect([30, 33].map((id) => new IdSet().add(31).has(id))).toEqual([false, false])
  })
})
