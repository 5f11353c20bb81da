/**
 * Video through a look: frames a second and time for an hour of video, against the extraction alone (every frame decoded by
 * the same libraries, one a second made RGB) and against the system's ffmpeg extracting frames, where it is installed.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Examination } from '../src/contracts/finding.ts'
import { sourceOfBuffer } from '../src/formats/bytes/byte-source.ts'
import { loadFfmpeg } from '../src/formats/media/ffmpeg/ffmpeg.ts'
import { openVideo } from '../src/formats/media/ffmpeg/open-video.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { ENGLISH } from '../src/report/texts/index.ts'
import { FRAMES_PER_SECOND, repeatedVideo, sceneVideo } from './scene-video.ts'

const HD = { width: 1280, height: 720 }
const HOUR_SECONDS = 3600

interface Case {
  readonly name: string
  readonly seconds: number
  readonly video: Buffer
  /** Every frame made RGB: minutes of work for an hour. */
  readonly everyFrame: boolean
}

/** @param minutes of the long video; the hour is the same, again and again */
export async function videoRates(
  look: (bytes: Buffer, mediaType: string) => Promise<Examination>,
  minutes: number,
): Promise<void> {
  const rows = []
  for await (const { name, seconds, video, everyFrame } of cases(minutes)) {
    await look(video, 'video/mp4')
    const start = performance.now()
    const examination = await look(video, 'video/mp4')
    const spent = (performance.now() - start) / 1000
    rows.push({
      'video, 720p': name,
      MB: Math.round(video.length / 1e6),
      'look, s': round(spent),
      'frames of the video/s': Math.round((seconds * FRAMES_PER_SECOND) / spent),
      'look, s for an hour': round((spent / seconds) * HOUR_SECONDS),
      'extraction alone, s': everyFrame ? await extractionSeconds(video) : '–',
      'ffmpeg, every frame, s': everyFrame ? ffmpegSeconds(video, [], []) : '–',
      'ffmpeg, a frame a second, s': ffmpegSeconds(video, [], ['-vf', 'fps=1']),
      'ffmpeg, key frames, s': ffmpegSeconds(video, ['-skip_frame', 'nokey'], ['-fps_mode', 'vfr']),
    })
    console.log(`${name}: ${attributes(examination).join('; ') || JSON.stringify(examination.result)}`)
  }
  console.log(
    `Video: one look (decode, hash, models, preview; one child) beside ${peer()} extracting frames as RGB to nowhere, one thread each. Most drawn frames call for the slow models: a dear case.`,
  )
  console.table(rows)
}

async function* cases(minutes: number): AsyncGenerator<Case> {
  const short = await sceneVideo({ ...HD, seconds: 30 })
  yield { name: '30 s', seconds: 30, video: short, everyFrame: true }
  const video = await sceneVideo({ ...HD, seconds: minutes * 60 })
  yield { name: `${minutes} min`, seconds: minutes * 60, video, everyFrame: true }
  // Once more than an hour needs: samples at even distances then fall on other pictures of each repetition.
  const times = Math.ceil(60 / minutes) + 1
  const hour = await repeatedVideo(video, times)
  const name = `${minutes * times} min (those ${minutes} again and again)`
  yield { name, seconds: minutes * times * 60, video: hour, everyFrame: false }
}

function attributes({ findings }: Examination): string[] {
  return findings.flatMap((f) =>
    f.kind === 'attribute' && ['frames-looked-at', 'frames-by-quick-models-only'].includes(f.code)
      ? [ENGLISH.attribute(f)]
      : [],
  )
}

function peer(): string {
  const { stdout } = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' })
  return /^ffmpeg version \S+/.exec(stdout ?? '')?.[0] ?? "the system's ffmpeg (not installed here)"
}

async function extractionSeconds(video: Buffer): Promise<number> {
  await loadFfmpeg()
  const opened = await openVideo(sourceOfBuffer(video), 'video/mp4', { pixels: DEFAULT_LIMITS.pixels })
  if (!opened.ok) throw new Error(opened.detail.code)
  const start = performance.now()
  for (const frame of opened.reader.frames()) if (frame.number % FRAMES_PER_SECOND === 0) frame.rgb()
  opened.reader.close()
  return round((performance.now() - start) / 1000)
}

function ffmpegSeconds(video: Buffer, input: readonly string[], filter: readonly string[]): number | string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  const file = join(folder, 'video.mp4')
  writeFileSync(file, video)
  const start = performance.now()
  const run = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-threads',
    '1',
    ...input,
    '-i',
    file,
    ...filter,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-y',
    '/dev/null',
  ])
  const seconds = (performance.now() - start) / 1000
  rmSync(folder, { recursive: true })
  return run.status === 0 ? round(seconds) : 'no ffmpeg here'
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
