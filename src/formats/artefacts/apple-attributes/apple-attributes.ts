/**
 * Reads extended attributes of macOS: origin of a file (`com.apple.metadata:kMDItemWhereFroms`), downloading program
 * and time (`com.apple.quarantine`), last use (`com.apple.lastuseddate#PS`). A mount or an image that reports
 * attributes gives each as a content of its own. On other file systems and in archives (`._name`, `__MACOSX`) an
 * AppleDouble file contains them all.
 *
 * @see RFC 1740, appendices A and B; Apple, xnu, bsd/vfs/vfs_xattr.c (`attr_header_t`); LSQuarantine.h
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { cocoaTime } from '../../bytes/times.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  unixSeconds,
} from '../../records/artefact.ts'
import {
  NotPropertyList,
  PropertyDate,
  type PropertyValue,
  propertyList,
} from '../../stores/property-list.ts'
import { isLastUsed, QUARANTINE } from './signature.ts'

const PROGRAM = 'macos-attributes'

export const appleAttributes: ArtefactReader = {
  id: 'apple-attributes',
  mediaTypes: [
    'application/x-apple-double',
    'application/x-apple-where-froms',
    'application/x-apple-last-used',
    'text/x-apple-quarantine',
  ],
  read(bytes, sink) {
    const head = bytes.toString('latin1', 0, 7)
    const isRead =
      head === 'bplist0'
        ? addSource(listed(bytes), null, sink)
        : bytes.length >= 4 && bytes.readUInt32BE(0) === APPLE_DOUBLE
          ? addAll(bytes, sink)
          : isLastUsed(bytes, bytes.length)
            ? addLastUsed(bytes, sink)
            : addQuarantine(bytes, sink)
    if (!isRead) throw new NotAnArtefact()
    return []
  },
}

const APPLE_DOUBLE = 0x00051607
const FINDER_INFO = 9
const FINDER_INFO_BYTES = 32
const ENTRY_BYTES = 12
/** The signature is behind the 32 bytes of the Finder, at the next multiple of four. */
const ATTRIBUTE_MARK = Buffer.from('ATTR')
const ATTRIBUTES_AT = 36

/** @returns whether the bytes are AppleDouble; a file without attributes is, and gives no record */
function addAll(bytes: Buffer, sink: RecordCollector): boolean {
  if (bytes.length < 26) return false
  const entries = bytes.readUInt16BE(24)
  for (let i = 0; i < entries; i++) {
    const at = 26 + i * ENTRY_BYTES
    if (at + ENTRY_BYTES > bytes.length) {
      sink.spoiled(at)
      break
    }
    const [id, offset, length] = [0, 4, 8].map((more) => bytes.readUInt32BE(at + more)) as [
      number,
      number,
      number,
    ]
    if (id !== FINDER_INFO || length <= FINDER_INFO_BYTES) continue
    if (offset + length > bytes.length) sink.spoiled(at)
    const mark = bytes.indexOf(ATTRIBUTE_MARK, offset + FINDER_INFO_BYTES)
    if (mark >= 0 && mark <= offset + FINDER_INFO_BYTES + 4)
      addAttributes(attributesAt(bytes, mark, sink), sink)
  }
  return true
}

interface AppleAttribute {
  /** Offset of the entry in the attribute list. */
  readonly at: number
  readonly bytes: Buffer
}

/** Attributes by name; an attribute outside the file is counted as damaged. */
function attributesAt(
  bytes: Buffer,
  mark: number,
  sink: RecordCollector,
): ReadonlyMap<string, AppleAttribute> {
  const found = new Map<string, AppleAttribute>()
  if (mark + ATTRIBUTES_AT > bytes.length) {
    sink.spoiled(mark)
    return found
  }
  const count = bytes.readUInt16BE(mark + 34)
  for (let i = 0, at = mark + ATTRIBUTES_AT; i < count; i++) {
    if (at + 11 > bytes.length) {
      sink.spoiled(at, count - i)
      break
    }
    const [offset, length, nameBytes] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), bytes[at + 10]!]
    const name = bytes.toString('utf8', at + 11, at + 11 + nameBytes).replace(/\0.*$/s, '')
    if (offset + length > bytes.length || name === '') sink.spoiled(at)
    else found.set(name, { at, bytes: bytes.subarray(offset, offset + length) })
    at = (at + 11 + nameBytes + 3) & ~3
  }
  return found
}

function addAttributes(attributes: ReadonlyMap<string, AppleAttribute>, sink: RecordCollector): void {
  const take = (name: string, add: (bytes: Buffer) => boolean) => {
    const one = attributes.get(name)
    if (one !== undefined && !add(one.bytes)) sink.spoiled(one.at)
  }
  const downloaded = attributes.get('com.apple.metadata:kMDItemDownloadedDate')
  const [first] = downloaded === undefined ? [] : listed(downloaded.bytes)
  const at = first instanceof PropertyDate ? first : null
  take('com.apple.metadata:kMDItemWhereFroms', (bytes) => addSource(listed(bytes), at, sink))
  take('com.apple.quarantine', (bytes) => addQuarantine(bytes, sink))
  take('com.apple.lastuseddate#PS', (bytes) => isLastUsed(bytes, bytes.length) && addLastUsed(bytes, sink))
}

/** Members of the array; empty when the property list is not an array. */
function listed(bytes: Buffer): readonly PropertyValue[] {
  try {
    const value = propertyList(bytes)
    return Array.isArray(value) ? value : []
  } catch (error) {
    if (error instanceof NotPropertyList) return []
    throw error
  }
}

/** From a browser: URL and page; from mail: sender, subject and message; from AirDrop: the device. */
function addSource(
  values: readonly PropertyValue[],
  downloaded: PropertyDate | null,
  sink: RecordCollector,
): boolean {
  const texts = values.filter((one): one is string => typeof one === 'string')
  if (texts.length === 0) return false
  const isMail = texts.at(-1)!.startsWith('message:') && texts.length > 1
  const [first, second] = isMail ? [texts.at(-1), undefined] : texts
  const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(first ?? '')
  sink.add({
    what: {
      code: 'download',
      params: definedOnly({
        program: PROGRAM,
        url: isAddress ? first : undefined,
        app: isAddress ? undefined : first || undefined,
        referrer: second || undefined,
      }),
    },
    direction: 'received',
    person: isMail ? texts[0]! : null,
    when: downloaded === null ? null : cocoaTime(downloaded.seconds),
  })
  return true
}

/** `flags;seconds in hex;program;event id`. */
function addQuarantine(bytes: Buffer, sink: RecordCollector): boolean {
  const [, flags, time, app] = QUARANTINE.exec(bytes.toString('utf8', 0, 1024).replace(/\0.*$/s, '')) ?? []
  if (flags === undefined) return false
  sink.add({
    what: {
      code: 'download',
      params: definedOnly({ program: PROGRAM, app: app || undefined, state: `flags ${flags}` }),
    },
    direction: 'received',
    when: unixSeconds(Number.parseInt(time!, 16)),
  })
  return true
}

/** Seconds and nanoseconds since 1970. */
function addLastUsed(bytes: Buffer, sink: RecordCollector): boolean {
  const ns = bytes.readBigInt64LE(0) * 1_000_000_000n + bytes.readBigInt64LE(8)
  sink.add({
    what: { code: 'last-used', params: { program: PROGRAM } },
    when: { ns: String(ns), resolution: 'ns', zone: 'utc' },
  })
  return true
}
