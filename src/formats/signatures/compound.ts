/**
 * Determines which program wrote a compound file (Microsoft), from its stream names. The directory may be at any
 * offset. The function looks where the header points; if it finds no names there, it searches the available bytes for
 * the names.
 * @see MS-CFB 2.2 and 2.6
 */
import type { Sample } from '../../media-types/sample.ts'

const STREAMS: readonly (readonly [name: string, mediaType: string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
  ['VisioDocument', 'application/vnd.visio'],
  ['__properties_version1.0', 'application/vnd.ms-outlook'],
  ['__nameid_version1.0', 'application/vnd.ms-outlook'],
  ['Quill', 'application/x-mspublisher'],
  // An encrypted Office file: the package inside cannot be read, and the type reports the encryption.
  ['EncryptedPackage', 'application/x-ole-encrypted'],
  ['Catalog', 'application/x-ms-thumbs-db'],
  ['DestList', 'application/x-ms-jumplist'],
]

export function compoundType(sample: Sample): string {
  const { head } = sample
  const names = head.length >= 512 ? directoryNames(sample) : []
  for (const [stream, type] of STREAMS) if (names.includes(stream)) return type
  // Names of Windows Installer tables are packed into characters from U+3800 on.
  if (names.some((name) => /[\u3800-\u4840]/.test(name))) return 'application/x-msi'
  return 'application/x-cfb'
}

const ENTRY_BYTES = 128
const MAX_ENTRIES = 512

function directoryNames({ head, sizeBytes, tail, whole }: Sample): readonly string[] {
  const sectorBytes = 1 << Math.min(head.readUInt16LE(30), 12)
  const start = (head.readUInt32LE(48) + 1) * sectorBytes
  const names: string[] = []
  const parts: readonly (readonly [Buffer, number])[] = whole
    ? [[whole, 0]]
    : [
        [head, 0],
        [tail, sizeBytes - tail.length],
      ]
  for (const [part, offset] of parts) {
    let at = start - offset
    // The sector chain is not followed: the first sector lists the root and its children.
    const end = Math.min(part.length, at + Math.min(sectorBytes * 4, MAX_ENTRIES * ENTRY_BYTES))
    if (at < 0) continue
    for (; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
      const bytes = part.readUInt16LE(at + 64)
      if (bytes >= 4 && bytes <= 64) names.push(part.toString('utf16le', at, at + bytes - 2))
    }
    if (names.length > 0) return names
  }
  const latin = head.toString('latin1')
  return STREAMS.map(([name]) => name).filter((name) =>
    latin.includes(Buffer.from(name, 'utf16le').toString('latin1')),
  )
}
