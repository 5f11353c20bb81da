/** HMAC-SHA-256 of many short values under one key: an object of node:crypto for each costs ten times as much. */
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
const VALUE_BYTES = 32

/** @see RFC 2104 @param key of any length @returns for values of 32 bytes */
export function keyedDigest(key: Buffer): (value: Buffer) => Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key)
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const bytes = Buffer.alloc(BLOCK_BYTES + VALUE_BYTES)
    for (let i = 0; i < BLOCK_BYTES; i++) bytes[i] = block[i]! ^ pad
    return bytes
  }) as [Buffer, Buffer]
  return (value) => {
    if (value.length !== VALUE_BYTES) throw new RangeError(`a value of ${value.length} bytes`)
    inner.set(value, BLOCK_BYTES)
    outer.set(sha256(inner), BLOCK_BYTES)
    return sha256(outer)
  }
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer')
}
