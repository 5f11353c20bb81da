/** Wires the `open` operation. Loads every opener while the disk is readable: 7-Zip and pdf.js would load lazily. */

import { sourceOfBuffer, sourceOfDescriptor } from '../extract/byte-source.ts'
import { prepareSevenZip } from '../extract/containers/seven-zip.ts'
import { type OpenHeader, openTargets } from '../extract/open.ts'
import { preparePdf } from '../extract/text/pdf.ts'
import type { OpRun } from './ops.ts'

export async function prepareOpenOp(): Promise<OpRun> {
  prepareSevenZip()
  await preparePdf()
  return async ({ header, bytes, fd, emit }) => {
    await openTargets(
      header as OpenHeader,
      fd === null ? sourceOfBuffer(bytes) : sourceOfDescriptor(fd),
      emit,
    )
    return { header: null, bytes: Buffer.alloc(0) }
  }
}
