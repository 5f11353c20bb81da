/** Wires the `open` operation. Loads every opener while the disk is readable: 7-Zip and pdf.js would load lazily. */

import type { OpenHeader } from '../wire/open.ts'
import { sourceOfBuffer } from './containers/byte-source.ts'
import { openTargets } from './containers/open.ts'
import { prepareSevenZip } from './containers/seven-zip-run.ts'
import type { OpRun } from './op.ts'
import { preparePdf } from './text/pdf.ts'

export async function prepareOpenOp(): Promise<OpRun> {
  prepareSevenZip()
  await preparePdf()
  return async ({ header, bytes, lent, emit }) => {
    await openTargets(header as OpenHeader, lent ?? sourceOfBuffer(bytes), emit)
    return { header: null, bytes: Buffer.alloc(0) }
  }
}
