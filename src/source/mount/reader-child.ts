/** A process that reads files of a mount. */
import { serveReader } from '../reading/reader.ts'
import { MountContents } from './mount-contents.ts'

await serveReader(({ root }) => new MountContents(root))
