/**
 * Places of a file's contents: its data, its resource fork and its extended attributes, in the form of the contract.
 */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import { DECMPFS_ATTRIBUTE, DECMPFS_HEADER_BYTES, decmpfsOf, type Held } from '../../content/decmpfs.ts'
import { readAt } from '../../content/read-at.ts'
import { runsContent, runsWithin } from '../../content/runs.ts'
import type { Attribute } from './attributes.ts'
import { blocksOf, type Extent, type Fork, runsOf } from './fork.ts'
import { shownName, stored } from './names.ts'
import { DATA_FORK, RESOURCE_FORK } from './overflow.ts'
import { dataFork, type Item, resourceFork, saysCompressed } from './record.ts'
import type { Volume } from './volume.ts'
import { FLAG } from './volume-header.ts'

export interface Placed {
  readonly sizeBytes: number
  readonly allocatedBytes: number
  readonly place: ContentPlace
  readonly notes: readonly string[]
}

export interface Stream extends Placed {
  readonly name: Buffer
}

/** Blocks of a live file. */
export interface Claim {
  readonly runs: readonly DataRun[]
  readonly sizeBytes: number
}

export interface Opened {
  readonly main: Placed
  readonly streams: readonly Stream[]
  readonly claims: readonly Claim[]
}

export const EMPTY_PLACE: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }
/** Name of the resource fork among extended attributes in macOS. */
const RESOURCE_NAME = Buffer.from('com.apple.ResourceFork')
const DECMPFS_NAME = stored(DECMPFS_ATTRIBUTE)
/** Keys of a file with per-file encryption (iOS). */
const PROTECTION_NAME = stored('com.apple.system.cprotect')
const ATTRIBUTE_LOST: ContentPlace = { kind: 'none', reason: 'damaged', detail: 'decmpfs-missing' }
const NONE: readonly string[] = []

export function openItem(volume: Volume, item: Item): Opened {
  const { kind, id, record } = item
  const data = kind === 'file' ? located(volume, id, DATA_FORK, dataFork(record)) : EMPTY
  const resource = kind === 'file' ? located(volume, id, RESOURCE_FORK, resourceFork(record)) : EMPTY
  const attributes = volume.attributes.of(id).map((attribute) => ({
    attribute,
    held: heldBy(volume, attribute),
  }))
  const claims = [
    data,
    resource,
    ...attributes.filter(({ attribute }) => attribute.fork).map(({ held }) => held),
  ]
  const isProtected =
    (volume.header.flags & FLAG.contentProtection) !== 0 &&
    attributes.some(({ attribute }) => attribute.name.equals(PROTECTION_NAME))
  const compressed = data.sizeBytes === 0 ? compressedOf(volume, attributes, resource) : null
  // The attribute with the compression's parameters is lost.
  const isLost = kind === 'file' && compressed === null && data.sizeBytes === 0 && saysCompressed(record)
  const plain = isLost ? { ...data, place: ATTRIBUTE_LOST } : placed(volume, data, isProtected)
  const main = compressed ?? { ...plain, usesFork: false }
  const isStoredForm = compressed !== null && compressed.place.kind !== 'none'
  const streams: Stream[] = []
  for (const { attribute, held } of attributes) {
    if (isStoredForm && attribute.name.equals(DECMPFS_NAME)) continue
    streams.push({ name: shownName(attribute.name).bytes, ...placed(volume, held, false) })
  }
  if (resource.sizeBytes > 0 && !main.usesFork)
    streams.push({ name: RESOURCE_NAME, ...placed(volume, resource, isProtected) })
  return { main, streams, claims: claims.filter(({ runs }) => runs.length > 0) }
}

interface Located extends Held {
  readonly allocatedBytes: number
  readonly notes: readonly string[]
}

const EMPTY: Located = { runs: [], sizeBytes: 0, allocatedBytes: 0, notes: NONE }

function located(volume: Volume, id: number, which: number, fork: Fork): Located {
  return inExtents(volume, fork.sizeBytes, volume.overflow.extentsOf(id, which, fork))
}

function inExtents({ geometry }: Volume, sizeBytes: number, extents: readonly Extent[]): Located {
  const allocatedBytes = blocksOf(extents) * geometry.blockBytes
  const runs = runsOf(geometry, extents)
  if (!Number.isFinite(sizeBytes)) return { runs, sizeBytes: 0, allocatedBytes, notes: ['size-implausible'] }
  return { runs, sizeBytes, allocatedBytes, notes: allocatedBytes < sizeBytes ? ['runs-end'] : NONE }
}

function placed(
  volume: Volume,
  { runs, sizeBytes, allocatedBytes, notes }: Located,
  isProtected: boolean,
): Placed {
  const at = (place: ContentPlace): Placed => ({ sizeBytes, allocatedBytes, place, notes })
  if (notes.includes('size-implausible')) return at({ kind: 'none', reason: 'damaged', detail: 'size' })
  if (isProtected && sizeBytes > 0)
    return at({ kind: 'none', reason: 'encrypted', detail: 'data-protection' })
  // A size without extents must not cause years of reading zeros.
  if (allocatedBytes < sizeBytes && sizeBytes > volume.bytes.sizeBytes)
    return at({ kind: 'none', reason: 'damaged', detail: 'runs-end' })
  return at({ kind: 'runs', runs, validBytes: sizeBytes })
}

function heldBy(volume: Volume, { sizeBytes, inline, fork }: Attribute): Located {
  if (fork) return inExtents(volume, sizeBytes, fork.extents)
  const runs = inline ? volume.through(runsWithin(volume.attributeRuns, inline.at, sizeBytes)) : []
  return { runs, sizeBytes, allocatedBytes: 0, notes: NONE }
}

function compressedOf(
  volume: Volume,
  attributes: readonly { readonly attribute: Attribute; readonly held: Located }[],
  resource: Located,
): (Placed & { readonly usesFork: boolean }) | null {
  const found = attributes.find(({ attribute }) => attribute.name.equals(DECMPFS_NAME))
  if (!found) return null
  const { attribute, held } = found
  const header =
    attribute.inline?.bytes.subarray(0, DECMPFS_HEADER_BYTES) ??
    readAt(runsContent(volume.bytes, held.runs, held.sizeBytes, held.sizeBytes), 0, DECMPFS_HEADER_BYTES)
  const opened = decmpfsOf(header, held, resource.sizeBytes > 0 ? resource : null)
  if (!opened) return null
  const { sizeBytes, place, usesFork } = opened
  const notes = ['compressed', ...(usesFork ? resource.notes : held.notes)]
  const allocatedBytes = usesFork ? resource.allocatedBytes : held.allocatedBytes
  return { sizeBytes, allocatedBytes, place, notes, usesFork }
}

/** A removed content: intact only where these blocks are still its own; null: it is in the attributes file. */
export interface LeftContent extends Placed {
  readonly blocks: readonly DataRun[] | null
}

/**
 * Contents of a removed file.
 * @param left attributes of its number
 */
export function openLeft(
  volume: Volume,
  { id, kind, record }: Item,
  left: readonly Attribute[],
): { readonly main: LeftContent; readonly streams: readonly (LeftContent & { readonly name: Buffer })[] } {
  const isProtected = (volume.header.flags & FLAG.contentProtection) !== 0
  const data = kind === 'file' ? located(volume, id, DATA_FORK, dataFork(record)) : EMPTY
  const resource = kind === 'file' ? located(volume, id, RESOURCE_FORK, resourceFork(record)) : EMPTY
  const attributes = left.map((attribute) => ({ attribute, held: heldBy(volume, attribute) }))
  const compressed = data.sizeBytes === 0 ? compressedOf(volume, attributes, resource) : null
  const main: LeftContent = compressed
    ? { ...compressed, blocks: compressed.usesFork ? resource.runs : null }
    : { ...placed(volume, data, isProtected), blocks: data.runs }
  const streams = attributes
    .filter(({ attribute }) => !compressed || !attribute.name.equals(DECMPFS_NAME))
    .map(({ attribute, held }) => ({
      name: shownName(attribute.name).bytes,
      ...placed(volume, held, false),
      blocks: null,
    }))
  const beside =
    resource.sizeBytes > 0 && !compressed?.usesFork
      ? [{ name: RESOURCE_NAME, ...placed(volume, resource, isProtected), blocks: resource.runs }]
      : []
  return { main, streams: [...streams, ...beside] }
}
