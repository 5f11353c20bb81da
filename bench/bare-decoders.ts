/** What the decoders of the largest pictures cost with nothing around them, and so what a look can come near to. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { ffmpeg } from '../src/formats/media/ffmpeg/ffmpeg.ts'
import { codedPicture } from '../src/formats/media/heif/heif-picture.ts'
import { CpuGroup } from './cpu-time.ts'

export interface Bare {
  readonly name: string
  /** A look without models costs at most so many times as much (bench/without-models.ts). */
  readonly limit: number
  /** CPU ms, of one decode. */
  readonly decode: (bytes: Buffer) => Promise<number>
}

/** By media type; nothing where the decoder is not installed. */
export function bareDecoder(mediaType: string): Bare | null {
  if (mediaType === 'image/heic') return { name: 'FFmpeg’s HEVC', limit: 1.15, decode: hevc }
  const possible = CpuGroup.possible && spawnSync('djpeg', ['-version']).error === undefined
  return mediaType === 'image/jpeg' && possible ? { name: 'djpeg', limit: 1.5, decode: djpeg } : null
}

/** The first picture of the file to planes, in this process. */
async function hevc(bytes: Buffer): Promise<number> {
  const library = ffmpeg()
  const coded = codedPicture(bytes)
  if ('missing' in library || !coded?.tiles[0]) throw new Error('no HEVC decoder, or no picture')
  const { av, constants } = library
  const before = process.cpuUsage()
  const decoder = new av.CodecContext()
  const [packet, frame] = [new av.Packet(), new av.Frame()]
  const codec = av.Codec.findDecoder(constants.AV_CODEC_ID_HEVC)!
  decoder.allocContext3(codec)
  decoder.extraData = coded.configuration
  decoder.threadCount = 1
  await decoder.open2(codec, null)
  packet.alloc()
  frame.alloc()
  packet.data = coded.tiles[0]
  decoder.sendPacketSync(packet)
  decoder.sendPacketSync(null)
  if (decoder.receiveFrameSync(frame) < 0) throw new Error('the picture was not decoded')
  frame.free()
  packet.free()
  decoder.freeContext()
  return cpuMs(before)
}

/** libjpeg-turbo's own program, without what starting it costs. */
async function djpeg(bytes: Buffer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const [whole, nothing] = [join(folder, 'whole.jpg'), join(folder, 'nothing.jpg')]
    writeFileSync(whole, bytes)
    const black = { create: { width: 8, height: 8, channels: 3, background: 'black' } } as const
    writeFileSync(nothing, await sharp(black).jpeg().toBuffer())
    const [ms, startMs] = [whole, nothing].map((file) => {
      const group = new CpuGroup(`djpeg-${runs++}`)
      group.run('djpeg', ['-outfile', '/dev/null', file])
      return group.end() * 1000
    })
    return ms! - startMs!
  } finally {
    rmSync(folder, { recursive: true })
  }
}

let runs = 0

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
