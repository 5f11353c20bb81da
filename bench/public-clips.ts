/**
 * Altered copies of public clips, made by the system's ffmpeg: what a look and the index find, against comparing every frame with every
 * frame. Each clip of the folder is cut to eight seconds and 480 pixels across, and listed by every frame.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frameHashes, type ListedFrame } from '../fixtures/vpdq-lists.ts'
import { areAlike, framesOf, hashesOf, indexOf } from './video-hashes.ts'

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-an']
/** By the seconds of the clip. */
const KINDS: Readonly<Record<string, (seconds: number) => readonly string[]>> = {
  'bitrate of 150 kbit/s': () => ['-b:v', '150k'],
  'encoded again, crf 34': () => ['-crf', '34'],
  'cropped by 10 %, crf 30': () => ['-vf', 'crop=trunc(iw*0.45)*2:trunc(ih*0.45)*2', '-crf', '30'],
  'with a logo, crf 30': () => [
    '-vf',
    'drawbox=x=iw*0.03:y=ih*0.03:w=iw*0.16:h=ih*0.1:color=white:t=fill',
    '-crf',
    '30',
  ],
  'a third of it, crf 32': (seconds) => ['-ss', `${seconds * 0.35}`, '-t', `${seconds / 3}`, '-crf', '32'],
}

export async function publicClips(folder: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const listed: (readonly ListedFrame[])[] = []
    const files: string[] = []
    for (const name of readdirSync(folder).sort()) {
      const file = join(made, `${files.length}.mp4`)
      const scaled = ['-t', '8', '-vf', 'scale=480:-2', ...X264, '-crf', '18']
      if (!ffmpeg(join(folder, name), scaled, file)) {
        console.log(`${name}: left out, ffmpeg could not read it`)
        continue
      }
      const frames = await frameHashes(readFileSync(file))
      const good = frames.filter(({ quality }) => quality >= 50).length
      if (good === 0) {
        console.log(`${name}: left out, none of ${frames.length} frames has quality 50`)
        continue
      }
      files.push(file)
      listed.push(frames)
    }
    const index = indexOf(listed)
    const rows: Record<string, Record<string, number>> = {}
    for (const [kind, options] of Object.entries(KINDS)) {
      const row = { copies: 0, 'by each frame': 0, found: 0, missed: 0, beyond: 0, 'of other clips': 0 }
      for (const [i, file] of files.entries()) {
        const copy = join(made, 'copy.mp4')
        if (!ffmpeg(file, [...options(listed[i]!.at(-1)!.seconds), ...X264], copy)) continue
        const bytes = readFileSync(copy)
        const frames = await frameHashes(bytes)
        const found = index.findAlike(framesOf(await hashesOf(bytes))).map(({ video }) => video)
        const isAlike = frames.some(({ quality }) => quality >= 50) && areAlike(frames, listed[i]!)
        row.copies++
        if (isAlike) row['by each frame']++
        if (found.includes(i)) row.found++
        if (isAlike && !found.includes(i)) {
          row.missed++
          console.log(`missed: clip ${i}, ${kind}`)
        }
        if (!isAlike && found.includes(i)) row.beyond++
        row['of other clips'] += found.filter(
          (video) => video !== i && !areAlike(listed[i]!, listed[video]!),
        ).length
      }
      rows[kind] = row
    }
    console.log(
      `Altered copies of ${files.length} public clips, list of every frame; "of other clips": matches of clips that are unlike theirs by each frame`,
    )
    console.table(rows)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

function ffmpeg(from: string, options: readonly string[], to: string): boolean {
  const { status } = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-threads',
    '1',
    '-y',
    '-i',
    from,
    ...options,
    to,
  ])
  return status === 0
}
