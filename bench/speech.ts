/**
 * Speech in sounds: `npm run bench -- speech FOLDER [EVERY] [DEPTH]` hears every sound and video of a folder, or every so many, and
 * prints for each folder below it (DEPTH levels) how many hold speech, their shares, and CPU time of this process against the time
 * that was heard.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { sourceOfBuffer } from '../src/formats/bytes/byte-source.ts'
import { loadFfmpeg } from '../src/formats/media/ffmpeg/ffmpeg.ts'
import { openSound } from '../src/formats/media/ffmpeg/open-sound.ts'
import { identifyContent, prepareIdentification } from '../src/formats/signatures/index.ts'
import { heard } from '../src/formats/speech/speech-in-sound.ts'
import { voiceActivity } from '../src/formats/speech/speech-parts.ts'
import { lengthMs } from '../src/formats/speech/speech-spans.ts'

interface Group {
  readonly shares: number[]
  heardMs: number
  speechMs: number
  cpuMs: number
  refused: number
  damaged: number
}

export async function run([folder = '.', every = '1', depth = '1']: string[]): Promise<void> {
  await loadFfmpeg()
  await prepareIdentification()
  const voice = await voiceActivity(join(MODELS_DIR, 'speech'))
  const groups = new Map<string, Group>()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((item) => item.isFile() && SOUND.test(item.name))
    .map((item) => join(item.parentPath, item.name))
    .sort()
    .filter((_, i) => i % Number(every) === 0)
  for (const file of files) {
    const name = relative(folder, file)
    const key = name.split('/').slice(0, Number(depth)).join('/')
    const group = groups.get(key) ?? { shares: [], heardMs: 0, speechMs: 0, cpuMs: 0, refused: 0, damaged: 0 }
    groups.set(key, group)
    const bytes = readFileSync(file)
    const { mediaType } = await identifyContent(bytes)
    const source = sourceOfBuffer(bytes)
    const began = process.cpuUsage()
    const opened = await openSound(source, mediaType)
    if (!opened.ok) {
      group.refused++
      console.log(`refused: ${name} (${mediaType}, ${opened.reason})`)
      continue
    }
    const { spans, heardMs } = await heard(opened.reader, source, voice)
    opened.reader.close()
    const { user, system } = process.cpuUsage(began)
    group.cpuMs += (user + system) / 1000
    if (opened.reader.damaged > 0) group.damaged++
    if (heardMs === 0) {
      group.refused++
      continue
    }
    const speechMs = lengthMs(spans)
    group.shares.push(speechMs / heardMs)
    group.heardMs += heardMs
    group.speechMs += speechMs
    if (process.env.SPEECH_ROWS) console.log(`  ${(speechMs / heardMs).toFixed(3)} ${name}`)
  }
  for (const [key, group] of groups) console.log(lineOf(key, group))
}

const SOUND = /\.(wav|ogg|oga|mp3|flac|opus|mp4|m4a|webm|au|spx)$/i

function lineOf(key: string, { shares, heardMs, speechMs, cpuMs, refused, damaged }: Group): string {
  const sorted = shares.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(2)
  const share = (least: number) => {
    const k = shares.filter((one) => (least === 0 ? one > 0 : one >= least)).length
    const [low, high] = wilson(k, shares.length)
    return `${k} (${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)} %)`
  }
  return [
    key,
    `n ${shares.length}, refused ${refused}, damaged ${damaged}`,
    `any speech ${share(0)}`,
    `half or more ${share(0.5)}`,
    `share 10/50/90 ${at(0.1)} ${at(0.5)} ${at(0.9)}`,
    `of all time ${((100 * speechMs) / heardMs).toFixed(1)} %`,
    `${(heardMs / 60_000).toFixed(1)} min`,
    `CPU ${((100 * cpuMs) / heardMs).toFixed(2)} % of real time`,
  ].join(' | ')
}

/** 95 % interval of a share (Wilson). */
function wilson(k: number, n: number): [number, number] {
  if (n === 0) return [0, 1]
  const [z, p] = [1.96, k / n]
  const mid = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [Math.max(0, mid - half), Math.min(1, mid + half)]
}
