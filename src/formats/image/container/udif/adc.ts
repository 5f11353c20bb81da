/**
 * Apple Data Compression, which old UDIF images use: literals, and copies of what was written before.
 * Facts: QEMU has no decoder of it; the codes are those of dmg2img (adc.c) and libdmg-hfsplus.
 */

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged, too short or too long */
export function decodeAdc(stored: Buffer, target: Buffer): number {
  let [from, at] = [0, 0]
  while (from < stored.length && at < target.length) {
    const code = stored[from]!
    if (code & 0x80) {
      const length = (code & 0x7f) + 1
      if (from + 1 + length > stored.length || at + length > target.length) return at
      stored.copy(target, at, from + 1, from + 1 + length)
      from += 1 + length
      at += length
      continue
    }
    const long = (code & 0x40) !== 0
    if (from + (long ? 3 : 2) > stored.length) return at
    const length = long ? (code & 0x3f) + 4 : (code >> 2) + 3
    const back = (long ? stored.readUInt16BE(from + 1) : ((code & 3) << 8) | stored[from + 1]!) + 1
    if (back > at || at + length > target.length) return at
    // One by one: a copy may read what it writes.
    for (let i = 0; i < length; i++, at++) target[at] = target[at - back]!
    from += long ? 3 : 2
  }
  return at
}
