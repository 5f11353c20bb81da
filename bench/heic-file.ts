/**
 * A HEIC file around HEVC key frames, for tests and benchmarks: the few boxes of ISO/IEC 23008-12 that a decoder needs,
 * nothing else.
 */
import * as constants from 'node-av/constants'
import * as av from 'node-av/lib'

export interface HeicExtras {
  /** Kept as an item of its own, as phones do. */
  readonly thumbnail?: { readonly rgb: Uint8Array; readonly width: number; readonly height: number }
  /** x265's own. */
  readonly crf?: number
  readonly preset?: string
  /** Quarter turns against the clock that a viewer makes, of both. */
  readonly quarterTurns?: number
}

export async function heicFile(
  rgb: Uint8Array,
  width: number,
  height: number,
  { thumbnail, quarterTurns = 0, crf = 8, preset = 'fast' }: HeicExtras = {},
): Promise<Buffer> {
  const pictures = [{ rgb, width, height }, ...(thumbnail ? [thumbnail] : [])]
  const coded = await Promise.all(pictures.map((each) => encode(each, { crf, preset })))
  const properties = pictures.flatMap((each, i) => [
    box('hvcC', decoderConfiguration(coded[i]!.parameterSets)),
    fullBox('ispe', u32(each.width), u32(each.height)),
    box('irot', u8(quarterTurns)),
  ])
  // Essential: what a picture is coded with and how it is turned.
  const links = pictures.map((_, i) =>
    Buffer.concat([u16(i + 1), u8(3), u8(0x81 + i * 3), u8(0x02 + i * 3), u8(0x83 + i * 3)]),
  )
  const iprp = box('iprp', box('ipco', ...properties), fullBox('ipma', u32(pictures.length), ...links))
  const items = pictures.map((_, i) =>
    fullBoxVersion('infe', 2, u16(i + 1), u16(0), Buffer.from('hvc1'), u8(0)),
  )
  const iref = thumbnail ? [fullBox('iref', box('thmb', u16(2), u16(1), u16(1)))] : []
  const meta = (offset: number) => {
    let at = offset
    const places = coded.map(({ slice }, i) => {
      const place = Buffer.concat([u16(i + 1), u16(0), u16(1), u32(at), u32(slice.length)])
      at += slice.length
      return place
    })
    return fullBox(
      'meta',
      fullBox('hdlr', u32(0), Buffer.from('pict'), u32(0), u32(0), u32(0), u8(0)),
      fullBox('pitm', u16(1)),
      fullBox('iinf', u16(items.length), ...items),
      // Offsets and lengths of four bytes; items of one extent.
      fullBox('iloc', u8(0x44), u8(0), u16(places.length), ...places),
      iprp,
      ...iref,
    )
  }
  const ftyp = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic'))
  const offset = ftyp.length + meta(0).length + 8
  return Buffer.concat([ftyp, meta(offset), box('mdat', ...coded.map(({ slice }) => slice))])
}

/** Length-prefixed slices, and the parameter sets apart. */
async function encode(
  { rgb, width, height }: { readonly rgb: Uint8Array; readonly width: number; readonly height: number },
  { crf, preset }: { readonly crf: number; readonly preset: string },
) {
  const codec = av.Codec.findEncoderByName('libx265' as never)
  if (!codec) throw new Error('no HEVC encoder')
  const encoder = new av.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = width
  encoder.height = height
  encoder.pixelFormat = constants.AV_PIX_FMT_YUV420P
  encoder.timeBase = new av.Rational(1, 1)
  encoder.threadCount = 1
  const options = av.Dictionary.fromObject({
    crf: String(crf),
    preset,
    'x265-params': 'log-level=none',
  })
  check(await encoder.open2(codec, options))
  const source = av.Frame.fromVideoBuffer(Buffer.from(rgb), {
    width,
    height,
    format: constants.AV_PIX_FMT_RGB24,
    pts: 0n,
    timeBase: { num: 1, den: 1 },
  } as never)
  const frame = new av.Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = constants.AV_PIX_FMT_YUV420P
  check(frame.getBuffer(0))
  const scaler = new av.SoftwareScaleContext()
  const flags = constants.SWS_AREA as constants.SwsFlags
  scaler.getContext(
    width,
    height,
    constants.AV_PIX_FMT_RGB24,
    width,
    height,
    constants.AV_PIX_FMT_YUV420P,
    flags,
  )
  check(scaler.scaleFrameSync(frame, source))
  frame.pts = 0n
  check(encoder.sendFrameSync(frame))
  check(encoder.sendFrameSync(null))
  const packet = new av.Packet()
  packet.alloc()
  check(encoder.receivePacketSync(packet))
  const units = nalUnits(packet.data as Buffer)
  const kind = (unit: Buffer) => ((unit[0] as number) >> 1) & 0x3f
  const slices = units.filter((unit) => kind(unit) < 32).flatMap((unit) => [u32(unit.length), unit])
  return {
    parameterSets: units.filter((unit) => [32, 33, 34].includes(kind(unit))),
    slice: Buffer.concat(slices),
  }
}

function nalUnits(stream: Buffer): Buffer[] {
  const starts: number[] = []
  for (let at = stream.indexOf('000001', 0, 'hex'); at !== -1; at = stream.indexOf('000001', at + 3, 'hex'))
    starts.push(at)
  return starts.map((at, i) => {
    const end = starts[i + 1] ?? stream.length
    const unit = stream.subarray(at + 3, end)
    return unit.at(-1) === 0 && i + 1 < starts.length ? unit.subarray(0, -1) : unit
  })
}

/** ISO/IEC 14496-15, 8.3.2.1: Main profile, 4:2:0, 8 bits. */
function decoderConfiguration(parameterSets: readonly Buffer[]): Buffer {
  const arrays = parameterSets.flatMap((unit) => [
    u8(0x80 | (((unit[0] as number) >> 1) & 0x3f)),
    u16(1),
    u16(unit.length),
    unit,
  ])
  const head = [1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f]
  return Buffer.concat([Buffer.from(head), u8(parameterSets.length), ...arrays])
}

function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([u32(body.length + 8), Buffer.from(type), body])
}

function fullBox(type: string, ...content: readonly Buffer[]): Buffer {
  return fullBoxVersion(type, 0, ...content)
}

function fullBoxVersion(type: string, version: number, ...content: readonly Buffer[]): Buffer {
  return box(type, Buffer.from([version, 0, 0, 0]), ...content)
}

function u8(value: number): Buffer {
  return Buffer.from([value])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function check(code: number): void {
  if (code < 0) throw new Error(new av.FFmpegError(code).message)
}
