/**
 * Walks a JPEG through its coded data: every Huffman code, every coefficient, every restart marker, and the number of units that the
 * frame promises. Says where the data stop being those of this picture.
 *
 * Bytes may come in pieces: a state is saved at the end of a piece, and gone on from with another piece.
 */
import type { FileWalk, Walked } from '../common/file-walk.ts'
import { Bits, NONE } from './bits.ts'
import { acFirst, acRefine, dcFirst, type Running, sequentialBlock } from './blocks.ts'
import { type Frame, frameOf, type Scan, scanOf, type Tables, u16, withTables } from './header.ts'

export interface Saved {
  readonly at: number
  readonly frame: Frame | null
  readonly tables: Tables
  readonly interval: number
  readonly scan: Scan | null
  readonly scans: number
  readonly unit: number
  readonly isRestarted: boolean
  readonly running: Running
  readonly bits: readonly [number, number, number]
}

/** Bytes between the last unit of a scan and the next marker that some encoders write. */
const MOST_BETWEEN = 16
/** Data of another picture can go on making sense for some time. */
const LATE_BYTES = 4096
/** Of a progressive picture of about 22 megapixels. */
const MOST_SEEN_BYTES = 1 << 25

export class JpegStream implements FileWalk<Saved> {
  /** Offset of the segment or, in coded data, of what follows what was decoded. */
  at = 2
  frame: Frame | null = null
  scans = 0
  #tables: Tables = Array(8).fill(null)
  #interval = 0
  #scan: Scan | null = null
  #unit = 0
  #isRestarted = false
  #running: Running = { dc: [0, 0, 0, 0], skip: 0 }
  readonly #bits = new Bits(new Uint8Array(0), 0)
  /** Where a unit was found to be false; 0: what is false is a segment. */
  #falseAt = 0

  /** Rows of pixels that the scan under way, or the last one, gives; at most the height. */
  get rows(): number {
    if (!this.#scan || !this.frame) return 0
    const rows = Math.floor(this.#unit / this.#scan.units[0]) * this.#scan.unitRows
    return Math.min(rows, this.frame.height)
  }

  get isInScan(): boolean {
    return this.#scan !== null && this.#unit < this.#scan.units[0] * this.#scan.units[1]
  }

  get suspect(): readonly [number, number] {
    return [Math.max(0, this.at - LATE_BYTES), Math.max(this.at, this.#falseAt)]
  }

  save(): Saved {
    return {
      at: this.at,
      frame: this.frame,
      tables: this.#tables,
      interval: this.#interval,
      scan: this.#scan,
      scans: this.scans,
      unit: this.#unit,
      isRestarted: this.#isRestarted,
      running: { dc: [...this.#running.dc], skip: this.#running.skip },
      bits: this.#bits.saved(),
    }
  }

  /** Progressive pictures are walked once: what is known of their coefficients is not taken back. */
  restore(saved: Saved): void {
    this.at = saved.at
    this.frame = saved.frame
    this.#tables = saved.tables
    this.#interval = saved.interval
    this.#scan = saved.scan
    this.scans = saved.scans
    this.#unit = saved.unit
    this.#isRestarted = saved.isRestarted
    this.#running = { dc: [...saved.running.dc], skip: saved.running.skip }
    this.#bits.restore(saved.bits)
  }

  /** @param bytes from the beginning of the picture; those before `at` are not read again */
  walk(bytes: Uint8Array, end: number): Walked {
    this.#bits.bytes = bytes
    this.#bits.end = end
    for (;;) {
      if (this.isInScan) {
        const decoded = this.#units()
        if (decoded !== 'scan-ended') return decoded
        continue
      }
      const step = this.#segment(bytes, end)
      if (step !== 'next') return step
    }
  }

  #segment(bytes: Uint8Array, end: number): Walked | 'next' {
    let at = this.at
    // Fill bytes, and the few that some encoders leave behind a scan.
    while (at + 1 < end && (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0)) {
      if (bytes[at] !== 0xff && (!this.#scan || at - this.at >= MOST_BETWEEN)) return 'broken'
      at++
    }
    if (at + 1 >= end) return 'more'
    const marker = bytes[at + 1] as number
    if (marker === 0xd9) {
      if (!this.#isComplete()) return 'broken'
      this.at = at + 2
      return 'whole'
    }
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) return 'broken'
    if (at + 4 > end) return 'more'
    const next = at + 2 + u16(bytes, at + 2)
    if (next < at + 4) return 'broken'
    if (next > end) return 'more'
    const read = this.#read(marker, bytes.subarray(at + 4, next))
    if (read === null) this.at = next
    if (read === null && marker === 0xda) this.#bits.begin(next)
    return read ?? 'next'
  }

  /** @returns null to go on */
  #read(marker: number, segment: Uint8Array): 'broken' | 'unchecked' | null {
    if (marker === 0xc4) {
      const tables = withTables(this.#tables, segment)
      if (tables === null) return 'broken'
      this.#tables = tables
    } else if (marker === 0xdd) this.#interval = u16(segment, 0)
    else if (marker >= 0xc0 && marker <= 0xcf) {
      if (this.frame) return 'broken'
      this.frame = frameOf(marker, segment)
      if (this.frame === null) return 'unchecked'
    } else if (marker === 0xda) {
      const { frame } = this
      if (frame === null) return 'broken'
      const scan = scanOf(frame, this.#tables, segment)
      if (scan === null) return 'broken'
      if (frame.isProgressive && !this.#remembers(frame)) return 'unchecked'
      this.#scan = scan
      this.scans++
      this.#unit = 0
      this.#isRestarted = true
      this.#running = { dc: [0, 0, 0, 0], skip: 0 }
    }
    return null
  }

  #remembers({ components }: Frame): boolean {
    const needed = components.reduce((sum, { padded: [w, h] }) => sum + w * h * 64, 0)
    if (needed > MOST_SEEN_BYTES) return false
    for (const { seen, padded } of components) seen.bytes ??= new Uint8Array(padded[0] * padded[1] * 64)
    return true
  }

  /** A sequential picture whose components come in scans of their own has one for each. */
  #isComplete(): boolean {
    const { frame } = this
    if (frame === null || this.#scan === null) return false
    return frame.isProgressive || this.scans * this.#scan.components.length >= frame.components.length
  }

  #units(): Walked | 'scan-ended' {
    const scan = this.#scan as Scan
    const all = scan.units[0] * scan.units[1]
    while (this.#unit < all) {
      if (this.#interval > 0 && this.#unit % this.#interval === 0 && !this.#isRestarted) {
        const restarted = this.#restart()
        if (restarted !== null) return restarted
      }
      const before = this.#bits.saved()
      const [a, b, c, d] = this.#running.dc as [number, number, number, number]
      const { skip } = this.#running
      const read = this.#readUnit(scan)
      if (read !== 0) {
        // What the unit needs may be in the next piece, if no marker ends the data before.
        const isCut = read === NONE && !this.#bits.isAtMarker
        this.#falseAt = this.#bits.at
        this.#bits.restore(before)
        this.#running = { dc: [a, b, c, d], skip }
        this.at = this.#bits.at - this.#bits.unused
        return isCut ? 'more' : 'broken'
      }
      this.#unit++
      this.#isRestarted = false
    }
    this.at = this.#bits.at - this.#bits.unused
    return this.#bits.unused > 1 ? 'broken' : 'scan-ended'
  }

  #restart(): 'more' | 'broken' | null {
    const { bytes, end } = this.#bits
    const at = this.#bits.at
    this.at = at - this.#bits.unused
    if (this.#bits.unused > 0) return 'broken'
    if (at + 1 >= end) return 'more'
    const which = (this.#unit / this.#interval - 1) & 7
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0xd0 + which) return 'broken'
    this.#bits.begin(at + 2)
    this.#running = { dc: [0, 0, 0, 0], skip: 0 }
    this.#isRestarted = true
    return null
  }

  #readUnit(scan: Scan): number {
    const { components } = scan
    if (components.length === 1) {
      const [across] = scan.units
      return this.#readBlock(scan, 0, this.#unit % across, Math.floor(this.#unit / across))
    }
    const [mcus] = scan.units
    const [x, y] = [this.#unit % mcus, Math.floor(this.#unit / mcus)]
    for (let i = 0; i < components.length; i++) {
      const { across, down } = components[i]!.of
      for (let n = 0; n < across * down; n++) {
        const read = this.#readBlock(scan, i, x * across + (n % across), y * down + Math.floor(n / across))
        if (read !== 0) return read
      }
    }
    return 0
  }

  #readBlock(scan: Scan, component: number, x: number, y: number): number {
    const { of, dc, ac } = scan.components[component]!
    const [bits, running] = [this.#bits, this.#running]
    if (!this.frame?.isProgressive) return sequentialBlock(bits, dc!, ac!, running, component)
    if (scan.from === 0)
      return scan.high === 0 ? dcFirst(bits, dc!, running, component) : bits.take(1) < 0 ? NONE : 0
    const at = (y * of.padded[0] + x) * 64
    const seen = of.seen.bytes!.subarray(at, at + 64)
    return scan.high === 0
      ? acFirst(bits, ac!, running, scan.from, scan.to, seen)
      : acRefine(bits, ac!, running, scan.from, scan.to, seen)
  }
}
