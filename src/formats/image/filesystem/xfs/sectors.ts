/** A volume with changed sectors in memory; bounded. */
import type { Medium } from '../../../../contracts/image.ts'
import { LogDamaged } from './log-items.ts'

const SECTOR = 512
/** 256 MiB of sectors. */
const SECTORS_MOST = 524_288

export class Sectors {
  readonly #volume: Medium
  readonly #changed = new Map<number, Buffer>()

  constructor(volume: Medium) {
    this.#volume = volume
  }

  get count(): number {
    return this.#changed.size
  }

  /** @throws LogDamaged when too many sectors change, or one outside of the volume */
  write(offset: number, bytes: Buffer): void {
    for (let done = 0; done < bytes.length; ) {
      const sector = Math.floor((offset + done) / SECTOR)
      const within = offset + done - sector * SECTOR
      done += bytes.copy(this.#toChange(sector), within, done, done + SECTOR - within)
    }
  }

  #toChange(sector: number): Buffer {
    const known = this.#changed.get(sector)
    if (known) return known
    if (this.#changed.size >= SECTORS_MOST) throw new LogDamaged('too-large')
    const bytes = Buffer.alloc(SECTOR)
    this.#volume.readInto(bytes, sector * SECTOR)
    this.#changed.set(sector, bytes)
    return bytes
  }

  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    this.#volume.readInto(bytes, offset)
    this.into(bytes, offset)
    return bytes
  }

  /** Puts changed sectors over bytes of the volume that begin at `offset`. */
  into(bytes: Buffer, offset: number): void {
    if (this.#changed.size === 0) return
    const last = Math.floor((offset + bytes.length - 1) / SECTOR)
    for (let sector = Math.floor(offset / SECTOR); sector <= last; sector++) {
      const at = sector * SECTOR - offset
      this.#changed
        .get(sector)
        ?.copy(bytes, Math.max(0, at), Math.max(0, -at), Math.min(SECTOR, bytes.length - at))
    }
  }
}
