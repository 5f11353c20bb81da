/** Stores of thumbnails, made record by record: Windows' caches and Android's slots. */
import { SLOT_BYTES } from '../../src/formats/archives/thumbcache.ts'

/** As Windows 7 (0x15), Vista (0x14) and Windows 10 (0x20) write it. */
export function database(
  version: number,
  records: readonly { readonly name: string; readonly data: Buffer }[],
): Buffer {
  const header = Buffer.alloc(24)
  header.write('CMMM', 'latin1')
  header.writeUInt32LE(version, 4)
  header.writeUInt32LE(24, version >= 0x1a ? 16 : 12)
  return Buffer.concat([header, ...records.map((record) => recordOf(version, record))])
}

function recordOf(version: number, { name, data }: { readonly name: string; readonly data: Buffer }): Buffer {
  const lengthsAt = version === 0x14 ? 24 : 16
  const header = Buffer.alloc(version === 0x15 ? 48 : 56)
  const identifier = Buffer.from(name, 'utf16le')
  const padding = Buffer.alloc(2)
  header.write('CMMM', 'latin1')
  header.writeUInt32LE(header.length + identifier.length + padding.length + data.length, 4)
  header.writeBigUInt64LE(0x1234n, 8)
  header.writeUInt32LE(identifier.length, lengthsAt)
  header.writeUInt32LE(padding.length, lengthsAt + 4)
  header.writeUInt32LE(data.length, lengthsAt + 8)
  return Buffer.concat([header, identifier, padding, data])
}

export function thumbdataFile(slots: readonly (Buffer | null)[]): Buffer {
  const file = Buffer.alloc(slots.length * SLOT_BYTES)
  slots.forEach((data, i) => {
    if (data === null) return
    file[i * SLOT_BYTES] = 1
    file.writeBigUInt64BE(77n, i * SLOT_BYTES + 1)
    file.writeUInt32BE(data.length, i * SLOT_BYTES + 9)
    data.copy(file, i * SLOT_BYTES + 13)
  })
  return file
}

/** `imgcache.0` of Android's gallery: first bytes, then records of a key, a checksum, an offset, a length and the picture. */
export function pictureCacheFile(pictures: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from('108524bd', 'hex')]
  for (const picture of pictures) {
    const key = Buffer.from('/local/image/item/17+1', 'utf16le')
    const head = Buffer.alloc(20)
    head.writeUInt32LE(
      parts.reduce((sum, { length }) => sum + length, 0),
      12,
    )
    head.writeUInt32LE(key.length + picture.length, 16)
    parts.push(head, key, picture)
  }
  return Buffer.concat(parts)
}
