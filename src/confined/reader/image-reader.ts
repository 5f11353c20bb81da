/**
 * A confined process that reads contents of an image. It has the passed descriptors of the segments and opens no file.
 */
import { dropRoot } from '../../process/drop-root.ts'
import { ImageContents } from './image-contents.ts'
import { serveReader } from './reader.ts'

await serveReader(({ segments, unlocked = [], becomeId }) => {
  dropRoot(becomeId ?? null)
  return new ImageContents(segments ?? [], unlocked)
})
