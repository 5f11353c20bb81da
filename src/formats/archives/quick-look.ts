/**
 * Extracts QuickLook thumbnails (macOS). `index.sqlite` states the file of each thumbnail and the offset of its
 * bitmap in the companion file `thumbnails.data`. Up to macOS 10.14 the database names a file by folder and name,
 * later by its number on the volume.
 *
 * @see mdegrazia/OSX-QuickLook-Parser; abrignoni's DLEAPP, macosQuickLookThumbnails (layout 0x2002, the top bit of
 *   file_id)
 */
import type { SqliteFile, SqlTable, SqlValue } from '../sqlite/sqlite-file.ts'
import { type Budget, ContainerDamaged, ContainerNotBuilt, type Member } from './common/container.ts'
import { bmpOf, fits, layoutOf, type RawBitmap } from './raw-bitmap.ts'

export const QUICK_LOOK_DATA = 'thumbnails.data'
/** This bit of `file_id` is set since macOS 10.15. */
const TOP_BIT = 1n << 63n

type Get = (column: string) => SqlValue

export function isQuickLook(tables: readonly SqlTable[]): boolean {
  return tables.some(({ name, columns }) => name === 'thumbnails' && columns.includes('bitmapdata_location'))
}

/** @throws ContainerDamaged, ContainerNotBuilt after all readable thumbnails */
export function* quickLookMembers(
  file: SqliteFile,
  tables: readonly SqlTable[],
  data: Buffer,
  budget: Budget,
): Generator<Member> {
  const names = namesIn(file, tables)
  const thumbnails = tables.find(({ name }) => name === 'thumbnails')!
  let [given, unknown, outside] = [0, 0, 0]
  for (const { rowid, values } of file.rows(thumbnails.rootPage)) {
    const get: Get = (column) => valueOfColumn(thumbnails, rowid, values, column)
    const [location, length] = [get('bitmapdata_location'), get('bitmapdata_length')]
    // A row without a bitmap: QuickLook had no preview for the file.
    if (typeof location !== 'number' || typeof length !== 'number' || length === 0) continue
    const bitmap = bitmapOf(get)
    if (bitmap === null || layoutOf(bitmap) === null) unknown++
    else if (location < 0 || location + length > data.length || !fits(bitmap, length)) outside++
    else {
      given++
      yield memberOf(bitmap, data.subarray(location, location + length), nameOf(get, names), budget)
    }
  }
  const detail = { code: 'bitmaps-unknown', params: { bitmaps: unknown } } as const
  if (unknown > 0) throw given === 0 ? new ContainerNotBuilt(detail) : new ContainerDamaged(detail)
  if (outside > 0) throw new ContainerDamaged({ code: 'records-unreadable', params: { records: outside } })
}

function bitmapOf(get: Get): RawBitmap | null {
  const of = ['width', 'height', 'bytesperrow', 'bitspercomponent', 'bitsperpixel', 'bitmapinfo'].map(get)
  if (!of.every((value) => typeof value === 'number')) return null
  const [width, height, rowBytes, bitsPerComponent, bitsPerPixel, info] = of as number[]
  return {
    width: width!,
    height: height!,
    rowBytes: rowBytes!,
    bitsPerComponent: bitsPerComponent!,
    bitsPerPixel: bitsPerPixel!,
    info: info!,
  }
}

function memberOf(bitmap: RawBitmap, bytes: Buffer, name: string, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'thumbnail',
    name: Buffer.from(`${name} ${bitmap.width}x${bitmap.height}`),
    entryKind: 'file',
    sizeBytes: BigInt(bytes.length),
    modified: null,
    linkTarget: null,
    read: async () => {
      const bmp = bmpOf(bitmap, bytes)!
      budget.charge(bmp.length)
      return bmp
    },
  }
}

function nameOf(get: Get, names: ReadonlyMap<bigint, string>): string {
  const id = get('file_id')
  if (typeof id !== 'number' && typeof id !== 'bigint') return 'no file'
  const number = BigInt.asUintN(64, BigInt(id)) & ~TOP_BIT
  return names.get(number) ?? `file ${number}`
}

/** Paths by row number; databases of later versions contain no paths. */
function namesIn(file: SqliteFile, tables: readonly SqlTable[]): ReadonlyMap<bigint, string> {
  const names = new Map<bigint, string>()
  const table = tables.find(({ name }) => name === 'files')
  if (table === undefined) return names
  for (const { rowid, values } of file.rows(table.rootPage)) {
    const [folder, name] = ['folder', 'file_name'].map((one) => valueOfColumn(table, rowid, values, one))
    if (rowid === null || typeof name !== 'string') continue
    names.set(rowid, typeof folder === 'string' ? `${folder.replace(/\/$/, '')}/${name}` : name)
  }
  return names
}

function valueOfColumn(
  { columns, rowidColumn }: SqlTable,
  rowid: bigint | null,
  values: readonly SqlValue[],
  name: string,
): SqlValue {
  const at = columns.indexOf(name)
  return at === rowidColumn && rowid !== null ? Number(rowid) : (values[at] ?? null)
}
