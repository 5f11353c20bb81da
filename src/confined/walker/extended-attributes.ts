/**
 * Extended attributes of a mount, and alternate data streams of NTFS, which ntfs-3g presents as attributes or as files
 * `name:stream`.
 *
 * Attributes of users and their programs are contents. Each is an entry of its own with the step `stream`, directly
 * after its file. Labels and access lists of the system are omitted, and other attributes of the system are only named.
 * The library cannot list attributes whose names are not UTF-8: one unread entry stands for all attributes of their
 * file.
 */
import { isUtf8 } from 'node:buffer'
import { type BigIntStats, lstatSync } from 'node:fs'
import { errnoOf } from '../../base/errno.ts'
import { childPath, printText } from '../../base/evidence-path.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import {
  attributeAt,
  attributesAt,
  canListExtendedAttributes,
  companionPath,
  errnoIn,
  isOfTheSystem,
  streamAt,
  streamName,
  windowsStreamsAt,
} from '../../mounts/attribute-library.ts'
import { NoTextPath, withTextPath } from '../../mounts/text-path.ts'

export interface Beside {
  readonly named: readonly Attribute[]
  /** In the order of evidence paths. */
  readonly streams: readonly WalkedEntry[]
}

export interface Owner {
  readonly entry: Entry
  /** Path for access to the entry, without symbolic links on the way. */
  readonly at: Buffer
  readonly device: bigint
  /** Priority class of a content with this name and size. */
  readonly band: (name: string, sizeBytes: bigint) => number
}

// On every file of a telephone or of a system with labels, and no lead.
const LABELS =
  /^(security\.(selinux|SMACK64\w*|capability|ima|evm|apparmor|NTACL)|system\.(posix_acl_(access|default)|nfs4_\w+|richacl|cifs_acl|ntfs_\w+)|trusted\.(overlay|glusterfs)\..*)$/
/** Attributes with the origin of a file in plain text; they are findings of the file too. */
const ORIGINS = /(^|\.)(Zone\.Identifier|xdg\.(origin|referrer)\.url)$/
const MOST_NAMED = 32

const NOT_SUPPORTED = 95
const VANISHED = 2

const UNREADABLE: StageResult = notDone('attribute-unreadable')
const NOTHING: Beside = { named: [], streams: [] }

export class ExtendedAttributes {
  /** Devices without extended attributes. A refused query is an exception, which costs more than an answer. */
  readonly #without = new Set<bigint>()
  /** Whether a device shows streams as files; queried once per device. */
  readonly #windows = new Map<bigint, boolean>()

  of(owner: Owner): Beside {
    const { at, device, entry } = owner
    if (!canListExtendedAttributes || this.#without.has(device)) return NOTHING
    // Nothing else can hold contents of a user (xattr(7)).
    if (!isUtf8(at) && entry.kind !== 'file' && entry.kind !== 'directory') return NOTHING
    try {
      return withTextPath(at, (path, isCopy) => this.#asked(owner, path, isCopy))
    } catch (error) {
      if (error instanceof NoTextPath) return unlisted(entry, error)
      return errnoOf(error) === 'ENOENT' ? NOTHING : unlisted(entry, error as Error)
    }
  }

  #asked(owner: Owner, path: string, isCopy: boolean): Beside {
    const { device } = owner
    const files = isCopy ? null : this.#windowsStreams(path, device)
    if (files !== null)
      return { named: [], streams: inOrder(files.map((name) => streamFile(owner, path, name))) }
    let names: readonly string[]
    try {
      names = attributesAt(path)
    } catch (error) {
      const errno = errnoIn(error)
      if (errno === NOT_SUPPORTED && !isCopy) this.#without.add(device)
      return errno === NOT_SUPPORTED || errno === VANISHED ? NOTHING : unlisted(owner.entry, error as Error)
    }
    return names.length === 0 ? NOTHING : described(owner, path, names)
  }

  #windowsStreams(path: string, device: bigint): readonly string[] | null {
    const known = this.#windows.get(device)
    if (known === false) return null
    const streams = windowsStreamsAt(path)
    if (known === undefined) this.#windows.set(device, streams !== null)
    return streams
  }
}

function described(owner: Owner, path: string, names: readonly string[]): Beside {
  const contents = names.filter((name) => !isOfTheSystem(name))
  const others = names.filter((name) => isOfTheSystem(name) && !LABELS.test(name)).sort()
  const told = [...contents.filter((name) => ORIGINS.test(name)).sort(), ...others]
  const named = told.slice(0, MOST_NAMED).map((name) => nameOf(path, name))
  const streams = contents.map((raw) => streamOf(owner, path, streamName(raw, names)))
  return {
    named:
      told.length > MOST_NAMED
        ? [...named, attribute('extended-attributes-left-out', { attributes: told.length - MOST_NAMED })]
        : named,
    streams: inOrder(streams),
  }
}

/** Without `bytes`: not readable, or longer than the kernel returns. */
function nameOf(path: string, raw: string): Attribute {
  const content = attributeAt(path, raw)
  const name = printText(raw)
  if (content === null) return attribute('extended-attribute', { name })
  const bytes = content.length
  if (!ORIGINS.test(raw)) return attribute('extended-attribute', { name, bytes })
  const text = printText(content.toString().trim().replace(/\s+/g, ' '))
  return attribute('extended-attribute', { name, bytes, text })
}

/** An attribute has no times of its own: reading it compares the times of its file. */
function streamOf(owner: Owner, path: string, name: string): WalkedEntry {
  const content = streamAt(path, name)
  if (content === null) return { entry: streamEntry(owner, name, 0n), read: UNREADABLE }
  return { entry: streamEntry(owner, name, BigInt(content.length)), read: null }
}

function streamFile(owner: Owner, path: string, name: string): WalkedEntry {
  const at = companionPath(path, name)
  if (at === null) return { entry: streamEntry(owner, name, 0n), read: UNREADABLE }
  let stats: BigIntStats
  try {
    stats = lstatSync(at, { bigint: true })
  } catch (error) {
    return {
      entry: streamEntry(owner, name, 0n),
      read: notDone('attribute-unreadable', { code: 'errno', params: { errno: errnoOf(error) } }),
    }
  }
  const { times } = owner.entry
  const modified = times.modified === null ? null : { ...times.modified, ns: stats.mtimeNs }
  return {
    entry: {
      ...streamEntry(owner, name, stats.size),
      times: { ...times, modified },
      inode: stats.ino,
      allocatedBytes: stats.blocks * 512n,
    },
    read: null,
  }
}

function streamEntry({ entry, band }: Pick<Owner, 'entry' | 'band'>, name: string, sizeBytes: bigint): Entry {
  return {
    ...entry,
    path: childPath(entry.path, 'stream', Buffer.from(name)),
    kind: 'file',
    sizeBytes,
    allocatedBytes: null,
    linkTarget: null,
    band: band(name, sizeBytes),
  }
}

/** Attributes that cannot be listed may contain anything: an entry without a name stands for them. */
function unlisted(entry: Entry, { message }: Error): Beside {
  const said = notDone('attribute-unreadable', { code: 'library', params: { text: printText(message) } })
  return {
    named: [attribute('extended-attributes-unlisted', { text: message })],
    streams: [{ entry: unnamedStream(entry), read: said }],
  }
}

/** Entry for all streams of an entry that cannot be named. */
export function unnamedStream(entry: Entry): Entry {
  return streamEntry({ entry, band: () => 0 }, '', 0n)
}

function inOrder(streams: readonly WalkedEntry[]): readonly WalkedEntry[] {
  const unique = new Map(streams.map((walked) => [walked.entry.path.bytes.toString('latin1'), walked]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, walked]) => walked)
}
