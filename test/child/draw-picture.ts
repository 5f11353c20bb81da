/** One drawn picture in every format that a decoder of ours reads, written by hand or by a library that is not the decoder. */
import * as constants from 'node-av/constants'
import * as av from 'node-av/lib'
import sharp from 'sharp'
import { heicFile } from '../../bench/heic-file.ts'

export const WIDTH = 160
export const HEIGHT = 96

/** RGB: soft shapes, every corner another colour, so that a flip or a swapped channel shows. */
export function drawing(width = WIDTH, height = HEIGHT): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rgb[to++] = Math.round((255 * x) / (width - 1))
      rgb[to++] = Math.round((255 * y) / (height - 1))
      rgb[to++] = Math.round(128 + 100 * Math.sin(x / 11) * Math.cos(y / 7))
    }
  }
  return rgb
}

function raw() {
  return sharp(drawing(), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
}

export interface Sample {
  readonly mediaType: string
  readonly what: string
  readonly bytes: Buffer
  /** Largest difference of one channel's mean over 8 × 8 blocks; 0 for lossless formats. */
  readonly tolerance: number
}

export async function samples(): Promise<Sample[]> {
  const rgb = drawing()
  return [
    {
      mediaType: 'image/jpeg',
      what: 'quality 95',
      bytes: await raw().jpeg({ quality: 95 }).toBuffer(),
      tolerance: 3,
    },
    { mediaType: 'image/png', what: '8 bits', bytes: await raw().png().toBuffer(), tolerance: 0 },
    {
      mediaType: 'image/webp',
      what: 'lossless',
      bytes: await raw().webp({ lossless: true }).toBuffer(),
      tolerance: 0,
    },
    {
      mediaType: 'image/tiff',
      what: 'LZW',
      bytes: await raw().tiff({ compression: 'lzw' }).toBuffer(),
      tolerance: 0,
    },
    {
      mediaType: 'image/avif',
      what: 'quality 90',
      bytes: await raw().avif({ quality: 90, effort: 0 }).toBuffer(),
      tolerance: 4,
    },
    {
      mediaType: 'image/gif',
      what: '256 colours',
      bytes: await raw().gif({ dither: 0 }).toBuffer(),
      tolerance: 24,
    },
    { mediaType: 'image/heic', what: 'HEVC', bytes: await heicFile(rgb, WIDTH, HEIGHT), tolerance: 6 },
    { mediaType: 'image/bmp', what: '24 bits', bytes: bmp(rgb, 24, false), tolerance: 0 },
    { mediaType: 'image/bmp', what: '32 bits, top-down', bytes: bmp(rgb, 32, true), tolerance: 0 },
    { mediaType: 'image/bmp', what: '16 bits', bytes: bmp(rgb, 16, false), tolerance: 5 },
    { mediaType: 'image/x-icon', what: 'PNG inside', bytes: ico(await raw().png().toBuffer()), tolerance: 0 },
    { mediaType: 'image/x-icon', what: 'bitmap inside', bytes: ico(iconBitmap(rgb)), tolerance: 0 },
    { mediaType: 'image/x-tga', what: '24 bits, from the bottom', bytes: tga(rgb), tolerance: 0 },
    { mediaType: 'image/vnd.adobe.photoshop', what: 'merged picture', bytes: psd(rgb), tolerance: 0 },
    {
      mediaType: 'image/jp2',
      what: 'lossless',
      bytes: await encoded('jpeg2000', rgb, { pred: 'dwt53' }),
      tolerance: 3,
    },
    {
      mediaType: 'image/jxl',
      what: 'lossless',
      bytes: await encoded('libjxl', rgb, { distance: '0' }),
      tolerance: 0,
    },
    { mediaType: 'image/qoi', what: '24 bits', bytes: await encoded('qoi', rgb), tolerance: 0 },
    { mediaType: 'image/x-portable-pixmap', what: 'P6', bytes: ppm(rgb), tolerance: 0 },
    { mediaType: 'image/x-nikon-nef', what: 'embedded preview', bytes: await nef(), tolerance: 3 },
  ]
}

function ppm(rgb: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`), rgb])
}

function bmp(rgb: Uint8Array, bits: 16 | 24 | 32, topDown: boolean): Buffer {
  const dib = dibOf(rgb, bits, topDown, HEIGHT)
  const head = Buffer.alloc(14)
  head.write('BM')
  head.writeUInt32LE(14 + dib.length, 2)
  head.writeUInt32LE(14 + 40, 10)
  return Buffer.concat([head, dib])
}

function dibOf(rgb: Uint8Array, bits: 16 | 24 | 32, topDown: boolean, statedHeight: number): Buffer {
  const stride = Math.ceil((WIDTH * bits) / 32) * 4
  const dib = Buffer.alloc(40 + stride * HEIGHT)
  dib.writeUInt32LE(40, 0)
  dib.writeInt32LE(WIDTH, 4)
  dib.writeInt32LE(topDown ? -statedHeight : statedHeight, 8)
  dib.writeUInt16LE(1, 12)
  dib.writeUInt16LE(bits, 14)
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [red, green, blue] = rgb.subarray((y * WIDTH + x) * 3) as unknown as [number, number, number]
      const at = 40 + (topDown ? y : HEIGHT - 1 - y) * stride + x * (bits / 8)
      if (bits === 16) dib.writeUInt16LE(((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3), at)
      else dib.set([blue, green, red], at)
    }
  }
  return dib
}

function iconBitmap(rgb: Uint8Array): Buffer {
  const mask = Buffer.alloc(Math.ceil(WIDTH / 32) * 4 * HEIGHT)
  return Buffer.concat([dibOf(rgb, 32, false, HEIGHT * 2), mask])
}

function ico(image: Buffer): Buffer {
  const head = Buffer.alloc(6 + 16)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head[6] = WIDTH
  head[7] = HEIGHT
  head.writeUInt32LE(image.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, image])
}

function tga(rgb: Uint8Array): Buffer {
  const head = Buffer.alloc(18)
  head[2] = 2
  head.writeUInt16LE(WIDTH, 12)
  head.writeUInt16LE(HEIGHT, 14)
  head[16] = 24
  const pixels = Buffer.alloc(rgb.length)
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const from = (y * WIDTH + x) * 3
      const to = ((HEIGHT - 1 - y) * WIDTH + x) * 3
      pixels.set([rgb[from + 2]!, rgb[from + 1]!, rgb[from]!], to)
    }
  }
  return Buffer.concat([head, pixels])
}

/** Header, three empty sections, uncompressed planes. */
function psd(rgb: Uint8Array): Buffer {
  const head = Buffer.alloc(26)
  head.write('8BPS')
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(3, 12)
  head.writeUInt32BE(HEIGHT, 14)
  head.writeUInt32BE(WIDTH, 18)
  head.writeUInt16BE(8, 22)
  head.writeUInt16BE(3, 24)
  const planes = [0, 1, 2].map((channel) => Buffer.from(rgb.filter((_, i) => i % 3 === channel)))
  return Buffer.concat([head, Buffer.alloc(12), Buffer.alloc(2), ...planes])
}

/** A TIFF header that leads nowhere, then a small and a large JPEG, as cameras embed them. */
async function nef(): Promise<Buffer> {
  const large = await raw().jpeg({ quality: 95 }).toBuffer()
  const small = await raw().resize(40, 24).jpeg().toBuffer()
  return Buffer.concat([
    Buffer.from('4d4d002a00000008', 'hex'),
    Buffer.alloc(500),
    small,
    Buffer.alloc(99),
    large,
  ])
}

async function encoded(name: string, rgb: Uint8Array, options: Record<string, string> = {}): Promise<Buffer> {
  const codec = av.Codec.findEncoderByName(name as never)
  if (!codec) throw new Error(`no encoder ${name}`)
  const encoder = new av.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = WIDTH
  encoder.height = HEIGHT
  encoder.pixelFormat = constants.AV_PIX_FMT_RGB24
  encoder.timeBase = new av.Rational(1, 1)
  encoder.threadCount = 1
  const opened = await encoder.open2(codec, av.Dictionary.fromObject(options))
  if (opened < 0) throw new Error(new av.FFmpegError(opened).message)
  const frame = av.Frame.fromVideoBuffer(Buffer.from(rgb), {
    width: WIDTH,
    height: HEIGHT,
    format: constants.AV_PIX_FMT_RGB24,
    pts: 0n,
    timeBase: { num: 1, den: 1 },
  } as never)
  encoder.sendFrameSync(frame)
  encoder.sendFrameSync(null)
  const packet = new av.Packet()
  packet.alloc()
  const got = encoder.receivePacketSync(packet)
  if (got < 0) throw new Error(new av.FFmpegError(got).message)
  return Buffer.from(packet.data as Buffer)
}
