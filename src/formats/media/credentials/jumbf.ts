/** Boxes of JUMBF (ISO/IEC 19566-5): a superbox has a description with a label, and contents. */

export interface Superbox {
  readonly label: string
  /** Everything behind the header of the box: what a hash of it covers. */
  readonly content: Buffer
  readonly inner: readonly Superbox[]
  /** Content boxes by type, first of each. */
  readonly contents: ReadonlyMap<string, Buffer>
}

const DEPTH_MOST = 8
const BOXES_MOST = 10_000

/** @returns null when no superbox is there */
export function parseJumbf(bytes: Buffer): Superbox | null {
  const left = { boxes: BOXES_MOST }
  for (const { type, content } of boxesOf(bytes, left)) if (type === 'jumb') return superbox(content, left, 0)
  return null
}

function superbox(content: Buffer, left: { boxes: number }, depth: number): Superbox {
  const inner: Superbox[] = []
  const contents = new Map<string, Buffer>()
  let label = ''
  for (const box of boxesOf(content, left)) {
    if (box.type === 'jumd') label = labelOf(box.content)
    else if (box.type !== 'jumb') contents.set(box.type, contents.get(box.type) ?? box.content)
    else if (depth < DEPTH_MOST) inner.push(superbox(box.content, left, depth + 1))
  }
  return { label, content, inner, contents }
}

function* boxesOf(bytes: Buffer, left: { boxes: number }): Generator<{ type: string; content: Buffer }> {
  for (let at = 0; at + 8 <= bytes.length && left.boxes-- > 0; ) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1 && at + 16 <= bytes.length
    const length = short === 0 ? bytes.length - at : isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const header = isLong ? 16 : 8
    if (length < header || at + length > bytes.length) return
    yield {
      type: bytes.toString('latin1', at + 4, at + 8),
      content: bytes.subarray(at + header, at + length),
    }
    at += length
  }
}

/** 16 bytes of type, a byte of flags, and the label where the flags say so. */
function labelOf(description: Buffer): string {
  if (description.length < 18 || (description[16]! & 2) === 0) return ''
  const end = description.indexOf(0, 17)
  return description.toString('utf8', 17, end < 0 ? description.length : end)
}

/** The first superbox inside with this label. */
export const named = (box: Superbox, label: string): Superbox | undefined =>
  box.inner.find((one) => one.label === label)
