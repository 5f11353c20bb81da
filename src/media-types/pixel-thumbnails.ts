/**
 * Thumbnail files of iPods and early iOS (`F1019_1.ithmb`): pictures one after the other without headers. The number in
 * the name defines their size and pixel format.
 * The content does not, so these are the only types recognised by name (source/locked-places.ts), and only where the
 * file's size is a multiple of the picture's.
 *
 * @see libgpod, src/itdb_device.c (formats by device) and itdb_thumb.c; Keith Wiley, iPod Photo Reader, README;
 *   cyianor/ithmbrdr; TheRealSavi/iOpenPod, device artwork formats (1085 to 1093 of the sixth iPod nano)
 */

/**
 * `rgb565`, `rgb555`: 16-bit words; `rgb565` also with the highest byte first, or rotated left; `uyvy`: two interlaced
 * fields; `i420`: three planes.
 */
export type PixelCoding = 'rgb565' | 'rgb565-turned' | 'rgb565-big' | 'rgb555' | 'uyvy' | 'i420'

export interface PixelLayout {
  readonly coding: PixelCoding
  readonly width: number
  readonly height: number
  /** Bytes from one picture to the next. */
  readonly slotBytes: number
}

type Row = readonly [
  numbers: readonly number[],
  coding: PixelCoding,
  width: number,
  height: number,
  slotBytes?: number,
]

/**
 * Formats that two of the sources describe alike, that libgpod writes, or, of the sixth nano, that iOpenPod alone describes.
 * Left out: 3001 to 3003 (in an order of their own), 1081 (JPEG), and 1005 to 1016 of the seventh nano, on whose sizes the
 * sources do not agree.
 */
const ROWS: readonly Row[] = [
  [[1009], 'rgb565', 42, 30],
  [[1015], 'rgb565', 130, 88],
  [[1013], 'rgb565-turned', 176, 220],
  [[1016], 'rgb565', 140, 140],
  [[1017, 1061], 'rgb565', 56, 56],
  [[1019], 'uyvy', 720, 480],
  [[1023], 'rgb565-big', 176, 132],
  [[1024], 'rgb565', 320, 240],
  [[1027, 1028], 'rgb565', 100, 100],
  [[1029], 'rgb565', 200, 200],
  [[1031], 'rgb565', 42, 42],
  [[1032], 'rgb565', 42, 37],
  [[1036], 'rgb565', 50, 41],
  [[1055, 1056, 1068], 'rgb565', 128, 128],
  [[1060], 'rgb565', 320, 320],
  [[1066], 'rgb565', 64, 64],
  // The three planes, and as much room again as a third of them.
  [[1067], 'i420', 720, 480, 720 * 480 * 2],
  [[1071, 1073, 1084], 'rgb565', 240, 240],
  [[1074], 'rgb565', 50, 50],
  [[1078, 1079, 1092], 'rgb565', 80, 80],
  [[1083], 'rgb565', 240, 320],
  [[1085], 'rgb565', 88, 88],
  [[1087], 'rgb565', 384, 384],
  [[1089], 'rgb565', 58, 58],
  [[1093], 'rgb565', 512, 512],
  [[2002], 'rgb565-big', 50, 50],
  [[2003], 'rgb565-big', 150, 150],
  [[3004], 'rgb555', 56, 55, 8192],
  [[3005], 'rgb555', 320, 320],
  [[3006], 'rgb555', 56, 56, 8192],
  [[3007], 'rgb555', 88, 88, 16_384],
  [[3008], 'rgb555', 640, 480],
  [[3009], 'rgb555', 160, 120],
  [[3011], 'rgb555', 80, 79],
]

const LAYOUTS = ROWS.map(([numbers, coding, width, height, slotBytes = width * height * 2]) => ({
  numbers,
  type: `application/x-ithmb-${coding}-${width}x${height}${slotBytes === width * height * 2 ? '' : `-${slotBytes}`}`,
  layout: { coding, width, height, slotBytes },
}))

export const PIXEL_THUMBNAIL_TYPES: readonly string[] = LAYOUTS.map(({ type }) => type)

/** @returns null: it is no such name, a number that is not known, or not a whole number of pictures */
export function pixelThumbnailsType(name: string, sizeBytes: bigint): string | null {
  const number = Number(/(?:^|\/)F(\d{4})_\d{1,4}\.ithmb$/i.exec(name)?.[1])
  const found = LAYOUTS.find(({ numbers }) => numbers.includes(number))
  if (found === undefined || sizeBytes === 0n) return null
  return sizeBytes % BigInt(found.layout.slotBytes) === 0n ? found.type : null
}

export function pixelLayoutOf(mediaType: string): PixelLayout | null {
  return LAYOUTS.find(({ type }) => type === mediaType)?.layout ?? null
}
