/** A Windows program that does nothing, for what may lie behind one. */

/** The least that a Windows program is: headers and one section of 512 bytes. */
export function program(isLong = false): Buffer {
  const bytes = Buffer.alloc(1024, 0)
  bytes.write('MZ')
  bytes.writeUInt32LE(64, 0x3c)
  bytes.write('PE\0\0', 64)
  bytes.writeUInt16LE(isLong ? 0x8664 : 0x14c, 68)
  bytes.writeUInt16LE(1, 70)
  const optionalBytes = isLong ? 240 : 224
  bytes.writeUInt16LE(optionalBytes, 84)
  bytes.writeUInt16LE(isLong ? 0x20b : 0x10b, 88)
  const section = 88 + optionalBytes
  bytes.write('.text', section)
  bytes.writeUInt32LE(512, section + 16)
  bytes.writeUInt32LE(512, section + 20)
  return bytes
}

export function programWith(archive: Buffer): Buffer {
  return Buffer.concat([program(), archive])
}
