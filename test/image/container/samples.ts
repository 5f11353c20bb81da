/** One disk in every container that a tool of the field writes: what each row of CONTAINER_FORMATS is tried with. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Medium, OpenImage } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { aff4Logical } from './aff4-logical-writer.ts'
import { aff4 } from './aff4-writer.ts'
import { bytesMedium, diskFile, filesOf, folder, hasTool, run } from './helpers.ts'
import { udif } from './made-udif.ts'
import { ad1, ewf2, l01, wholeList } from './writers.ts'

export interface Sample {
  readonly format: string
  readonly label: string
  readonly tool: string
  /** @returns the path of the first segment, made of disk.raw in `at` */
  make(at: string): string
  /** Where the disk is in the image, when that is a file in it. */
  readonly disk?: (image: OpenImage) => Medium
  /** Every byte of the disk stands under a checksum: what is damaged is said, never read. */
  readonly checked?: boolean
}

const qemu = (
  format: string,
  driver: string,
  options: string,
  ending: string,
  more: readonly string[] = [],
): Sample => ({
  format,
  label: `${driver} ${options} ${more.join(' ')}`.trim(),
  tool: 'qemu-img',
  make(at) {
    run(
      'qemu-img',
      [
        'convert',
        '-f',
        'raw',
        '-O',
        driver,
        ...(options ? ['-o', options] : []),
        ...more,
        'disk.raw',
        `out.${ending}`,
      ],
      at,
    )
    return join(at, `out.${ending}`)
  },
})

const ewf = (label: string, args: readonly string[]): Sample => ({
  format: 'ewf-e01',
  checked: true,
  label,
  tool: 'ewfacquire',
  make(at) {
    run('ewfacquire', ['-u', '-q', '-t', 'out', ...args, 'disk.raw'], at)
    return join(at, readdirSync(at).find((name) => /\.[es]01$/i.test(name))!)
  },
})

const own = (
  format: string,
  name: string,
  write: (disk: Buffer) => Buffer,
  more: Partial<Sample> = {},
): Sample => ({
  format,
  label: 'as described',
  tool: 'sh',
  make(at) {
    const path = join(at, name)
    writeFileSync(path, write(readFileSync(join(at, 'disk.raw'))))
    return path
  },
  ...more,
})

function firstFile(image: OpenImage): Medium {
  for (const { place, sizeBytes } of image.logical?.entries() ?? []) {
    if (place.kind !== 'none') return contentOf(image.medium, place, sizeBytes)
  }
  return bytesMedium(Buffer.alloc(0))
}

const raw: Sample = {
  format: 'raw',
  label: 'raw',
  tool: 'sh',
  make: (at) => join(at, 'disk.raw'),
}

const split: Sample = {
  format: 'split-raw',
  label: 'split -a 3 -d',
  tool: 'split',
  make(at) {
    run('split', ['-a', '3', '-d', '-b', '100000', 'disk.raw', 'out.'], at)
    return join(at, 'out.000')
  },
}

export const SAMPLES: readonly Sample[] = [
  raw,
  split,
  ewf('encase6, none', ['-f', 'encase6', '-c', 'deflate:none', '-d', 'sha1']),
  ewf('encase5, fast, 512 sectors a chunk', ['-f', 'encase5', '-c', 'deflate:fast', '-b', '512']),
  ewf('smart', ['-f', 'smart', '-c', 'deflate:fast']),
  own('ewf-ex01', 'out.Ex01', ewf2, { checked: true }),
  own('ewf-l01', 'out.L01', (disk) => l01(disk, wholeList(disk))),
  own('ewf-lx01', 'out.Lx01', (disk) => ewf2(disk, wholeList(disk))),
  own('ad1', 'out.ad1', (disk) => ad1([{ name: 'disk.raw', data: disk }])[0]!, { disk: firstFile }),
  own('aff4', 'out.aff4', (disk) => aff4(disk, 'snappy')),
  own('aff4', 'out.aff4', (disk) => aff4(disk, 'zlib')),
  ...(['deflate', 'stored', 'stream', 'blocks'] as const).map((how) =>
    own('aff4-logical', 'out.aff4', (disk) => aff4Logical([{ path: '/disk.raw', data: disk, how }]), {
      disk: firstFile,
    }),
  ),
  ...(['stored', 'zlib', 'bzip2', 'lzfse', 'adc'] as const).map((coding) =>
    own('dmg', 'out.dmg', (disk) => udif(disk, coding)),
  ),
  qemu('vhd', 'vpc', 'subformat=fixed,force_size=on', 'vhd'),
  qemu('vhd', 'vpc', 'subformat=dynamic,force_size=on', 'vhd'),
  qemu('vhdx', 'vhdx', 'subformat=dynamic,block_size=1M', 'vhdx'),
  qemu('vhdx', 'vhdx', 'subformat=fixed', 'vhdx'),
  qemu('vmdk', 'vmdk', 'subformat=monolithicSparse', 'vmdk'),
  qemu('vmdk', 'vmdk', 'subformat=monolithicFlat', 'vmdk'),
  qemu('vmdk', 'vmdk', 'subformat=twoGbMaxExtentSparse', 'vmdk'),
  qemu('vmdk', 'vmdk', 'subformat=twoGbMaxExtentFlat', 'vmdk'),
  qemu('vmdk', 'vmdk', 'subformat=streamOptimized', 'vmdk'),
  qemu('qcow2', 'qcow2', 'compat=0.10', 'qcow2'),
  qemu('qcow2', 'qcow2', 'cluster_size=512', 'qcow2'),
  qemu('qcow2', 'qcow2', 'compression_type=zlib', 'qcow2', ['-c']),
  qemu('qcow2', 'qcow2', 'compression_type=zstd', 'qcow2', ['-c']),
  qemu('qcow2', 'qcow2', 'extended_l2=on', 'qcow2'),
  qemu('qcow2', 'qcow2', 'extended_l2=on', 'qcow2', ['-c']),
  qemu('qcow2', 'qcow', '', 'qcow'),
]

export const canMake = ({ tool }: Sample): boolean => hasTool(tool)

/** A sample in a folder of its own, with the disk that it is of. */
export function made(
  sample: Sample,
  chunks: number,
): { readonly disk: Buffer; readonly paths: readonly string[] } {
  const at = folder()
  const disk = diskFile(at, chunks)
  return { disk, paths: filesOf(sample.make(at)) }
}
