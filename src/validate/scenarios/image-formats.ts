/** One disk in every image format that can be written here: each must give the results of the raw image. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { writeDiskImage } from '../../../fixtures/disk-image.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { Checks } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

type Convert = (bench: Bench, raw: string) => string | null

const byQemu =
  (format: string, suffix: string, ...options: readonly string[]): Convert =>
  (bench, raw) => {
    const out = bench.at(`disk${suffix}`)
    const words = ['convert', '-f', 'raw', '-O', format, ...options, raw, out]
    return bench.oracle('qemu-img', words) === null ? null : out
  }

const byEwf =
  (format: string, suffix: string): Convert =>
  (bench, raw) => {
    const base = bench.at(`ewf-${format}`)
    const words = [
      '-q',
      '-u',
      '-f',
      format,
      '-c',
      'fast',
      '-C',
      '1',
      '-D',
      'd',
      '-E',
      'e',
      '-e',
      'x',
      '-t',
      base,
      raw,
    ]
    return bench.oracle('ewfacquire', words) === null ? null : `${base}${suffix}`
  }

/** Two parts of one image, as many tools write them. */
const split: Convert = (bench, raw) => {
  const bytes = readFileSync(raw)
  const middle = Math.floor(bytes.length / 1024) * 512
  writeFileSync(bench.at('split.001'), bytes.subarray(0, middle))
  writeFileSync(bench.at('split.002'), bytes.subarray(middle))
  return bench.at('split.001')
}

const FORMATS: Readonly<Record<string, Convert>> = {
  'split raw': split,
  qcow2: byQemu('qcow2', '.qcow2'),
  'qcow2, compressed': byQemu('qcow2', '-c.qcow2', '-c'),
  vmdk: byQemu('vmdk', '.vmdk'),
  'vmdk, stream-optimised': byQemu('vmdk', '-s.vmdk', '-o', 'subformat=streamOptimized'),
  vhd: byQemu('vpc', '.vhd', '-o', 'force_size=on'),
  vhdx: byQemu('vhdx', '.vhdx'),
  'E01, EnCase 6': byEwf('encase6', '.E01'),
  'E01, FTK': byEwf('ftk', '.E01'),
}

export const imageFormats: Scenario = {
  id: 'image-formats',
  title: 'one disk in every format of images that can be written here',
  speaksOf: ['image-formats'],
  weight: { quick: 6, full: 8 },
  async run(bench) {
    const raw = bench.at('disk.dd')
    const count = bench.of(10, 60)
    writeDiskImage(
      raw,
      [0, 1].map((volume) =>
        Array.from({ length: count }, (_, i) => ({
          name: `G${volume}${`${i}`.padStart(4, '0')}.BIN`,
          bytes: contentOf(bench, volume, i),
          state: i % 4 === 3 ? ('deleted' as const) : ('live' as const),
        })),
      ),
    )
    const whole = seenIn(bench, raw, 'raw')
    const checks = new Checks(
      'image-formats',
      `seized scan of one disk of ${statSync(raw).size} bytes as raw image and in the other formats`,
      'the same entries with the same digests, and classes of bytes that add up to the same',
    )
    checks.see(whole.entries.length > count, () => `only ${whole.entries.length} entries in the raw image`)
    for (const [name, convert] of Object.entries(FORMATS)) {
      const image = convert(bench, raw)
      if (image === null) continue
      const seen = seenIn(bench, image, name)
      checks.equal(seen.entries, whole.entries, name)
      checks.equal(seen.bytes, whole.bytes, `bytes in classes of ${name}`)
    }
    changedChunk(bench, raw, checks)
    return [checks.observation]
  },
}

/** One byte of a live file is changed in an E01 that stores it as it is: the checksum of its chunk no longer agrees. */
function changedChunk(bench: Bench, raw: string, checks: Checks): void {
  const base = bench.at('changed')
  const words = '-q -u -f encase6 -c none -C 1 -D d -E e -e x -t'.split(' ')
  if (bench.oracle('ewfacquire', [...words, base, raw]) === null) return
  const image = `${base}.E01`
  const bytes = readFileSync(image)
  const at = bytes.indexOf(contentOf(bench, 0, 0).subarray(0, 512))
  checks.see(at > 0, () => 'the E01 does not store the content as it is')
  bytes[at + 100] = bytes[at + 100]! ^ 1
  writeFileSync(image, bytes)
  const ledger = bench.at('changed.sqlite')
  const { complete } = summaryOf(bench.scan(image, ledger, '--phases', 'inventory,known'))
  const entry = bench.entries(ledger).find(({ path }) => path.endsWith('G00000.BIN'))
  const result = entry?.stages.read?.result
  checks.see(
    result === 'not-done' || result === 'done-with-warnings',
    () => `a file in a changed chunk: ${result}`,
  )
  checks.equal(complete, false, 'complete with a changed chunk')
}

function contentOf(bench: Bench, volume: number, i: number): Buffer {
  return noise(bench.seed * 6_007 + volume * 1000 + i, 2000 + i * 311)
}

function seenIn(bench: Bench, image: string, name: string) {
  const ledger = bench.at(`${name.replace(/[^a-z0-9]/gi, '-')}.sqlite`)
  summaryOf(bench.scan(image, ledger, '--phases', 'inventory,known'))
  const bytes = bench.oracle('sqlite3', ['-readonly', ledger, 'SELECT total(bytes) FROM byte_class'])
  const entries = bench
    .entries(ledger)
    .map(({ path, sha256, sizeBytes }) => `${path} ${sizeBytes} ${sha256}`)
    .sort()
  return { entries, bytes }
}
