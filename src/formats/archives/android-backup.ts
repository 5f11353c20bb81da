/**
 * Backup of an Android device (`adb backup`, `.ab`): four lines of text, then a TAR. The TAR is deflated when the
 * third line is 1. When the fourth line names a cipher, everything after it is encrypted.
 */
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import {
  ContainerDamaged,
  ContainerEncrypted,
  ContainerNotBuilt,
  charged,
  type Extractor,
} from './common/container.ts'
import { inflated } from './common/inflate.ts'

const MOST_HEADER = 128
/** Length of the zlib header before the deflated data (RFC 1950). */
const ZLIB_HEADER = 2

export const androidBackup: Extractor = {
  id: 'android-backup',
  mediaTypes: ['application/x-android-backup'],
  async *members(source, budget) {
    const [, , compressed, cipher, from] = headerOf(source)
    if (cipher !== 'none') throw new ContainerEncrypted()
    if (compressed !== '0' && compressed !== '1')
      throw new ContainerNotBuilt({ code: 'library', params: { text: `compression ${compressed}` } })
    const packed = () => piecesOf(source, from + ZLIB_HEADER)
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from('backup.tar'),
      entryKind: 'file',
      sizeBytes: 0n,
      modified: null,
      linkTarget: null,
      read: async () =>
        charged(compressed === '1' ? inflated('raw', packed(), packed) : inOrder(source, from), budget),
    }
  },
}

/** Magic text, version, compression, cipher, and the offset behind the header. @throws ContainerDamaged */
function headerOf(source: ByteSource): [string, string, string, string, number] {
  const text = source.read(0, MOST_HEADER).toString('latin1')
  const found = /^(ANDROID BACKUP)\n(\d{1,3})\n([^\n]{0,8})\n([^\n]{1,32})\n/.exec(text)
  if (found === null) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  return [found[1]!, found[2]!, found[3]!, found[4]!, found[0].length]
}

async function* inOrder(source: ByteSource, from: number): AsyncGenerator<Buffer> {
  yield* piecesOf(source, from)
}
