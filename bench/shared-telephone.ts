/**
 * What shared looks save on a made-up telephone: pictures of its camera, and of each what a messenger, somebody who passes it on
 * and a gallery make of it. `photos=12`, `rounds=3` by turns; `folder=DIR` takes photographs of your own in place of drawings.
 *
 * The copies are an assumption: a telephone has more pictures without any. So what a copy costs is what counts, not the sum.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp from 'sharp'
import { depthOf } from '../src/base/evidence-path.ts'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { openLedger } from '../src/ledger/read/read.ts'
import { CpuGroup } from './cpu-time.ts'
import { CAMERA, cameraJpeg, MESSENGER } from './phone-pictures.ts'

/** What is made of a picture of the camera, by where it lies. */
const MADE: Readonly<Record<string, (camera: Buffer) => Promise<Buffer>>> = {
  'DCIM/Camera': async (camera) => camera,
  'Android/media/com.example.messenger/Sent': (camera) =>
    sharp(camera)
      .resize(MESSENGER.width, MESSENGER.height, { fit: 'inside' })
      .jpeg({ quality: 80 })
      .toBuffer(),
  'Android/media/com.example.messenger/Images': async (camera) => {
    const sent = await MADE['Android/media/com.example.messenger/Sent']!(camera)
    return sharp(sent).jpeg({ quality: 60 }).toBuffer()
  },
  'Android/data/com.example.gallery/cache': (camera) =>
    sharp(camera).resize(320, 240, { fit: 'inside' }).jpeg({ quality: 80 }).toBuffer(),
}

/** This share of drawings calls for the slow explicitness model, as of neutral photographs. */
const CALLING = 0.3

export async function sharedTelephone(photos: number, rounds: number, folder: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const exhibit = join(scratch, 'exhibit')
    const own = folder === '' ? [] : fastGlob.sync('**/*.{jpg,jpeg,JPG,JPEG}', { cwd: folder }).sort()
    const count = folder === '' ? photos : Math.min(photos, own.length)
    for (let i = 0; i < count; i++) {
      const camera =
        folder === ''
          ? await cameraJpeg(i + 1, i < count * CALLING)
          : await asOfCamera(readFileSync(join(folder, own[Math.floor((i * own.length) / count)]!)))
      for (const [place, make] of Object.entries(MADE))
        write(join(exhibit, place, `${i}.jpg`), await make(camera))
    }
    const cpu: Record<'each' | 'shared', number[]> = { each: [], shared: [] }
    for (let round = 0; round < rounds; round++)
      for (const [how, option] of [
        ['each', []],
        ['shared', ['--share-looks']],
      ] as const) {
        const ledger = join(scratch, `${how}-${round}.sqlite`)
        cpu[how].push(scanned(exhibit, ledger, option))
        if (round === 0) console.table(lookedIn(ledger))
      }
    const [each, shared] = [median(cpu.each), median(cpu.shared)]
    console.log(
      `${count} photographs with three copies of each: ${each.toFixed(1)} CPU seconds a scan, with --share-looks ${shared.toFixed(1)}, ${(shared / each).toFixed(2)} (medians of ${rounds}, by turns)`,
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function asOfCamera(picture: Buffer): Promise<Buffer> {
  return sharp(picture)
    .rotate()
    .resize(CAMERA.width, CAMERA.height, { fit: 'inside' })
    .jpeg({ quality: 90 })
    .toBuffer()
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

/** @returns CPU seconds of all processes */
function scanned(exhibit: string, ledger: string, options: readonly string[]): number {
  const group = new CpuGroup(`shared-${process.hrtime.bigint()}`)
  const about = ['--case', 'bench', '--exhibit', 'bench', '--examiner', 'bench', '--ledger', ledger]
  const program = [join(PROGRAM_ROOT, 'bin/seized.js'), 'scan', exhibit, ...about, '--allow-writable-mount']
  // 10: there are leads.
  group.run(process.execPath, [...program, ...options], [0, 10])
  return group.end()
}

/** By place: how many share a look, and how many have a lead. */
function lookedIn(path: string) {
  const ledger = openLedger(path)
  try {
    const rows = Object.fromEntries(
      Object.keys(MADE).map((place) => [place, { pictures: 0, 'share a look': 0, leads: 0 }]),
    )
    for (const { entry, attributes, leads } of ledger.entries()) {
      const row = rows[dirname(entry.path.bytes.toString())]
      // No thumbnail inside one.
      if (!row || depthOf(entry.path) > 1) continue
      row.pictures++
      if (attributes.some(({ code }) => code === 'look-shared')) row['share a look']++
      if (leads.length > 0) row.leads++
    }
    return rows
  } finally {
    ledger.close()
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
