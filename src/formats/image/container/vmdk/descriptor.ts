/**
 * Parses the descriptor of a VMware disk, the text that lists its extents.
 *
 * @see VMware, "Virtual Disk Format 5.0", 2011, "The Descriptor File"
 */

export const DESCRIPTOR_BYTES_AT_MOST = 1 << 16
const EXTENTS_AT_MOST = 4096
const BEGINS = '# Disk DescriptorFile'

export interface VmdkExtent {
  readonly sectors: number
  /** `FLAT`, `SPARSE`, `ZERO`, `VMFS`, `VMFSSPARSE`, `SESPARSE` … */
  readonly type: string
  readonly name: string
  /** Start of a flat extent in its file, in sectors. */
  readonly offsetSectors: number
}

export interface VmdkDescriptor {
  readonly createType: string
  /** `ffffffff`: no parent. */
  readonly parent: string
  readonly identifier: string
  readonly extents: readonly VmdkExtent[]
}

/** @returns null when the bytes are not a descriptor */
export function parseDescriptor(bytes: Buffer): VmdkDescriptor | null {
  const text = bytes.toString('latin1').replace(/\0[\s\S]*$/, '')
  if (!text.trimStart().toLowerCase().startsWith(BEGINS.toLowerCase())) return null
  const named = (key: string): string =>
    new RegExp(`^\\s*${key}\\s*=\\s*"?([^"\\r\\n]{0,200})"?\\s*$`, 'im').exec(text)?.[1]?.trim() ?? ''
  const extents: VmdkExtent[] = []
  for (const line of text.matchAll(
    /^\s*(?:RW|RDONLY|NOACCESS)\s+(\d{1,15})\s+([A-Z0-9]+)(?:\s+"([^"\r\n]*)"(?:\s+(\d{1,15}))?)?/gim,
  )) {
    if (extents.length >= EXTENTS_AT_MOST) break
    const [, sectors, type = '', name = '', offset = '0'] = line
    extents.push({ sectors: Number(sectors), type: type.toUpperCase(), name, offsetSectors: Number(offset) })
  }
  return {
    createType: named('createType'),
    parent: named('parentCID').toLowerCase(),
    identifier: named('CID'),
    extents,
  }
}

/** @returns the file names in a descriptor file, each once; null when the bytes are not a descriptor */
export function extentNamesOf(bytes: Buffer): readonly string[] | null {
  const descriptor = parseDescriptor(bytes)
  if (!descriptor) return null
  return [...new Set(descriptor.extents.filter(({ type }) => type !== 'ZERO').map(({ name }) => name))]
}
