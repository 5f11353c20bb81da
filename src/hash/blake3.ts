/**
 * BLAKE3 of the `blake3` package, required and not imported. For an import Node reads the text of a CommonJS package
 * twice to learn its names, a tenth of a reader process's start time.
 */
import { createRequire } from 'node:module'

const blake3 = createRequire(import.meta.url)('blake3') as typeof import('blake3')

// Without a compiler at installation the package is WebAssembly, which must be loaded first.
if (!isReady()) await blake3.load()

export const { hash, createHash } = blake3

function isReady(): boolean {
  try {
    blake3.hash('')
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}
