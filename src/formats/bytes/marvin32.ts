/**
 * Marvin32, the hash that Windows writes into the logs of registry hives.
 *
 * @see msuhanov/regf, "Windows registry file format specification", log entries (new format): use and seed;
 *   dotnet/runtime, Marvin.cs: the rounds
 */

/** @returns eight bytes as two little-endian numbers of 32 bits, the lower one first */
export function marvin32(bytes: Buffer, seed: Buffer): bigint {
  let [low, high] = [seed.readUInt32LE(0), seed.readUInt32LE(4)]
  const mix = (word: number) => {
    low = (low + word) >>> 0
    high = (high ^ low) >>> 0
    low = (rotated(low, 20) + high) >>> 0
    high = (rotated(high, 9) ^ low) >>> 0
    low = (rotated(low, 27) + high) >>> 0
    high = rotated(high, 19)
  }
  const whole = bytes.length & ~3
  for (let at = 0; at < whole; at += 4) mix(bytes.readUInt32LE(at))
  let last = 0x80
  for (let at = bytes.length - 1; at >= whole; at--) last = ((last << 8) | bytes[at]!) >>> 0
  mix(last)
  mix(0)
  return (BigInt(high) << 32n) | BigInt(low)
}

function rotated(word: number, by: number): number {
  return ((word << by) | (word >>> (32 - by))) >>> 0
}
