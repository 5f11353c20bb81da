/** The suite that every file system passes: its sample is recognised by it alone, and as a content by its media type. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { madeVolume } from '../../fixtures/apfs/volume.ts'
import { everything } from '../../fixtures/hfs-plus/everything.ts'
import { physicalVolume } from '../../fixtures/lvm.ts'
import { BY_COPIES, FILE_SYSTEMS } from '../../src/formats/image/filesystem/index.ts'
import { signatureOf } from '../../src/formats/image/volume/content-of.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { tarOf, zipOf } from '../child/archives.ts'
import { makeBtrfs } from './btrfs/volumes.ts'
import { exfatVolume } from './exfat-maker.ts'
import { makeVolume as makeExt } from './ext/volumes.ts'
import { makeF2fs } from './f2fs/volumes.ts'
import { FatVolume, slot } from './fat-maker.ts'
import { makeVolume as makeNtfs, workFolder } from './ntfs/helpers.ts'
import { memoryMedium } from './volume.ts'
import { makeXfs } from './xfs/volumes.ts'

const LETTER = Buffer.from('The train leaves at nine.\n')
const DISK = 'application/x-raw-disk-image'

function fat(): Buffer {
  const volume = new FatVolume(70_000)
  volume.directory(2, slot('LETTER  TXT', 3, LETTER.length))
  volume.chain(3)
  volume.fill(LETTER, 3)
  return volume.bytes
}

function ntfs(): Buffer {
  const file = join(workFolder(), 'sample.img')
  makeNtfs(file, 4 << 20)
  return readFileSync(file)
}

/** A sample a file system, and its media type as a content. A file system that has none here fails. */
const SAMPLES: Readonly<Record<string, readonly [make: () => Buffer | Promise<Buffer>, mediaType: string]>> =
  {
    ntfs: [ntfs, DISK],
    exfat: [() => exfatVolume([]), DISK],
    fat: [fat, DISK],
    ext: [() => readFileSync(makeExt('sample.img', 16_384, null, '-b', '1024')), DISK],
    apfs: [madeVolume, DISK],
    hfsplus: [() => everything().bytes, DISK],
    f2fs: [() => readFileSync(makeF2fs('sample.f2fs', null)), DISK],
    btrfs: [() => readFileSync(makeBtrfs('sample.btrfs')), DISK],
    xfs: [() => readFileSync(makeXfs('sample.xfs')), DISK],
    lvm2: [() => physicalVolume('vg0', [{ name: 'root', bytes: fat() }]), DISK],
    tar: [() => tarOf([{ name: 'letter.txt', content: LETTER }]), 'application/x-tar'],
    zip: [() => zipOf({ 'letter.txt': LETTER }), 'application/zip'],
  }

describe.each(FILE_SYSTEMS.map((system) => [system.name, system] as const))(
  'the file system %s',
  (name, system) => {
    it('recognises its sample, which no other does, and opens it', async () => {
      const medium = memoryMedium(await SAMPLES[name]![0]())
      expect(FILE_SYSTEMS.filter(({ recognises }) => recognises(medium)).map((one) => one.name)).toEqual([
        name,
      ])
      expect([...system.open(medium).problems()]).toEqual([])
      // The table of partitions is a signature of its own.
      if (SAMPLES[name]![1] === DISK) expect(signatureOf(medium)).toMatch(new RegExp(`^${name}`))
    })

    it('has a sample that is recognised as a content by its media type', async () => {
      const [make, mediaType] = SAMPLES[name]!
      expect((await identifyContent(await make())).mediaType).toBe(mediaType)
    })
  },
)

describe.each(BY_COPIES.map((system) => [system.name, system] as const))(
  'the copies of %s',
  (name, system) => {
    it('are found where the beginning of the sample is wiped', async () => {
      const [make] = SAMPLES[Object.keys(SAMPLES).find((one) => name.startsWith(one))!]!
      const bytes = Buffer.from(await make()).fill(0, 0, 4096)
      const medium = memoryMedium(bytes)
      expect(system.recognises(medium)).toBe(true)
    })
  },
)
