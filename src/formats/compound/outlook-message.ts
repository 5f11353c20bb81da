/**
 * Parses a message saved by Outlook (MSG). Properties are streams named by number; attachments and recipients are
 * storages. A forwarded message is stored as nested storages, not as a file, and is parsed in the same file.
 * @see MS-OXMSG 2.1–2.4; MS-OXPROPS for the numbers
 */
import iconv from 'iconv-lite'
import { encodingOf } from '../bytes/code-page.ts'
import type { CompoundFile } from './compound-file.ts'

export interface OutlookMessage {
  readonly subject: string
  readonly sender: { readonly name: string; readonly address: string }
  readonly to: string
  readonly cc: string
  /** Addresses of all senders and recipients. */
  readonly addresses: readonly string[]
  /** Milliseconds since 1970, UTC; null when the message has no time. */
  readonly sentMs: number | null
  readonly plain: string
  readonly html: Buffer | null
  /** Compressed, as in the file. */
  readonly packedRtf: Buffer | null
  readonly attachments: readonly OutlookAttachment[]
  /** Count of attachments nested too deep to be read. */
  readonly leftOut: number
}

export interface OutlookAttachment {
  readonly name: string
  /** Null for a nested message. */
  readonly content: (() => { readonly bytes: Buffer; readonly whole: boolean }) | null
  readonly message: OutlookMessage | null
  /** The body shows it by its content identifier. */
  readonly inline: boolean
}

/** Maximum depth of nested messages. */
export const MESSAGE_DEPTH = 16

export function outlookMessage(file: CompoundFile, at = '', depth = 0): OutlookMessage {
  const properties = new Properties(file, at, at === '' ? 32 : 24)
  const recipients = partsOf(file, at, '__recip_version1.0_#').map((path) => new Properties(file, path, 8))
  const attached = partsOf(file, at, '__attach_version1.0_#')
  const address = properties.text(0x5d01) || properties.text(0x0c1f)
  return {
    subject: properties.text(0x0037),
    sender: { name: properties.text(0x0c1a), address },
    to: properties.text(0x0e04),
    cc: properties.text(0x0e03),
    addresses: [
      address,
      properties.text(0x0065),
      ...recipients.flatMap((one) => [one.text(0x39fe), one.text(0x3003)]),
    ].filter((one) => one.includes('@')),
    sentMs: properties.time(0x0039) ?? properties.time(0x0e06),
    plain: properties.text(0x1000),
    html: properties.bytes(0x1013)?.bytes ?? asBytes(properties.text(0x1013)),
    packedRtf: properties.bytes(0x1009)?.bytes ?? null,
    attachments: depth >= MESSAGE_DEPTH ? [] : attached.map((path) => attachmentAt(file, path, depth)),
    leftOut: depth >= MESSAGE_DEPTH ? attached.length : 0,
  }
}

function attachmentAt(file: CompoundFile, path: string, depth: number): OutlookAttachment {
  const properties = new Properties(file, path, 8)
  const inner = `${path}/__substg1.0_3701000D`
  const isMessage = file.has(`${inner}/__properties_version1.0`)
  const message = isMessage ? outlookMessage(file, inner, depth + 1) : null
  return {
    name: properties.text(0x3707) || properties.text(0x3704) || message?.subject || properties.text(0x3001),
    content: message ? null : () => properties.bytes(0x3701) ?? { bytes: Buffer.alloc(0), whole: false },
    message,
    inline: properties.text(0x3712) !== '',
  }
}

/** Child storages with this prefix. */
function partsOf(file: CompoundFile, at: string, prefix: string): string[] {
  const start = at === '' ? prefix : `${at}/${prefix}`
  return file.entries
    .filter(
      ({ kind, path }) =>
        kind === 'storage' && path.startsWith(start) && !path.slice(start.length).includes('/'),
    )
    .map(({ path }) => path)
}

function asBytes(text: string): Buffer | null {
  return text === '' ? null : Buffer.from(text)
}

const CODE_PAGES = [0x3ffd, 0x3fde]
const PTYP_INTEGER32 = 3
const PTYP_TIME = 0x40
/** Milliseconds from 1601 to 1970. */
const WINDOWS_EPOCH_MS = 11_644_473_600_000n

class Properties {
  readonly #file: CompoundFile
  readonly #at: string
  readonly #fixed: Buffer

  constructor(file: CompoundFile, at: string, headerBytes: number) {
    this.#file = file
    this.#at = at
    this.#fixed = (file.stream(this.#path('__properties_version1.0'))?.bytes ?? Buffer.alloc(0)).subarray(
      headerBytes,
    )
  }

  text(id: number): string {
    const wide = this.#stream(id, 0x1f)
    if (wide) return wide.bytes.toString('utf16le').replace(/\0+$/, '')
    const narrow = this.#stream(id, 0x1e)
    return narrow ? iconv.decode(narrow.bytes, this.#encoding()).replace(/\0+$/, '') : ''
  }

  bytes(id: number) {
    return this.#stream(id, 0x102)
  }

  time(id: number): number | null {
    const value = this.#value(id, PTYP_TIME)
    return value ? Number(value.readBigUInt64LE(0) / 10_000n - WINDOWS_EPOCH_MS) : null
  }

  #encoding(): string {
    for (const id of CODE_PAGES) {
      const value = this.#value(id, PTYP_INTEGER32)
      if (value) return encodingOf(value.readUInt32LE(0))
    }
    return 'windows-1252'
  }

  /** Sixteen bytes each: type, number, flags, value. */
  #value(id: number, type: number): Buffer | null {
    for (let at = 0; at + 16 <= this.#fixed.length; at += 16)
      if (this.#fixed.readUInt16LE(at) === type && this.#fixed.readUInt16LE(at + 2) === id)
        return this.#fixed.subarray(at + 8, at + 16)
    return null
  }

  #stream(id: number, type: number) {
    const hex = (number: number) => number.toString(16).toUpperCase().padStart(4, '0')
    return this.#file.stream(this.#path(`__substg1.0_${hex(id)}${hex(type)}`))
  }

  #path(name: string): string {
    return this.#at === '' ? name : `${this.#at}/${name}`
  }
}
