/**
 * Finds the C2PA manifest store in a picture: JPEG, PNG, WebP, HEIF.
 * @see C2PA Technical Specification 2.1, A.3 "Embedding manifests into assets"
 */

export interface ManifestStore {
  readonly bytes: Buffer
  /** Ranges of the file that hold it: what a hash of the content has to leave out. */
  readonly ranges: readonly { readonly offset: number; readonly length: number }[]
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')
const PARTS_MOST = 100_000

/** @returns null when none is at a place where it may be */
export function manifestStore(bytes: Buffer): ManifestStore | null {
  if (bytes.length < 16) return null
  if (bytes.readUInt16BE(0) === 0xffd8) return inJpeg(bytes)
  if (bytes.subarray(0, 8).equals(PNG)) return inPng(bytes)
  if (bytes.toString('latin1', 0, 4) === 'RIFF') return inWebp(bytes)
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return inHeif(bytes)
  return null
}

/** Segments APP11: the letters JP, number of the box, number of the part, then the box; each part repeats its header. */
function inJpeg(bytes: Buffer): ManifestStore | null {
  const parts: { sequence: number; box: number; body: Buffer }[] = []
  const ranges: { offset: number; length: number }[] = []
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && parts.length < PARTS_MOST; ) {
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xda || marker === 0xd9) break
    const length = bytes.readUInt16BE(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > bytes.length) break
    if (marker === 0xeb && length >= 18 && bytes.toString('latin1', at + 4, at + 6) === 'JP') {
      const header = bytes.readUInt32BE(at + 12) === 1 ? 16 : 8
      const sequence = bytes.readUInt32BE(at + 8)
      const from = at + 12 + (sequence === 1 ? 0 : header)
      parts.push({ sequence, box: bytes.readUInt16BE(at + 6), body: bytes.subarray(from, end) })
      ranges.push({ offset: at, length: end - at })
    }
    at = end
  }
  for (const box of new Set(parts.map((part) => part.box))) {
    const own = parts.filter((part) => part.box === box).sort((a, b) => a.sequence - b.sequence)
    const whole = Buffer.concat(own.map(({ body }) => body))
    if (isStore(whole)) return { bytes: whole, ranges }
  }
  return null
}

function inPng(bytes: Buffer): ManifestStore | null {
  for (let at = 8, part = 0; at + 12 <= bytes.length && part < PARTS_MOST; part++) {
    const length = bytes.readUInt32BE(at)
    if (at + 12 + length > bytes.length) return null
    if (bytes.toString('latin1', at + 4, at + 8) === 'caBX') {
      const store = bytes.subarray(at + 8, at + 8 + length)
      return isStore(store) ? { bytes: store, ranges: [{ offset: at, length: 12 + length }] } : null
    }
    at += 12 + length
  }
  return null
}

function inWebp(bytes: Buffer): ManifestStore | null {
  for (let at = 12, part = 0; at + 8 <= bytes.length && part < PARTS_MOST; part++) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length
    if (end > bytes.length) return null
    if (bytes.toString('latin1', at, at + 4) === 'C2PA') {
      const store = bytes.subarray(at + 8, end)
      return isStore(store)
        ? { bytes: store, ranges: [{ offset: at, length: 8 + length + (length & 1) }] }
        : null
    }
    at = end + (length & 1)
  }
  return null
}

/** A box `uuid`: version and flags, the word `manifest`, an offset of eight bytes, then the store. */
function inHeif(bytes: Buffer): ManifestStore | null {
  for (let at = 0, part = 0; at + 8 <= bytes.length && part < PARTS_MOST; part++) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1 && at + 16 <= bytes.length
    const length = short === 0 ? bytes.length - at : isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const header = isLong ? 16 : 8
    if (length < header || at + length > bytes.length) return null
    const from = at + header
    if (bytes.toString('latin1', at + 4, at + 8) === 'uuid' && bytes.subarray(from, from + 16).equals(UUID)) {
      const end = bytes.indexOf(0, from + 20)
      if (end < 0 || bytes.toString('latin1', from + 20, end) !== 'manifest') return null
      const store = bytes.subarray(end + 9, at + length)
      return isStore(store) ? { bytes: store, ranges: [{ offset: at, length }] } : null
    }
    at += length
  }
  return null
}

/** A superbox whose type begins with the letters of C2PA. */
const isStore = (bytes: Buffer): boolean =>
  bytes.length > 24 &&
  bytes.toString('latin1', 4, 8) === 'jumb' &&
  bytes.toString('latin1', 12, 20) === 'jumdc2pa'
