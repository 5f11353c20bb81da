/**
 * CPU time of a scan of a made-up telephone: pictures of its camera, and of each what a messenger, a person who passes it
 * on and a gallery make of it. `photos=12`, `rounds=3`; `folder=DIR` takes photographs of your own in place of drawings.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp from 'sharp'
import { PROGRAM_ROOT } from '../src/base/version.ts'
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

export async function telephone(photos: number, rounds: number, folder: string): Promise<void> {
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
    const cpu: number[] = []
    for (let round = 0; round < rounds; round++) cpu.push(scanned(exhibit, join(scratch, `${round}.sqlite`)))
    console.log(
      `${count} photographs with three copies of each: ${median(cpu).toFixed(1)} CPU seconds a scan (median of ${rounds})`,
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
function scanned(exhibit: string, ledger: string): number {
  const group = new CpuGroup(`telephone-${process.hrtime.bigint()}`)
  const about = ['--case', 'bench', '--exhibit', 'bench', '--examiner', 'bench', '--ledger', ledger]
  const program = [join(PROGRAM_ROOT, 'bin/seized.js'), 'scan', exhibit, ...about, '--allow-writable-mount']
  // 10: there are leads.
  group.run(process.execPath, program, [0, 10])
  return group.end()
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
