/** Wires the `open` operation. Loads every opener while the disk is readable: 7-Zip and pdf.js would load lazily. */

import { companionsInside } from '../../formats/archives/companions-inside.ts'
import { openTargets } from '../../formats/archives/open.ts'
import { prepareSevenZip } from '../../formats/archives/seven-zip-run.ts'
import { sourceOfBuffer } from '../../formats/bytes/byte-source.ts'
import { preparePdf } from '../../formats/documents/pdf.ts'
import { prepareIdentification } from '../../formats/signatures/index.ts'
import type { OpenHeader } from '../../wire/open.ts'
import type { OpRun } from './op.ts'

export async function prepareOpenOp(): Promise<OpRun> {
  // Once root is given up, the library may be unreadable.
  if (process.getuid?.() === 0) await prepareIdentification()
  prepareSevenZip()
  await preparePdf()
  return async ({ header, bytes, lent, emit }) => {
    const { own, beside } = parted(bytes, (header as OpenHeader).beside ?? [])
    const source = lent ?? sourceOfBuffer(own)
    const inside = await companionsInside(header as OpenHeader, (first, take) =>
      openTargets(first, source, take, beside),
    )
    await openTargets(header as OpenHeader, source, emit, beside, inside)
    return { header: null, bytes: Buffer.alloc(0) }
  }
}

/** Splits the bytes into the top-level content and its companion files. */
function parted(bytes: Buffer, sizes: NonNullable<OpenHeader['beside']>) {
  const beside = new Map<string, Buffer>()
  let at = bytes.length - sizes.reduce((sum, one) => sum + one.bytes, 0)
  const own = bytes.subarray(0, at)
  for (const { name, bytes: length } of sizes) {
    beside.set(name, bytes.subarray(at, at + length))
    at += length
  }
  return { own, beside }
}
