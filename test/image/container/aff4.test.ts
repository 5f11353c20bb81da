import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unlz4, unsnappy } from '../../../src/formats/image/container/aff4/decompress.ts'
import { parseTurtle } from '../../../src/formats/image/container/aff4/turtle.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { DamageLog } from '../../../src/formats/image/content/damage-log.ts'
import { segmentsOf } from '../../../src/host/held/segments-of.ts'
import { aff4, lz4, snappy } from './aff4-writer.ts'
import { allOf, bytesMedium, diskBytes, randoms, verifiedImage } from './helpers.ts'

const disk = diskBytes(24)
const opened = (bytes: Buffer) => openImage([{ name: 'LTU-07.aff4', medium: bytesMedium(bytes) }])

describe('an AFF4 image', () => {
  it.each(['snappy', 'zlib', 'none'] as const)(
    'is the disk that it was made of (%s), and verifies',
    (method) => {
      const image = opened(aff4(disk, method))
      expect(allOf(image.medium).equals(disk)).toBe(true)
      expect(image.medium.damageIn(0, disk.length)).toEqual([])
      expect(image.stated).toContainEqual({ name: 'case-number', value: 'case "7"' })
      expect(verifiedImage(image).hashes.map(({ algorithm, agrees }) => [algorithm, agrees])).toEqual([
        ['md5', true],
        ['sha1', true],
      ])
    },
  )

  it('names what could not be read when it was made', () => {
    const image = opened(aff4(disk, 'zlib', { offset: 7 * 32768 + 512, length: 4096 }))
    const before = image.lacks!()
    const read = allOf(image.medium)
    expect(before).toEqual(image.medium.damageIn(0, disk.length))
    expect(image.medium.damageIn(0, disk.length)).toEqual([
      {
        offset: 7 * 32768 + 512,
        length: 4096,
        kind: 'unreadable-at-acquisition',
        cause: 'acquisition-error',
      },
    ])
    const expected = Buffer.from(disk)
    expected.fill(0, 7 * 32768 + 512, 7 * 32768 + 512 + 4096)
    expect(read.equals(expected)).toBe(true)
  })

  it('says before it reads which bevies are not there, and which chunks lie behind the end of theirs', () => {
    expect(opened(aff4(disk, 'zlib')).lacks!()).toEqual([])
    for (const [name, other] of [
      ['/00000002', '/0000000x'],
      ['/00000003.index', '/00000003.indey'],
    ] as const) {
      const bytes = Buffer.from(aff4(disk, 'zlib').toString('latin1').replaceAll(name, other), 'latin1')
      const image = opened(bytes)
      const before = image.lacks!()
      allOf(image.medium)
      const found = new DamageLog()
      for (const damage of image.medium.damageIn(0, disk.length)) found.add(damage)
      expect(before).toEqual(found.within(0, disk.length))
      expect(before.length).toBeGreaterThan(0)
    }
  })

  it('names a chunk whose digest is another, though it decompresses', () => {
    const bytes = aff4(disk, 'none')
    const at = bytes.indexOf('chunk 11 holds')
    bytes[at]! ^= 1
    const image = opened(bytes)
    const read = allOf(image.medium)
    expect(image.medium.damageIn(0, disk.length)).toEqual([
      { offset: 11 * 32768, length: 32768, kind: 'damaged', cause: 'checksum' },
    ])
    expect(read.subarray(12 * 32768).equals(disk.subarray(12 * 32768))).toBe(true)
  })

  it('without the volume that holds its stream is refused; any other ZIP is bytes', () => {
    const bytes = aff4(disk, 'zlib')
    const text = bytes.toString('latin1').replace('aff4:chunkSize', 'aff4:elsewhere')
    expect(() => opened(Buffer.from(text, 'latin1'))).toThrow(/is missing/)
    const zip = Buffer.from(
      bytes.toString('latin1').replaceAll('container.description', 'some other document..'),
      'latin1',
    )
    expect(openImage([{ name: 'extraction.zip', medium: bytesMedium(zip) }]).format).toBe('raw')
  })

  it('in several volumes is found from the first', () => {
    const at = mkdtempSync(join(tmpdir(), 'seized-aff4-'))
    for (const name of ['a_1.aff4', 'a_2.aff4', 'a_4.aff4']) writeFileSync(join(at, name), 'x')
    expect(segmentsOf(join(at, 'a_1.aff4')).map((path) => basename(path))).toEqual(['a_1.aff4', 'a_2.aff4'])
  })
})

describe('blocks of Snappy and LZ4', () => {
  it('are what went in, and damaged ones end', () => {
    const random = randoms(4)
    for (const data of [
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.alloc(70_000, 'ab'),
      disk.subarray(90_000, 250_000),
    ]) {
      const block = snappy(data)
      expect(unsnappy(block, data.length)?.equals(data)).toBe(true)
      expect(unsnappy(block, data.length - 1)).toBeNull()
      for (let mutant = 0; mutant < 200 && block.length > 1; mutant++) {
        const bytes = Buffer.from(block)
        bytes[random() % bytes.length]! ^= 1 << (random() % 8)
        expect(unsnappy(bytes, data.length)?.length ?? 0).toBeLessThanOrEqual(data.length)
      }
    }
    const { block, data } = lz4([
      { literals: Buffer.from('ab'), copied: 4 },
      { literals: Buffer.alloc(300, 'xyz'), copied: 900 },
      { literals: Buffer.alloc(0), copied: 19 },
      { literals: Buffer.alloc(15, 'end'), copied: 0 },
    ])
    expect(unlz4(block, data.length)?.equals(data)).toBe(true)
    expect(unlz4(block, data.length - 1)).toBeNull()
    for (let mutant = 0; mutant < 1000; mutant++) {
      const bytes = Buffer.from(block)
      bytes[random() % bytes.length]! ^= 1 << (random() % 8)
      expect(unlz4(bytes, 4096)?.length ?? 0).toBeLessThanOrEqual(4096)
    }
  })
})

it('Turtle is read as AFF4 writes it', () => {
  const { statements: said } = parseTurtle(`@prefix aff4: <http://aff4.org/Schema#> .
: a aff4:ZipVolume ; aff4:contains <aff4://a> , <aff4://b> .
<aff4://a> a <http://aff4.org/Schema#Map> ;
   aff4:size "12"^^xsd:long ; aff4:notes "one; two, three. \\"four\\"" .
<aff4://b> aff4:hash "00"^^<http://aff4.org/Schema#MD5> .`)
  expect(said.get('aff4://a')?.get('rdf:type')).toEqual([{ value: 'aff4:Map', type: '' }])
  expect(said.get('aff4://a')?.get('aff4:notes')?.[0]?.value).toBe('one; two, three. "four"')
  expect(said.get('aff4://b')?.get('aff4:hash')).toEqual([{ value: '00', type: 'aff4:MD5' }])
  expect(said.get(':')?.get('aff4:contains')).toHaveLength(2)
})
