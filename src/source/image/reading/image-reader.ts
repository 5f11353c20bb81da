/** A confined process that reads contents of an image: it was handed the segments' descriptors, and opens nothing. */
import { prepareIdentification } from '../../../media-types/index.ts'
import { dropRoot } from '../../../process/drop-root.ts'
import { serveReader } from '../../reading/reader.ts'
import { ImageContents } from './image-contents.ts'

if (process.getuid?.() === 0) await prepareIdentification()
await serveReader(({ segments, becomeId }) => {
  dropRoot(becomeId ?? null)
  return new ImageContents(segments ?? [])
})
