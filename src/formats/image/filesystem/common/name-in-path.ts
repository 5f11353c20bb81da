/** Names as a path can hold them: a damaged directory may store slashes and zeros. */

export interface ShownName {
  readonly name: Buffer
  /** Code of a warning: the name is not as stored. */
  readonly note: 'name-damaged' | 'name-encrypted' | null
}

export function nameInPath(stored: Buffer): ShownName {
  if (!stored.includes(SLASH) && !stored.includes(0)) return { name: stored, note: null }
  const written = stored.toString('latin1').replaceAll('/', '%2F').replaceAll('\0', '%00')
  return { name: Buffer.from(written, 'latin1'), note: 'name-damaged' }
}

const SLASH = 0x2f
