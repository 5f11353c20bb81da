/** Companion files of derived contents, read from their archive before the contents. A helper of the pipeline steps. */
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { notDone } from '../contracts/stage.ts'
import type { ContentReader, EachDerived } from './parts.ts'

/**
 * @param mostBytes limit on memory; companion files beyond it are left out, and their database says so
 * @param pass one pass over the archive
 * @returns a reader of these companion files alone
 */
export async function readFirst(
  wanted: readonly PendingContent[],
  mostBytes: number,
  pass: (paths: readonly EvidencePath[], keep: EachDerived) => Promise<void>,
): Promise<Pick<ContentReader, 'bytes'>> {
  const paths = new Map<string, EvidencePath>()
  let left = BigInt(mostBytes)
  for (const { path, content } of wanted) {
    if (content.sizeBytes > left) continue
    left -= content.sizeBytes
    paths.set(keyOf(path), path)
  }
  const read = new Map<string, Buffer>()
  if (paths.size > 0) {
    const sorted = [...paths.values()].sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    await pass(sorted, async (path, bytes) => void read.set(keyOf(path), bytes))
  }
  return {
    bytes: async ({ path }) => {
      const bytes = read.get(keyOf(path))
      return bytes === undefined ? notDone('needs-exhibit') : { bytes }
    },
  }
}

function keyOf({ bytes }: EvidencePath): string {
  return bytes.toString('latin1')
}
