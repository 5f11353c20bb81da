/** Wires the `open` operation. Loads every opener while the disk is readable: 7-Zip reads its WebAssembly lazily. */

import { prepareSevenZip } from '../extract/containers/seven-zip.ts'
import { type OpenHeader, openTargets } from '../extract/open.ts'
import type { OpRun } from './ops.ts'

export async function prepareOpenOp(): Promise<OpRun> {
  prepareSevenZip()
  return async ({ header, bytes, emit }) => {
    await openTargets(header as OpenHeader, bytes, emit)
    return { header: null, bytes: Buffer.alloc(0) }
  }
}
