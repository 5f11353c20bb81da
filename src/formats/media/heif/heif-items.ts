/**
 * Reads the items of a HEIF file (HEIC, AVIF): their types, bytes, properties and references. They are read from the
 * file itself, because libheif returns pixels without bytes, and digests need bytes.
 * @see ISO/IEC 14496-12 (iinf, iloc, iref, pitm), ISO/IEC 23008-12 (iprp: ipco, ipma)
 */
import { type Box, boxesIn, Fields } from './heif-boxes.ts'

export interface HeifItem {
  readonly id: number
  /** Four letters: `hvc1`, `av01`, `jpeg`, `grid`, … */
  readonly type: string
  /** Stored bytes, extents joined; null when they are outside the file, or stored in an unsupported way. */
  readonly bytes: Buffer | null
  /** In file order, each box unchanged. */
  readonly properties: readonly { readonly essential: boolean; readonly box: Buffer }[]
}

export interface HeifItems {
  /** The displayed item; null when the file states none. */
  readonly primary: number | null
  readonly all: readonly { readonly id: number; readonly type: string }[]
  /** In file order: `thmb` from a thumbnail to its pictures, `dimg` from a grid to its tiles, `auxl` from a mask, … */
  readonly references: readonly {
    readonly type: string
    readonly from: number
    readonly to: readonly number[]
  }[]
  readonly item: (id: number) => HeifItem | null
}

/** @returns null when the item index is missing or truncated */
export function heifItems(file: Buffer): HeifItems | null {
  for (const { type, body } of boxesIn(file)) {
    if (type !== 'meta') continue
    try {
      return itemsOf(file, new Map([...boxesIn(body.subarray(4))].map((box) => [box.type, box])))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return null
    }
  }
  return null
}

function itemsOf(file: Buffer, meta: ReadonlyMap<string, Box>): HeifItems {
  const bodyOf = (type: string) => meta.get(type)?.body ?? null
  const primary = bodyOf('pitm')
  const types = typesOf(bodyOf('iinf'))
  const extents = extentsOf(bodyOf('iloc'))
  const properties = propertiesOf(bodyOf('iprp'))
  return {
    primary: primary && new Fields(primary, 4).next(primary[0] === 0 ? 2 : 4),
    all: [...types].map(([id, type]) => ({ id, type })),
    references: referencesOf(bodyOf('iref')),
    item: (id) => {
      const type = types.get(id)
      if (type === undefined) return null
      const bytes = joined(extents.get(id), file, bodyOf('idat'))
      return { id, type, bytes, properties: properties(id) }
    },
  }
}

function typesOf(iinf: Buffer | null): ReadonlyMap<number, string> {
  const types = new Map<number, string>()
  if (!iinf) return types
  for (const { type, body } of boxesIn(iinf.subarray(iinf[0] === 0 ? 6 : 8))) {
    const version = body[0]
    // Older versions have no type; they belong to files other than HEIF.
    if (type !== 'infe' || (version !== 2 && version !== 3)) continue
    const fields = new Fields(body, 4)
    const id = fields.next(version === 2 ? 2 : 4)
    fields.next(2)
    types.set(id, fields.text(4))
  }
  return types
}

function referencesOf(iref: Buffer | null): HeifItems['references'] {
  if (!iref) return []
  const width = iref[0] === 0 ? 2 : 4
  return [...boxesIn(iref.subarray(4))].map(({ type, body }) => {
    const fields = new Fields(body)
    const from = fields.next(width)
    return { type, from, to: Array.from({ length: fields.next(2) }, () => fields.next(width)) }
  })
}

/** Location of an item: in the file, in the index itself, or elsewhere (composed of other items, in another file). */
interface Extents {
  readonly within: 'file' | 'index' | 'elsewhere'
  readonly parts: readonly { readonly at: number; readonly length: number }[]
}

function extentsOf(iloc: Buffer | null): ReadonlyMap<number, Extents> {
  const all = new Map<number, Extents>()
  if (!iloc) return all
  const version = iloc[0] as number
  const fields = new Fields(iloc, 4)
  const [sizes, more] = [fields.next(1), fields.next(1)]
  const count = fields.next(version < 2 ? 2 : 4)
  for (let i = 0; i < count; i++) {
    const id = fields.next(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : fields.next(2) & 0xf
    const otherFile = fields.next(2) !== 0
    const base = fields.next(more >> 4)
    const parts = Array.from({ length: fields.next(2) }, () => {
      if (version > 0) fields.next(more & 0xf)
      const at = base + fields.next(sizes >> 4)
      return { at, length: fields.next(sizes & 0xf) }
    })
    all.set(id, { within: otherFile ? 'elsewhere' : (WITHIN[method] ?? 'elsewhere'), parts })
  }
  return all
}

const WITHIN = ['file', 'index', 'elsewhere'] as const

function joined(extents: Extents | undefined, file: Buffer, idat: Buffer | null): Buffer | null {
  const source = extents?.within === 'file' ? file : extents?.within === 'index' ? idat : null
  if (!extents || !source) return null
  const { parts } = extents
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const fits = parts.every((part) => part.at + part.length <= source.length)
  // Extents may overlap, but an item is never larger than its source.
  if (!fits || length === 0 || length > source.length) return null
  return Buffer.concat(parts.map((part) => source.subarray(part.at, part.at + part.length)))
}

function propertiesOf(iprp: Buffer | null): (id: number) => HeifItem['properties'] {
  if (!iprp) return () => []
  const boxes = [...boxesIn(iprp)]
  const container = boxes.find(({ type }) => type === 'ipco')
  const all = container ? [...boxesIn(container.body)] : []
  const byItem = new Map<number, HeifItem['properties']>()
  for (const { type, body } of boxes) {
    if (type !== 'ipma') continue
    const wide = ((body[3] as number) & 1) === 1
    const fields = new Fields(body, 4)
    const count = fields.next(4)
    for (let i = 0; i < count; i++) {
      const id = fields.next(body[0] === 0 ? 2 : 4)
      const links = Array.from({ length: fields.next(1) }, () => fields.next(wide ? 2 : 1))
      const essentialBit = wide ? 0x8000 : 0x80
      const properties = links.flatMap((link) => {
        // Counted from one; zero means no property.
        const property = all[(link & (essentialBit - 1)) - 1]
        return property ? [{ essential: (link & essentialBit) !== 0, box: property.whole }] : []
      })
      byItem.set(id, properties)
    }
  }
  return (id) => byItem.get(id) ?? []
}
