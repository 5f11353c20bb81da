/** A process that reads files of a mount. */

import { MountContents } from './mount-contents.ts'
import { serveReader } from './reader.ts'

await serveReader(({ root }) => new MountContents(root))
