/** An image with two partitions and deleted files, whole and cut. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { type DiskFile, writeDiskImage } from '../../../fixtures/disk-image.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { digest } from '../exhibits/planted.ts'
import { Checks, type Observation } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'

export const image: Scenario = {
  id: 'image',
  title: 'a disk image with two partitions, live and deleted files; the same image cut',
  speaksOf: ['deleted-found', 'bytes-accounted', 'cut-is-said'],
  weight: { quick: 5, full: 8 },
  async run(bench) {
    const volumes = [filesOf(bench, 0), filesOf(bench, 1)]
    const file = bench.at('disk.dd')
    writeDiskImage(file, volumes)
    const all = volumes.flat()
    const list = bench.at('list.txt')
    writeFileSync(list, all.map(({ bytes }) => `${digest('sha256', bytes)}\n`).join(''))
    const ledger = bench.at('image.sqlite')
    const action = `seized scan of an image with ${all.length} files, every second one deleted`
    const summary = summaryOf(
      bench.scan(file, ledger, '--hashset', `illegal:${list}`, '--phases', 'inventory,known'),
    )
    const entries = bench.entries(ledger)
    const found = new Checks(
      'deleted-found',
      action,
      'every live file and every deleted one whose content is still there: hashed, a hit, and named',
    )
    for (const { name, bytes, state } of all) {
      const entry = entries.find(({ sha256 }) => sha256 === digest('sha256', bytes))
      found.see(entry !== undefined && entry.hits.length > 0, () => `${name} (${state ?? 'live'}) has no hit`)
    }
    found.equal(summary.hits >= all.length, true, `${summary.hits} hits for ${all.length} files`)
    independent(bench, file, found)

    const bytes = new Checks(
      'bytes-accounted',
      'the classes of bytes of the ledger',
      'they add up to the size of the image',
    )
    const classes = bench.oracle('sqlite3', ['-readonly', ledger, 'SELECT total(bytes) FROM byte_class'])
    if (classes !== null)
      bytes.equal(Math.round(Number(classes.trim())), statSync(file).size, 'sum of the classes')
    const verified = bench.seized('verify', ledger, '--against', file)
    bytes.equal(verified.code, 0, 'verify against the image')
    return [found.observation, bytes.observation, ...cut(bench, file, list)]
  },
}

function filesOf(bench: Bench, volume: number): DiskFile[] {
  return Array.from({ length: bench.of(15, 60) }, (_, i) => ({
    name: `F${volume}${`${i}`.padStart(4, '0')}.BIN`,
    bytes: noise(bench.seed * 7_001 + volume * 1000 + i, 3000 + i * 517),
    state: i % 2 === 1 ? 'deleted' : 'live',
  }))
}

/** The Sleuth Kit sees at least as many names. */
function independent(bench: Bench, file: string, found: Checks): void {
  const listed = bench.oracle('fls', ['-r', '-p', '-o', '2048', file])
  if (listed === null) return
  const names = listed.split('\n').filter((line) => /F0\d{4}|_0\d{4}/.test(line)).length
  found.equal(names, bench.of(15, 60), 'names that fls lists on the first volume')
}

/** Half of the image is missing: it is read as far as it goes, and the run is never complete. */
function cut(bench: Bench, file: string, list: string): Observation[] {
  const checks = new Checks(
    'cut-is-said',
    'seized scan of the image cut at several places',
    'not complete (exit code 3 or 13), or refused before anything was read (2)',
  )
  const whole = readFileSync(file)
  for (const share of [0.9, 0.6, 0.3].slice(0, bench.of(2, 3))) {
    const part = bench.at(`cut-${share}.dd`)
    writeFileSync(part, whole.subarray(0, Math.floor(whole.length * share)))
    const ran = bench.scan(
      part,
      bench.at(`cut-${share}.sqlite`),
      '--hashset',
      `illegal:${list}`,
      '--phases',
      'inventory,known',
    )
    checks.see([2, 3, 13].includes(ran.code ?? -1), () => `cut at ${share}: exit code ${ran.code}`)
    if (ran.code !== 2) checks.equal(summaryOf(ran).complete, false, `complete when cut at ${share}`)
  }
  return [checks.observation]
}
