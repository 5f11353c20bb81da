/** Opens an image with all its segments. For a VMDK in several files a confined process names them. */
import { readSync } from 'node:fs'
import { errnoOf } from '../../base/errno.ts'
import { ProcessFailed, UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { type HeldImage, holdFiles, holdImage } from '../held/held-image.ts'
import { UNLISTED } from './list-in-process.ts'
import { ListProcess } from './list-process.ts'

/** First bytes of the descriptor file of a VMDK, in any case of letters. */
const DESCRIPTOR = '# disk descriptorfile'
/** Blank bytes may stand before them. */
const BEGINNING_BYTES = 4096

/** @throws UsageError when a segment is missing or cannot be opened; ProcessFailed when the lister ends */
export async function openHeldImage(path: string, stallMs: number): Promise<HeldImage> {
  const first = holdFiles(path, [path])
  try {
    return holdImage(path, namesExtents(first, path) ? await extentsOf(first, stallMs) : null)
  } finally {
    first.close()
  }
}

function namesExtents({ descriptors: [fd] }: HeldImage, path: string): boolean {
  const beginning = Buffer.alloc(BEGINNING_BYTES)
  try {
    const got = readSync(fd!, beginning, 0, beginning.length, 0)
    return beginning.toString('latin1', 0, got).trimStart().toLowerCase().startsWith(DESCRIPTOR)
  } catch (error) {
    throw new UsageError(`The image ${printText(path)} could not be opened (${errnoOf(error)}).`, {
      cause: error,
    })
  }
}

async function extentsOf(image: HeldImage, stallMs: number): Promise<readonly string[] | null> {
  const lister = new ListProcess(image)
  try {
    for await (const said of lister.listen({ ...UNLISTED, task: 'extents' }, stallMs))
      if (said.kind === 'extents') return said.names
    throw new ProcessFailed('list', lister.ending.how)
  } finally {
    lister.end()
  }
}
