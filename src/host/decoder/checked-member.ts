/** What a child says of one member of a container, bounded and rebuilt before it can reach a ledger. */
import { bareEntry } from '../../base/bare-entry.ts'
import { childPath } from '../../base/evidence-path.ts'
import type { Digests, ReadOutcome } from '../../contracts/content.ts'
import type { Entry, EntryKind, EvidencePath, FileTime } from '../../contracts/entry.ts'
import type { OpenPart } from '../../wire/open.ts'
import { checkedResult, ImplausibleReply, oneOf } from './checked-reply.ts'

export interface Derived {
  readonly entry: Entry
  readonly outcome: ReadOutcome
  /** It stood in a row that was deleted. */
  readonly isDeleted: boolean
}

type MemberPart = Extract<OpenPart, { type: 'member' }>

const KINDS: readonly EntryKind[] = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'block-device',
  'character-device',
  'unknown',
]
const STEPS = ['member', 'attachment', 'embedded', 'thumbnail'] as const
const NAME_BYTES = 65_535

/** @throws ImplausibleReply */
export function checkedMember(within: EvidencePath, part: MemberPart, band: number): Derived {
  const kind = oneOf(STEPS, part.kind)
  const entryKind = oneOf(KINDS, part.entryKind)
  if (typeof part.name !== 'string' || part.name.length > NAME_BYTES)
    throw new ImplausibleReply('a name of more than 64 KiB')
  const sizeBytes = integer(part.sizeBytes)
  const result = checkedResult(part.read)
  // Of a damaged member there are the bytes that could be recovered; their result says that they are no more than that.
  const whole =
    result.result === 'done' ||
    (result.result === 'done-with-warnings' && result.reason === 'decoded-leniently')
  return {
    entry: bareEntry({
      path: childPath(within, kind, Buffer.from(part.name, 'latin1')),
      kind: entryKind,
      sizeBytes,
      times: { modified: checkedTime(part.modified), changed: null, accessed: null, born: null },
      linkTarget:
        part.linkTarget === null ? null : Buffer.from(part.linkTarget.slice(0, NAME_BYTES), 'latin1'),
      band,
    }),
    outcome: {
      result,
      content: whole
        ? {
            digests: checkedDigests(part.digests),
            sizeBytes,
            mediaType: checkedType(part.mediaType),
            ...(part.hasAppended === true && { hasAppended: true as const }),
          }
        : null,
      bytesRead: whole ? sizeBytes : 0n,
    },
    isDeleted: part.isDeleted === true,
  }
}

function checkedTime(time: MemberPart['modified']): FileTime | null {
  if (time === null) return null
  const ns = BigInt.asIntN(64, BigInt(/^-?\d{1,20}$/.test(time.ns) ? time.ns : '0'))
  return {
    ns,
    source: oneOf(['archive', 'mail', 'document'] as const, time.source),
    resolution: oneOf(['ns', '100ns', 'us', 'ms', '10ms', 's', '2s', 'day'] as const, time.resolution),
    zone: oneOf(['utc', 'offset', 'local-unknown'] as const, time.zone),
  }
}

const HEX_LENGTHS = { md5: 32, sha1: 40, sha256: 64, blake3: 64 } as const

/** @throws ImplausibleReply */
export function checkedDigests(digests: Digests | null): Digests {
  const hex = (name: keyof typeof HEX_LENGTHS) => {
    const value = digests?.[name]
    if (typeof value !== 'string' || value.length !== HEX_LENGTHS[name] || !/^[0-9a-f]+$/.test(value))
      throw new ImplausibleReply('a digest of the wrong form')
    return value
  }
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256'), blake3: hex('blake3') }
}

function checkedType(mediaType: string | null): string {
  return mediaType && /^[a-z0-9]+\/[a-z0-9.+-]{1,100}$/.test(mediaType)
    ? mediaType
    : 'application/octet-stream'
}

function integer(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new ImplausibleReply('a size that is no number')
  return BigInt(text)
}
