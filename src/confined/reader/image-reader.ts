/**
 * A confined process that reads contents of an image. It has the passed descriptors of the segments and opens no file.
 */
import { prepareIdentification } from '../../formats/signatures/index.ts'
import { dropRoot } from '../../process/drop-root.ts'
import { ImageContents } from './image-contents.ts'
import { serveReader } from './reader.ts'

if (process.getuid?.() === 0) await prepareIdentification()
await serveReader(({ segments, unlocked = [], becomeId }) => {
  dropRoot(becomeId ?? null)
  return new ImageContents(segments ?? [], unlocked)
})
