/**
 * Reads how the displayed picture of a HEIC file is stored, for the layout of phones: one HEVC picture, or a grid of
 * equal ones, possibly rotated. All other layouts (transparency masks, crops, mirrors, overlays, several pictures)
 * are left to libheif.
 * @see ISO/IEC 23008-12, 6.5 (properties), 6.6.2.3 (grids)
 */
import { Fields } from './heif-boxes.ts'
import { type HeifItem, type HeifItems, heifItems } from './heif-items.ts'

export interface CodedPicture {
  /** Before the rotation. */
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
  /** Row by row. Each is one HEVC picture; a length precedes each unit. Null: its bytes are not in the file. */
  readonly tiles: readonly (Buffer | null)[]
  /** HEVCDecoderConfigurationRecord of every tile. */
  readonly configuration: Buffer
  /** Counterclockwise, 0–3. */
  readonly quarterTurns: number
  /** Colour description of the file; null: the description in the HEVC stream applies. */
  readonly colour: Colour | null
}

export interface Colour {
  /** Matrix coefficients of ITU-T H.273. */
  readonly matrix: number
  readonly fullRange: boolean
}

/** @returns null for another layout, or a damaged file */
export function codedPicture(file: Buffer): CodedPicture | null {
  const items = heifItems(file)
  const primary = items?.primary == null ? null : items.item(items.primary)
  if (!items || !primary?.bytes || !isAlone(items, primary)) return null
  try {
    return primary.type === 'hvc1'
      ? single(primary)
      : primary.type === 'grid'
        ? grid(items, primary, file)
        : null
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return null
  }
}

/** Items that are not separate pictures, and the item for HDR. */
const BESIDE = new Set(['Exif', 'mime', 'uri ', 'tmap'])

/** The file has no other picture and no transparency mask; such a mask would change the displayed picture. */
function isAlone({ all, references, item }: HeifItems, primary: HeifItem): boolean {
  const parts = new Set(references.filter(({ type }) => type === 'dimg').flatMap(({ to }) => to))
  const beside = new Set(
    references.flatMap(({ type, from }) => (type === 'thmb' || type === 'auxl' ? [from] : [])),
  )
  const masks = [...beside].flatMap((id) => item(id)?.properties ?? [])
  return (
    !masks.some(({ box }) => typeOf(box) === 'auxC' && box.includes('alpha')) &&
    all.every(({ id, type }) => id === primary.id || parts.has(id) || beside.has(id) || BESIDE.has(type))
  )
}

function single(item: HeifItem): CodedPicture | null {
  const tile = tileOf(item)
  const shown = shownAs(item, ['hvcC'])
  return (
    tile &&
    shown && {
      ...tile,
      ...shown,
      columns: 1,
      tileWidth: tile.width,
      tileHeight: tile.height,
      tiles: [item.bytes!],
    }
  )
}

/** Phones write 48 tiles of 512 × 512. */
const MOST_TILES = 1024

function grid({ references, item }: HeifItems, primary: HeifItem, file: Buffer): CodedPicture | null {
  const shown = shownAs(primary, [])
  const ids = references.find(({ type, from }) => type === 'dimg' && from === primary.id)?.to ?? []
  const fields = new Fields(primary.bytes!)
  const [, flags, rows, columns] = [fields.next(1), fields.next(1), fields.next(1) + 1, fields.next(1) + 1]
  const wide = (flags & 1) === 1 ? 4 : 2
  const [width, height] = [fields.next(wide), fields.next(wide)]
  if (!shown || ids.length !== rows * columns || ids.length > MOST_TILES) return null
  const tiles: (Buffer | null)[] = []
  let first: ReturnType<typeof tileOf> = null
  let bytes = 0
  for (const id of ids) {
    const part = item(id)
    const tile = part && part.type === 'hvc1' ? tileOf(part) : null
    // A tile has no properties except its coding.
    if (!tile || !part || !shownAs(part, ['hvcC'])) return null
    first ??= tile
    bytes += part.bytes?.length ?? 0
    const alike = tile.width === first.width && tile.height === first.height
    if (!alike || !tile.configuration.equals(first.configuration) || bytes > file.length) return null
    tiles.push(part.bytes)
  }
  if (!first || width < 1 || height < 1 || columns * first.width < width || rows * first.height < height)
    return null
  const { width: tileWidth, height: tileHeight, configuration } = first
  return { ...shown, width, height, columns, tileWidth, tileHeight, tiles, configuration }
}

function tileOf(item: HeifItem): Pick<CodedPicture, 'width' | 'height' | 'configuration'> | null {
  const bodyOf = (type: string) => item.properties.find(({ box }) => typeOf(box) === type)?.box.subarray(8)
  const [size, configuration] = [bodyOf('ispe'), bodyOf('hvcC')]
  if (!size || !configuration) return null
  const fields = new Fields(size, 4)
  const [width, height] = [fields.next(4), fields.next(4)]
  return width < 1 || height < 1 ? null : { width, height, configuration }
}

/** Properties that change no pixel. */
const SILENT = ['ispe', 'pixi', 'pasp', 'rloc', 'cclv', 'clli', 'mdcv', 'amve', 'udes', 'altt']

/** @returns null when a property requires an operation that is not supported here */
function shownAs(
  item: HeifItem,
  more: readonly string[],
): Pick<CodedPicture, 'quarterTurns' | 'colour'> | null {
  let [quarterTurns, colour] = [0, null as Colour | null]
  for (const { box } of item.properties) {
    const type = typeOf(box)
    if (type === 'irot') quarterTurns += (box[8] ?? 0) & 3
    else if (type === 'colr') colour ??= colourOf(box.subarray(8))
    else if (!SILENT.includes(type) && !more.includes(type)) return null
  }
  return { quarterTurns: quarterTurns & 3, colour }
}

/** The form with an ICC profile does not state the matrix; only the other form does. */
function colourOf(body: Buffer): Colour | null {
  if (body.toString('latin1', 0, 4) !== 'nclx' || body.length < 11) return null
  return { matrix: body.readUInt16BE(8), fullRange: ((body[10] as number) & 0x80) !== 0 }
}

function typeOf(box: Buffer): string {
  return box.toString('latin1', 4, 8)
}
