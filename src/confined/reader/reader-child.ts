/** A process that reads files of a mount. */

import { askForCopies } from '../../mounts/text-path.ts'
import { COPIES_FD } from '../../process/heartbeat.ts'
import { MountContents } from './mount-contents.ts'
import { serveReader } from './reader.ts'

askForCopies(COPIES_FD)
await serveReader(({ root }) => new MountContents(root))
