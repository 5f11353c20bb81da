import { describe, expect, it } from 'vitest'
import { parseStoredJson, storedJson } from '../../src/base/stored-json.ts'

describe('stored JSON', () => {
  it('comes back as it was, big integers among other values included', () => {
    const value = { b: [1, null, { inner: 2n ** 70n }], a: -5n, text: '\\u0041 "quoted"\n', empty: {} }
    expect(parseStoredJson(storedJson(value))).toEqual(value)
  })

  it('without a big integer comes back too', () => {
    const place = { kind: 'runs', runs: [{ length: 4096, offset: null }], validBytes: 4000 }
    expect(storedJson(place)).toBe('{"kind":"runs","runs":[{"length":4096,"offset":null}],"validBytes":4000}')
    expect(parseStoredJson(storedJson(place))).toEqual(place)
  })

  it('has a big integer where the mark of one is written in another way', () => {
    expect(parseStoredJson('{"\\u0024int":"7"}')).toBe(7n)
    expect(parseStoredJson('[{"$i\\u006et":"8"}]')).toEqual([8n])
  })
})
