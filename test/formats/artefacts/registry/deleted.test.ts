/** Deleted keys and values of a hive: read from free cells, said as deleted, and never made of cells that were used again. */
import { describe, expect, it } from 'vitest'
import {
  below,
  freeCell,
  freeValue,
  type MadeKey,
  order,
  registryHive,
  wide,
} from '../../../../fixtures/device/registry.ts'
import { checkedRecord, mutant, recordsOf } from '../records-of.ts'

const HIVE = 'application/x-ft-windows-registry-hive'
const AT = 1_600_000_000
const BINS = 4096

function hive(): Buffer {
  const typed: MadeKey = {
    name: 'TypedURLs',
    writtenMs: AT * 1000,
    values: ['a', 'b', 'c'].map((word, i) => ({
      ...{ name: `url${i + 1}`, type: 1 },
      bytes: wide(`https://${word}.example/`),
    })),
  }
  const docs: MadeKey = {
    name: 'RecentDocs',
    writtenMs: AT * 1000,
    values: [
      { name: 'MRUListEx', type: 3, bytes: order(0) },
      { name: '0', type: 3, bytes: Buffer.concat([wide('lake.jpg'), Buffer.alloc(20)]) },
    ],
  }
  const bytes = registryHive({
    name: 'ROOT',
    keys: [below(['Internet Explorer'], typed), below(['Explorer'], docs)],
  })
  // The size of the one bin.
  bytes.writeUInt32LE(bytes.length - BINS, BINS + 8)
  return bytes
}

const keyAt = (bytes: Buffer, name: string) => bytes.indexOf(name, 0, 'latin1') - 80
const said = (bytes: Buffer) =>
  recordsOf(HIVE, bytes).records.map(({ what, status, when }) => {
    const { url, path } = what.params as { readonly url?: string; readonly path?: string }
    return [url ?? path, status, when === null ? null : 'timed']
  })

/** The key leaves the list of the one above, and its cells are freed. */
function deleteKey(bytes: Buffer, name: string, above: string, values: readonly string[]): void {
  const key = keyAt(bytes, name)
  for (const value of values) freeValue(bytes, value)
  freeCell(bytes, BINS + bytes.readUInt32LE(key + 44))
  freeCell(bytes, key)
  const parent = keyAt(bytes, above)
  // Written by the system, and by no maker here.
  bytes.writeUInt32LE(parent - BINS, key + 20)
  bytes.writeUInt32LE(0, parent + 24)
}

const URLS = ['url1', 'url2', 'url3']
const LIVE = [
  ['https://a.example/', 'live', 'timed'],
  ['https://b.example/', 'live', null],
  ['https://c.example/', 'live', null],
]

describe('a hive', () => {
  it('gives a deleted key with its values, each as deleted, with the last change of the key', () => {
    const bytes = hive()
    deleteKey(bytes, 'TypedURLs', 'Internet Explorer', URLS)
    expect(recordsOf(HIVE, bytes).result).toEqual({ result: 'done' })
    expect(said(bytes)).toEqual([
      ['lake.jpg', 'live', 'timed'],
      ['https://a.example/', 'deleted', 'timed'],
      ['https://b.example/', 'deleted', null],
      ['https://c.example/', 'deleted', null],
    ])
  })

  it('gives a deleted value of a key that lives, without a time', () => {
    const bytes = hive()
    freeValue(bytes, 'url3')
    bytes.writeUInt32LE(2, keyAt(bytes, 'TypedURLs') + 40)
    expect(said(bytes)).toEqual([
      ...LIVE.slice(0, 2),
      ['lake.jpg', 'live', 'timed'],
      ['https://c.example/', 'deleted', null],
    ])
  })

  it('gives a deleted key under a deleted one, and nothing of a key whose name above was written over', () => {
    const bytes = hive()
    deleteKey(bytes, 'TypedURLs', 'Internet Explorer', URLS)
    freeCell(bytes, keyAt(bytes, 'Internet Explorer'))
    expect(said(bytes).filter(([, status]) => status === 'deleted').length).toBe(3)
    bytes.write('Other', keyAt(bytes, 'Internet Explorer') + 80)
    expect(said(bytes)).toEqual([['lake.jpg', 'live', 'timed']])
  })

  it('believes nothing that lies in a cell in use', () => {
    const bytes = hive()
    deleteKey(bytes, 'TypedURLs', 'Internet Explorer', URLS)
    const text = bytes.indexOf(wide('https://b.example/')) - 4
    bytes.writeInt32LE(-bytes.readInt32LE(text), text)
    expect(said(bytes).map(([name]) => name)).toEqual([
      'lake.jpg',
      'https://a.example/',
      'https://c.example/',
    ])
  })

  it('does not say again what a live value says', () => {
    const bytes = hive()
    freeValue(bytes, 'url3')
    bytes.writeUInt32LE(2, keyAt(bytes, 'TypedURLs') + 40)
    const [b, c] = ['b', 'c'].map((word) => wide(`https://${word}.example/`))
    bytes.set(b!, bytes.indexOf(c!))
    expect(said(bytes).filter(([, status]) => status === 'deleted')).toEqual([])
  })

  it('with more deleted keys than are read says that the search for them was cut', () => {
    const key = Buffer.alloc(88)
    key.writeInt32LE(88)
    key.write('nk', 4, 'latin1')
    key.writeUInt16LE(0x20, 6)
    key.writeUInt32LE(0xffff_fff0, 20)
    key.writeUInt16LE(1, 76)
    key.write('k', 80, 'latin1')
    const withKeys = (count: number) => {
      const bin = Buffer.alloc(32)
      bin.write('hbin', 'latin1')
      bin.writeUInt32LE(32 + count * key.length, 8)
      return Buffer.concat([hive(), bin, ...Array.from({ length: count }, () => key)])
    }
    expect(recordsOf(HIVE, withKeys(100_000)).result).toEqual({ result: 'done' })
    expect(recordsOf(HIVE, withKeys(100_001)).result).toEqual({
      ...{ result: 'done-with-warnings', reason: 'partly-examined' },
      detail: { code: 'deleted-rows-left', params: {} },
    })
  })

  it('with deleted keys is read in 400 mutants without an exception, loops of parents too', () => {
    const bytes = hive()
    deleteKey(bytes, 'TypedURLs', 'Internet Explorer', URLS)
    for (let i = 0; i < 400; i++)
      for (const record of recordsOf(HIVE, mutant(bytes, i)).records) checkedRecord(record)
    const key = keyAt(bytes, 'TypedURLs')
    bytes.writeUInt32LE(key - BINS, key + 20)
    expect(said(bytes)).toEqual([['lake.jpg', 'live', 'timed']])
  })
})
