/**
 * BLAKE3 of the `blake3` package, required and not imported: for an import Node reads the text of a CommonJS package
 * twice to learn its names, which is a tenth of the time that a reader process needs to start.
 */
import { createRequire } from 'node:module'

export const { hash, createHash } = createRequire(import.meta.url)('blake3') as typeof import('blake3')
