/** Makes a derived entry of a container's member, from the decoder's message. */
import { bareEntry } from '../../base/bare-entry.ts'
import { childPath } from '../../base/evidence-path.ts'
import type { ReadOutcome } from '../../contracts/content.ts'
import type { Entry, EvidencePath, FileTime } from '../../contracts/entry.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { MemberPart } from '../../wire/open-part.ts'

export interface Derived {
  readonly entry: Entry
  readonly outcome: ReadOutcome
  /** It stood in a row that was deleted. */
  readonly isDeleted: boolean
}

/** @throws ImplausibleReply where the member was read and has no digests */
export function derivedOf(within: EvidencePath, part: MemberPart, band: number): Derived {
  const { read: result, digests } = part
  const sizeBytes = BigInt(part.sizeBytes)
  // Of a damaged member only the recovered bytes exist; its result is `decoded-leniently`.
  const whole =
    result.result === 'done' ||
    (result.result === 'done-with-warnings' && result.reason === 'decoded-leniently')
  if (whole && digests === null) throw new ImplausibleReply('a member that was read and has no digests')
  return {
    entry: bareEntry({
      path: childPath(within, part.kind, Buffer.from(part.name, 'latin1')),
      kind: part.entryKind,
      sizeBytes,
      times: { modified: timeOf(part.modified), changed: null, accessed: null, born: null },
      linkTarget: part.linkTarget === null ? null : Buffer.from(part.linkTarget, 'latin1'),
      band,
    }),
    outcome: {
      result,
      content: whole
        ? {
            digests: digests!,
            sizeBytes,
            mediaType: typeOf(part.mediaType),
            ...(part.hasAppended && { hasAppended: true as const }),
          }
        : null,
      bytesRead: whole ? sizeBytes : 0n,
    },
    isDeleted: part.isDeleted === true,
  }
}

function timeOf(time: MemberPart['modified']): FileTime | null {
  return time && { ...time, ns: BigInt.asIntN(64, BigInt(time.ns)) }
}

function typeOf(mediaType: string | null): string {
  return mediaType && /^[a-z0-9]+\/[a-z0-9.+-]{1,100}$/.test(mediaType)
    ? mediaType
    : 'application/octet-stream'
}
