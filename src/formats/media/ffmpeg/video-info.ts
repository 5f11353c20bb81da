/** Properties that container and stream state of a video, before any frame is decoded. */
import type * as Av from 'node-av/lib'
import type { Ffmpeg } from './ffmpeg.ts'

export interface VideoInfo {
  readonly width: number
  readonly height: number
  /** Null when the container states no duration. */
  readonly durationMs: number | null
  readonly framesPerSecond: number
  readonly codec: string
  /** Rotation in players, as an EXIF orientation. */
  readonly orientation: number
  /** Tags of container and stream, as written, by lower-case name. */
  readonly tags: Readonly<Record<string, string>>
}

const MOST_FRAMES_PER_SECOND = 1000

export function infoOf(
  { constants }: Ffmpeg,
  container: Av.FormatContext,
  stream: Av.Stream,
  codec: string,
): VideoInfo {
  const { codecpar, avgFrameRate, rFrameRate } = stream
  // The mean rate of a demuxer may be invalid, for example 60,000 a second for a tape with 25. One frame in forty
  // seconds would then be analysed.
  const rate = [avgFrameRate, rFrameRate].find(
    ({ num, den }) => num > 0 && den > 0 && num / den <= MOST_FRAMES_PER_SECOND,
  )
  const fromStream =
    stream.duration === constants.AV_NOPTS_VALUE
      ? 0
      : (Number(stream.duration) * 1000 * stream.timeBase.num) / stream.timeBase.den
  const fromContainer =
    container.duration === constants.AV_NOPTS_VALUE ? 0 : Number(container.duration) / 1000
  // Without time stamps, FFmpeg guesses the duration from a guessed bit rate: 9 ms for two seconds.
  const isKnown = ((container.iformat?.flags ?? 0) & constants.AVFMT_NOTIMESTAMPS) === 0
  const durationMs = !isKnown ? 0 : fromStream > 0 ? fromStream : fromContainer
  return {
    width: codecpar.width,
    height: codecpar.height,
    durationMs: Number.isFinite(durationMs) && durationMs > 0 ? Math.round(durationMs) : null,
    framesPerSecond: rate ? rate.num / rate.den : 25,
    codec,
    orientation: orientationOf(codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX)),
    tags: { ...tagsOf(container.metadata), ...tagsOf(stream.metadata) },
  }
}

function tagsOf(dictionary: Av.Dictionary | null): Record<string, string> {
  const entries = Object.entries(dictionary?.getAll() ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}

/** A display matrix has nine 32-bit numbers. Phones write only quarter turns, with or without a mirror. */
function orientationOf(matrix: Buffer | null): number {
  if (!matrix || matrix.length < 36) return 1
  const sign = (index: number) => Math.sign(Math.round(matrix.readInt32LE(index * 4) / 65536))
  const turn = [sign(0), sign(1), sign(3), sign(4)].join()
  const known: Readonly<Record<string, number>> = {
    '1,0,0,1': 1,
    '-1,0,0,1': 2,
    '-1,0,0,-1': 3,
    '1,0,0,-1': 4,
    '0,1,1,0': 5,
    '0,1,-1,0': 6,
    '0,-1,-1,0': 7,
    '0,-1,1,0': 8,
  }
  return known[turn] ?? 1
}
