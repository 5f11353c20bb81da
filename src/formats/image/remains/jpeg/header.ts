/** Segments of a JPEG before and between its scans: frame, tables, restart interval (ISO 10918-1, Annex B). */
import { type HuffmanTable, huffmanTable } from './huffman.ts'

export interface FrameComponent {
  readonly id: number
  readonly across: number
  readonly down: number
  /** Blocks of 8 × 8 that a scan of this component alone has, and those with the padding of whole MCUs. */
  readonly blocks: readonly [number, number]
  readonly padded: readonly [number, number]
  /** Of its coefficients in earlier scans of a progressive picture: 1 where one is not 0. */
  readonly seen: { bytes: Uint8Array | null }
}

export interface Frame {
  readonly isProgressive: boolean
  readonly width: number
  readonly height: number
  readonly most: readonly [number, number]
  readonly mcus: readonly [number, number]
  readonly components: readonly FrameComponent[]
}

export interface Scan {
  readonly components: readonly {
    readonly of: FrameComponent
    readonly dc: HuffmanTable | null
    readonly ac: HuffmanTable | null
  }[]
  /** Units across and down: MCUs, or blocks where the scan has one component. */
  readonly units: readonly [number, number]
  /** Rows of pixels in a row of units. */
  readonly unitRows: number
  readonly from: number
  readonly to: number
  readonly high: number
}

export type Tables = readonly (HuffmanTable | null)[]

/** @returns null for kinds that are not checked (lossless, hierarchical, arithmetic, 12 bits) and for what is no frame */
export function frameOf(marker: number, segment: Uint8Array): Frame | null {
  if (marker > 0xc2 || segment.length < 6 || segment[0] !== 8) return null
  const [height, width] = [u16(segment, 1), u16(segment, 3)]
  const count = segment[5] as number
  if (width === 0 || height === 0 || count < 1 || count > 4 || segment.length < 6 + 3 * count) return null
  const stated = Array.from({ length: count }, (_, i) => {
    const [id, factors] = [segment[6 + 3 * i] as number, segment[7 + 3 * i] as number]
    return { id, across: factors >> 4, down: factors & 15 }
  })
  if (stated.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) return null
  const most = [
    Math.max(...stated.map(({ across }) => across)),
    Math.max(...stated.map(({ down }) => down)),
  ] as const
  const mcus = [Math.ceil(width / (8 * most[0])), Math.ceil(height / (8 * most[1]))] as const
  const components = stated.map(({ id, across, down }) => ({
    ...{ id, across, down, seen: { bytes: null } },
    blocks: [
      Math.ceil(Math.ceil((width * across) / most[0]) / 8),
      Math.ceil(Math.ceil((height * down) / most[1]) / 8),
    ] as const,
    padded: [mcus[0] * across, mcus[1] * down] as const,
  }))
  return { isProgressive: marker === 0xc2, width, height, most, mcus, components }
}

/** Tables with those that a segment defines. @returns null for a segment that is none; of eight, DC first */
export function withTables(tables: Tables, segment: Uint8Array): Tables | null {
  const all = [...tables]
  for (let at = 0; at < segment.length; ) {
    const [kind, counts] = [segment[at] as number, segment.subarray(at + 1, at + 17)]
    if (counts.length < 16 || kind >> 4 > 1 || (kind & 15) > 3) return null
    const sum = counts.reduce((total, one) => total + one, 0)
    const symbols = segment.subarray(at + 17, at + 17 + sum)
    const table = symbols.length < sum ? null : huffmanTable(counts, symbols)
    if (table === null) return null
    all[(kind >> 4) * 4 + (kind & 15)] = table
    at += 17 + sum
  }
  return all
}

/** @returns null where the scan names components or tables that there are not */
export function scanOf(frame: Frame, tables: Tables, segment: Uint8Array): Scan | null {
  const count = segment[0] ?? 0
  if (count < 1 || count > 4 || segment.length < 4 + 2 * count) return null
  const [from, to, bits] = segment.subarray(1 + 2 * count) as unknown as [number, number, number]
  const { isProgressive } = frame
  if (isProgressive && (to > 63 || from > to || (from === 0 && to !== 0) || (from > 0 && count > 1)))
    return null
  const high = bits >> 4
  const components: Scan['components'][number][] = []
  for (let i = 0; i < count; i++) {
    const of = frame.components.find(({ id }) => id === segment[1 + 2 * i])
    const chosen = segment[2 + 2 * i] as number
    const [dc, ac] = [tables[chosen >> 4] ?? null, tables[4 + (chosen & 15)] ?? null]
    const needsDc = !isProgressive || (from === 0 && high === 0)
    if (!of || (needsDc && !dc) || ((!isProgressive || from > 0) && !ac)) return null
    components.push({ of, dc, ac })
  }
  const [{ of: only }] = components as [Scan['components'][number]]
  const units = count === 1 ? only.blocks : frame.mcus
  const unitRows = count === 1 ? (8 * frame.most[1]) / only.down : 8 * frame.most[1]
  return { components, units, unitRows, from: isProgressive ? from : 0, to: isProgressive ? to : 63, high }
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
