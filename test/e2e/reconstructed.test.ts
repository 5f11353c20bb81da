/**
 * A deleted picture that FAT or exFAT wrote around clusters in use: given where its own bytes confirm it, and nothing else where they
 * do not (CFTT DFR-02, DFR-03, DFR-05). Scan → ledger → report.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fatVolume } from '../../fixtures/cftt/fat.ts'
import type { Phase, Step } from '../../fixtures/cftt/steps.ts'
import { noise } from '../../fixtures/pictures.ts'
import { exported, seized, temporaryFolder } from './seized.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const raw = (seed: number) =>
  sharp(noise(seed, 200 * 150 * 3), { raw: { width: 200, height: 150, channels: 3 } })
const jpeg = (seed: number) => raw(seed).jpeg({ quality: 88 }).toBuffer()
const progressive = (seed: number) => raw(seed).jpeg({ progressive: true }).toBuffer()
const png = (seed: number) => raw(seed).png().toBuffer()
const PIECE = 4096

/** The content in two parts with a live file between them. */
function aroundALiveFile(content: Buffer, live: Buffer, name: string): Phase[] {
  const append = (path: string, bytes: Buffer): Step => ({ do: 'append', path, content: bytes })
  return [
    [
      append(name, content.subarray(0, 2 * PIECE)),
      append('live.bin', live),
      append(name, content.subarray(2 * PIECE)),
    ],
    [{ do: 'remove', path: name }],
  ]
}

function scanned(image: Buffer, listed: Buffer) {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('v.dd'), image)
  mkdirSync(at('listed'))
  writeFileSync(at('listed/one'), listed)
  expect(seized(['hashset', 'from-folder', at('listed'), '--out', at('list.csv')]).status).toBe(0)
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--progress', 'json']
  const how = ['--phases', 'inventory,known', '--hashset', `illegal:${at('list.csv')}`, '--remains', 'carve']
  const { status } = seized(['scan', at('v.dd'), ...who, ...how, '--ledger', at('l.sqlite')])
  const report = seized(['report', at('l.sqlite'), '--format', 'html', '--out', at('r.html')])
  expect(report.status).toBe(0)
  const court = seized([
    ...[
      'report',
      at('l.sqlite'),
      '--format',
      'html',
      '--edition',
      'court',
      '--language',
      'pt',
      '--out',
      at('c.html'),
    ],
  ])
  expect(court.status, court.stderr).toBe(0)
  return {
    status,
    entries: exported(at('l.sqlite'), folder),
    html: readFileSync(at('r.html'), 'utf8'),
    court: readFileSync(at('c.html'), 'utf8'),
  }
}

describe('a deleted picture around a live file', () => {
  it.each([
    { what: 'JPEG', make: jpeg, by: 'a whole decoding of its format', bits: 16 as const },
    { what: 'progressive JPEG', make: progressive, by: 'a whole decoding of its format', bits: 12 as const },
    { what: 'PNG', make: png, by: 'the checksums that its format has of each part', bits: 32 as const },
  ])('is given as reconstructed and is a hit: $what on FAT$bits', async ({ make, by, bits }) => {
    const content = await make(1)
    // Nothing of the list says how its contents begin that the reconstruction could rest on: the picture is whole by itself.
    const image = fatVolume(bits, aroundALiveFile(content, await make(2), 'gone.jpg'))
    const { status, entries, html, court } = scanned(image, content)
    const [gone, ...others] = entries.filter(({ path }) => path.includes('gone.jpg'))
    expect(others).toEqual([])
    expect(gone.sha256).toBe(sha256(content))
    expect(gone.onImage).toMatchObject({ status: 'deleted', basis: 'reconstructed' })
    expect(status).toBe(10)
    expect(html).toContain('reconstructed from 2 pieces that do not follow each other')
    expect(court).toContain('recomposto contornando')
    expect(['decoding', 'checksums', 'listed-digest']).toContain(reconstruction(gone).by)
    // Its beginning is not given again as a fragment.
    expect(entries.filter(({ onImage }) => onImage?.status === 'carved')).toEqual([])
    const elsewhere = scanned(image, noise(7, 9000))
    expect(reconstruction(elsewhere.entries.find(({ path }) => path.includes('gone.jpg'))).fragments).toBe(2)
    expect(by).toMatch(
      reconstruction(elsewhere.entries.find(({ path }) => path.includes('gone.jpg'))).by === 'checksums'
        ? /checksums/
        : /decoding/,
    )
  })

  it('is given by the digest of a list where its format says nothing of its data', () => {
    const content = noise(3, 30_000)
    const image = fatVolume(16, aroundALiveFile(content, noise(4, 20_000), 'gone.mp4'))
    const { entries, html } = scanned(image, content)
    const gone = entries.find(({ path }) => path.includes('gone.mp4'))
    expect(gone.sha256).toBe(sha256(content))
    expect(reconstruction(gone)).toEqual({ by: 'listed-digest', fragments: 2 })
    expect(html).toContain('the digest of a listed content')
    const unlisted = scanned(image, noise(5, 30_000)).entries.find(({ path }) => path.includes('gone.mp4'))
    expect(unlisted.sha256).toBeNull()
    expect(unlisted.stages.read.reason).toBe('overwritten-in-part')
  })

  it('is not given where going around leads through other deleted files, or where it was overwritten', async () => {
    const [a, b, c] = [await jpeg(1), await jpeg(2), await jpeg(3)]
    const append = (path: string, bytes: Buffer): Step => ({ do: 'append', path, content: bytes })
    const image = fatVolume(16, [
      [
        append('a.jpg', a.subarray(0, 2 * PIECE)),
        append('live.bin', noise(8, 9000)),
        append('b.jpg', b.subarray(0, 2 * PIECE)),
        append('more.bin', noise(9, 9000)),
        append('a.jpg', a.subarray(2 * PIECE)),
        append('b.jpg', b.subarray(2 * PIECE)),
        append('c.jpg', c),
        append('end.bin', noise(10, 300_000)),
      ],
      ['a.jpg', 'b.jpg', 'c.jpg'].map((path): Step => ({ do: 'remove', path })),
      [append('later.bin', noise(11, 2 * PIECE))],
    ])
    const whole = new Set([a, b, c].map(sha256))
    const { entries } = scanned(image, a)
    const given = entries.filter(
      ({ onImage, sha256: digest, attributes }) =>
        onImage &&
        onImage.status !== 'live' &&
        digest &&
        !attributes.some(({ code }: { code: string }) => code === 'fragment'),
    )
    for (const { path, sha256: digest } of given) expect(whole.has(digest), path).toBe(true)
    expect(entries.filter(({ onImage }) => onImage?.basis === 'reconstructed')).toEqual([])
  })
})

function reconstruction({
  attributes,
}: {
  attributes: { code: string; params: { by: string; fragments: number } }[]
}) {
  return attributes.find(({ code }) => code === 'reconstructed')!.params
}
