/** What pictures state of how they were made: from where it stands, without the words, and nothing where nothing stands. */
import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { statedOrigin } from '../../src/formats/media/metadata/stated-origin.ts'
import { mutant } from '../formats/artefacts/records-of.ts'

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(type), body])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([head, named, sum])
}

function png(...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.from('00000001000000010800000000', 'hex')
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const text = (keyword: string, words: string) => chunk('tEXt', Buffer.from(`${keyword}\0${words}`, 'latin1'))
const PARAMETERS = 'a lighthouse at dawn\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1'
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
const MANIFEST = Buffer.concat([
  Buffer.from('jumdc2pa'),
  Buffer.from('00110010800000aa00389b7103', 'hex'),
  Buffer.from('c2pa\0q'),
  Buffer.from('digitalSourceType'),
  Buffer.from([0x78, SOURCE.length]),
  Buffer.from(SOURCE),
])

describe('a picture that states how it was made', () => {
  it.each([
    [
      'PNG text of settings',
      png(text('parameters', PARAMETERS)),
      [['generator-text', { where: 'png', field: 'parameters' }]],
    ],
    [
      'PNG text of a graph',
      png(text('prompt', '{"3": {"class_type": "KSampler"}}'), text('workflow', '{"nodes": []}')),
      [
        ['generator-text', { where: 'png', field: 'prompt' }],
        ['generator-text', { where: 'png', field: 'workflow' }],
      ],
    ],
    [
      'international text',
      png(chunk('iTXt', Buffer.concat([Buffer.from('parameters\0\0\0\0\0'), Buffer.from(PARAMETERS)]))),
      [['generator-text', { where: 'png', field: 'parameters' }]],
    ],
    [
      'a comment in EXIF',
      Buffer.concat([
        Buffer.from('ffd8ffe1', 'hex'),
        Buffer.from('UNICODE\0'),
        Buffer.from(PARAMETERS, 'utf16le').swap16(),
      ]),
      [['generator-text', { where: 'exif', field: 'UserComment' }]],
    ],
    [
      'content credentials',
      png(chunk('caBX', MANIFEST)),
      [
        ['content-credentials', { unread: 'place' }],
        ['digital-source-type', { type: 'trainedAlgorithmicMedia', where: 'c2pa' }],
      ],
    ],
    [
      'XMP',
      Buffer.from(`ffd8 <rdf:Description Iptc4xmpExt:DigitalSourceType="${SOURCE}"/>`),
      [['digital-source-type', { type: 'trainedAlgorithmicMedia', where: 'xmp' }]],
    ],
    [
      'a thumbnail of a desktop',
      png(text('Thumb::URI', 'file:///home/x/pond.jpg'), text('Thumb::MTime', '1600000000')),
      [['thumbnail-of', { uri: 'file:///home/x/pond.jpg', modified: '1600000000' }]],
    ],
  ])('%s', (_name, bytes, expected) => {
    const found = statedOrigin(bytes)
    expect(found.map(({ code, params }) => [code, params])).toEqual(expected)
    expect(JSON.stringify(found)).not.toContain('lighthouse')
  })

  it('and one that does not: words alone are no settings', () => {
    expect(
      statedOrigin(
        png(text('parameters', 'brightness 3'), text('prompt', 'hello'), text('Software', 'GIMP')),
      ),
    ).toEqual([])
    expect(statedOrigin(Buffer.from('ffd8ffe0 Steps: many'))).toEqual([])
  })

  it('survives 200 mutants', () => {
    const bytes = png(
      text('parameters', PARAMETERS),
      chunk('caBX', MANIFEST),
      text('Thumb::URI', 'file:///a'),
    )
    for (let i = 0; i < 200; i++) statedOrigin(mutant(bytes, i))
  })
})
