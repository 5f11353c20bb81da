/** Makes a member of embedded data. The program chooses its name, because the data has none. */
import { mediaTypeRow } from '../../../media-types/applies.ts'
import { type ByteSource, piecesOf } from '../../bytes/byte-source.ts'
import { type Budget, charged, type Member } from '../common/container.ts'

const USUAL: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/heic': 'heic',
  'image/x-icon': 'ico',
  'application/zip': 'zip',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/matroska': 'mkv',
}

/** The usual file extension. */
export function endingOf(mediaType: string | null): string {
  if (mediaType === null) return 'bin'
  const [named] = (mediaTypeRow(mediaType).names ?? '').split(' ')
  return USUAL[mediaType] ?? (named || 'bin')
}

/** Larger data is read in pieces, because it may not fit into memory. */
const HELD_BYTES = 64 << 20

export function embeddedPart(
  name: string,
  source: ByteSource,
  { from, to }: { readonly from: number; readonly to: number },
  budget: Budget,
): Member {
  return embedded(name, to - from, async () => {
    if (to - from > HELD_BYTES) return charged(inOrder(source, from, to), budget)
    budget.charge(to - from)
    return source.read(from, to - from)
  })
}

async function* inOrder(source: ByteSource, from: number, to: number): AsyncGenerator<Buffer> {
  yield* piecesOf(source, from, to)
}

export function embeddedBytes(name: string, bytes: Buffer, budget: Budget): Member {
  return embedded(name, bytes.length, async () => {
    budget.charge(bytes.length)
    return bytes
  })
}

function embedded(name: string, sizeBytes: number, read: NonNullable<Member['read']>): Member {
  return {
    kind: 'embedded',
    name: Buffer.from(name),
    entryKind: 'file',
    sizeBytes: BigInt(sizeBytes),
    modified: null,
    linkTarget: null,
    read,
  }
}
