/**
 * How far one machine goes: files a second with 1 and 2 workers, and what every content and every megabyte costs the main process,
 * which records all of them. `npm run bench -- scale [small pictures] [large pictures] [--image] [--against FOLDER]`: as an ext4 image
 * instead of a folder, and in turns with another built copy of the program.
 *
 * The main process is one core's work at most: from its milliseconds and a worker's follows how many workers it keeps busy.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'
import { distinct } from './distinct.ts'
import { photograph } from './pictures.ts'
import { peakOf } from './resident.ts'

const DRAWN = 4
const CORES = [8, 16, 64]

interface Exhibit {
  readonly root: string
  readonly files: number
  readonly megabytes: number
}

interface Measured {
  readonly seconds: number
  /** Of the main process alone. */
  readonly mainSeconds: number
  /** Of all others. */
  readonly workSeconds: number
  readonly childMb: number
}

export async function run(args: readonly string[]): Promise<void> {
  if (!CpuGroup.possible) return console.log('Control groups of version 2 and root are needed: not measured.')
  const [small = 200, large = 40] = args.filter((arg) => /^\d+$/.test(arg)).map(Number)
  const asImage = args.includes('--image')
  const against = args.includes('--against') ? [args[args.indexOf('--against') + 1]!] : []
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-scale-'))
  try {
    // What a scan costs that starts every process, and looks at one picture.
    const first = await exhibit(scratch, 'first', asImage, 1, '1 MP')
    const allPictures = await exhibit(scratch, 'small', asImage, small, '1 MP')
    const allPhotos = await exhibit(scratch, 'large', asImage, large, '12 MP')
    const programs = [...against, PROGRAM_ROOT]
    // The first run of a program hashes its own parts.
    for (const program of programs) await measured(scratch, program, first, 1)
    for (const workers of [1, 2]) {
      const [starts, ofSmalls, ofLarges] = [[], [], []] as [Measured[], Measured[], Measured[]]
      // In turns, so that other work beside weighs alike.
      for (const [into, what] of [
        [starts, first],
        [ofSmalls, allPictures],
        [ofLarges, allPhotos],
      ] as const)
        for (const program of programs) into.push(await measured(scratch, program, what, workers))
      const [pictures, photos] = [beyond(first, allPictures), beyond(first, allPhotos)]
      programs.forEach((program, i) => {
        const [start, ofSmall, ofLarge] = [starts[i]!, ofSmalls[i]!, ofLarges[i]!]
        if (programs.length > 1) console.log(program)
        for (const [one, { files, megabytes }] of [
          [ofSmall, pictures],
          [ofLarge, photos],
        ] as const)
          console.log(
            `${workers} workers, ${files} pictures of ${(megabytes / files).toFixed(1)} MB: ${(files / one.seconds).toFixed(2)} files/s; main process ${perContent(one, start, files)} ms a content, others ${(((one.workSeconds - start.workSeconds) / files) * 1000).toFixed(0)} ms; a child of at most ${one.childMb.toFixed(0)} MB`,
          )
        if (workers === 1) estimate({ start, ofSmall, ofLarge, pictures, photos })
      })
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface Pair {
  readonly start: Measured
  readonly ofSmall: Measured
  readonly ofLarge: Measured
  readonly pictures: Exhibit
  readonly photos: Exhibit
}

/** Two equations: main process = contents × a + megabytes × b. */
function estimate({ start, ofSmall, ofLarge, pictures, photos }: Pair): void {
  const [p, q] = [ofSmall, ofLarge].map((one) => (one.mainSeconds - start.mainSeconds) * 1000) as [
    number,
    number,
  ]
  const determinant = pictures.files * photos.megabytes - photos.files * pictures.megabytes
  const a = (p * photos.megabytes - q * pictures.megabytes) / determinant
  const b = (pictures.files * q - photos.files * p) / determinant
  console.log(`main process: ${a.toFixed(2)} ms a content and ${b.toFixed(2)} ms a MB`)
  for (const [one, { files, megabytes }] of [
    [ofSmall, pictures],
    [ofLarge, photos],
  ] as const) {
    const mainMs = a + (b * megabytes) / files
    const workMs = ((one.workSeconds - start.workSeconds) / files) * 1000
    const most = CORES.map((cores) => {
      const rate = Math.min(1000 / mainMs, (1000 * cores) / (workMs + mainMs))
      return `${cores} cores ${rate.toFixed(0)} files/s${rate < (1000 * cores) / (workMs + mainMs) ? ' (the main process is full)' : ''}`
    })
    console.log(
      `  ${(megabytes / files).toFixed(1)} MB a file: one main process keeps ${(workMs / mainMs).toFixed(0)} cores busy; by this arithmetic ${most.join(', ')}`,
    )
  }
}

function beyond(first: Exhibit, { root, files, megabytes }: Exhibit): Exhibit {
  return { root, files: files - first.files, megabytes: megabytes - first.megabytes }
}

function perContent(one: Measured, start: Measured, files: number): string {
  return (((one.mainSeconds - start.mainSeconds) / files) * 1000).toFixed(2)
}

async function exhibit(
  scratch: string,
  name: string,
  asImage: boolean,
  files: number,
  size: '1 MP' | '12 MP',
): Promise<Exhibit> {
  const root = join(scratch, name)
  mkdirSync(root)
  let bytes = 0
  const drawn = await Promise.all(Array.from({ length: DRAWN }, (_, i) => photograph(size, i + 1)))
  for (let i = 0; i < files; i++) {
    const file = distinct(drawn[i % DRAWN]!, 'image/jpeg', `${name} ${i}`)
    writeFileSync(join(root, `picture-${i}.jpg`), file)
    bytes += file.length
  }
  if (!asImage) return { root, files, megabytes: bytes / 1e6 }
  const image = `${root}.img`
  execFileSync('truncate', ['-s', `${Math.ceil(bytes / 1e6) + 32}M`, image])
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-d', root, image])
  return { root: image, files, megabytes: bytes / 1e6 }
}

async function measured(
  scratch: string,
  program: string,
  { root }: Exhibit,
  workers: number,
): Promise<Measured> {
  const folder = mkdtempSync(join(scratch, 'run-'))
  const group = new CpuGroup('scale')
  const startMs = performance.now()
  const [command, words] = group.entering(process.execPath, [
    ...[join(program, 'bin/seized.js'), 'scan', root, '--ledger', join(folder, 'case.sqlite')],
    ...['--workers', String(workers), '--case', 'bench', '--exhibit', 'bench', '--examiner', 'bench'],
    '--allow-writable-mount',
  ])
  // What it starts gets an environment of its own, without this.
  const says = join(folder, 'says.cjs')
  const own = JSON.stringify(join(folder, 'own'))
  writeFileSync(
    says,
    `process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeFileSync(${own}, String((user + system) / 1e6)) })`,
  )
  // Each remembers the digests of its own parts.
  const XDG_CACHE_HOME = join(scratch, program.replaceAll('/', '-'))
  const env = { ...process.env, XDG_CACHE_HOME, NODE_OPTIONS: `--require ${says}` }
  const child = spawn(command, words, { stdio: 'ignore', env })
  const peak = peakOf(child.pid!)
  const code = await new Promise((resolve) => child.on('exit', resolve))
  const seconds = (performance.now() - startMs) / 1000
  const mainSeconds = Number(readFileSync(join(folder, 'own'), 'utf8'))
  const workSeconds = group.end() - mainSeconds
  if (code !== 0 && code !== 3 && code !== 10 && code !== 13) throw new Error(`the scan ended with ${code}`)
  rmSync(folder, { recursive: true })
  return { seconds, mainSeconds, workSeconds, childMb: peak().byName.get('child') ?? 0 }
}
