/** A node of a B-tree: its records, by the offsets at its end, last first. */

export const DESCRIPTOR_BYTES = 14
export const KIND = { leaf: -1, index: 0, header: 1, map: 2 } as const

/** Half-open range of a node's bytes. */
export interface RecordRange {
  readonly from: number
  readonly to: number
}

export interface Node {
  readonly kind: number
  /** Number of the next node of the same level; 0: none. */
  readonly next: number
  readonly records: readonly RecordRange[]
  /** Range between the records and the offsets. */
  readonly free: RecordRange
}

/** @returns null where the offsets are invalid */
export function nodeOf(bytes: Buffer): Node | null {
  const kind = bytes.readInt8(8)
  const count = bytes.readUInt16BE(10)
  const table = bytes.length - 2 * (count + 1)
  if (kind < KIND.leaf || kind > KIND.map || table < DESCRIPTOR_BYTES) return null
  const records: RecordRange[] = []
  let from = bytes.readUInt16BE(bytes.length - 2)
  if (from !== DESCRIPTOR_BYTES) return null
  for (let index = 1; index <= count; index++) {
    const to = bytes.readUInt16BE(bytes.length - 2 * (index + 1))
    if (to <= from || to > table) return null
    records.push({ from, to })
    from = to
  }
  return { kind, next: bytes.readUInt32BE(0), records, free: { from, to: table } }
}

/** A leaf; every other node of a tree is above one. */
export function isLeaf(node: Node | null, bytes: Buffer): node is Node {
  return node?.kind === KIND.leaf && bytes[9] === 1
}
