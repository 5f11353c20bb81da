/** The content of a file and its extended attributes, the resource fork among them. */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import { DECMPFS_ATTRIBUTE, DECMPFS_HEADER_BYTES, decmpfsOf, type Held } from '../../content/decmpfs.ts'
import { runsContent } from '../../content/runs.ts'
import type { Blocks } from './blocks.ts'
import type { FileObject } from './file-tree.ts'
import { type Layout, layoutOf, NO_LAYOUT, placeOf } from './layout.ts'
import type { Attribute, Extent, Inode } from './records.ts'
import { untilNul } from './superblocks.ts'

const FORK = 'com.apple.ResourceFork'
const LINK = 'com.apple.fs.symlink'

const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }

export interface Placed {
  readonly sizeBytes: number
  readonly place: ContentPlace
  readonly layout: Layout
}

export interface Content extends Placed {
  readonly linkTarget: Buffer | null
  readonly notes: readonly string[]
  /** Attributes that are contents of their own, by name. */
  readonly streams: readonly (Placed & { readonly name: Buffer })[]
  /** Blocks that are read through another content: the resource fork of a compressed file. */
  readonly beside: readonly Placed[]
}

/** Extents of a content. */
export interface ExtentSource {
  extents(content: number, sizeBytes: number): Iterable<Extent>
}

/** Everything of a file that takes blocks. */
export const partsOf = (content: Content): readonly Placed[] => [
  content,
  ...content.streams,
  ...content.beside,
]

export function contentOf(blocks: Blocks, source: ExtentSource, { inode, attributes }: FileObject): Content {
  const { blockBytes } = blocks
  const placed = (content: number, sizeBytes: number): Placed => {
    const layout = layoutOf(source.extents(content, sizeBytes), sizeBytes, blockBytes)
    return { sizeBytes, layout, place: placeOf(layout, sizeBytes) }
  }
  const ofAttribute = (attribute: Attribute): Placed => {
    if (attribute.kind === 'stream')
      return stated(attribute.sizeBytes, () => placed(attribute.content, attribute.sizeBytes))
    const { at, bytes } = attribute
    const runs = [{ offset: at, length: bytes.length }]
    return {
      sizeBytes: bytes.length,
      layout: NO_LAYOUT,
      place: bytes.length === 0 ? EMPTY : { kind: 'runs', runs, validBytes: bytes.length },
    }
  }
  const own = attributes.map((attribute) => ({ name: attribute.name, attribute, ...ofAttribute(attribute) }))
  const named = (name: string) => own.find((one) => one.name.toString('latin1') === name)
  const type = inode.mode >>> 12
  const link = type === LINK_TYPE ? (named(LINK)?.attribute ?? null) : null
  const header = named(DECMPFS_ATTRIBUTE)
  const packed = inode.isCompressed && header ? compressed(blocks, header, named(FORK)) : null
  const left = own.filter(
    ({ name }) =>
      (link === null || name.toString('latin1') !== LINK) &&
      (packed === null ||
        packed.place.kind === 'none' ||
        ![DECMPFS_ATTRIBUTE, ...(packed.usesFork ? [FORK] : [])].includes(name.toString('latin1'))),
  )
  const data =
    packed !== null ? { ...packed, layout: NO_LAYOUT } : type === FILE_TYPE ? dataOf(inode, placed) : NOTHING
  const linkTarget = link === null ? null : targetOf(link)
  return {
    ...data,
    sizeBytes: linkTarget?.length ?? data.sizeBytes,
    linkTarget,
    notes: [
      ...(packed === null ? [] : ['compressed']),
      ...(isElsewhere(data) ? ['offline-placeholder'] : []),
      ...data.layout.problems,
    ],
    streams: left.map(({ name, sizeBytes, place, layout }) => ({ name, sizeBytes, place, layout })),
    beside: own.filter((one) => !left.includes(one)),
  }
}

const FILE_TYPE = 8
const LINK_TYPE = 10
const NOTHING: Placed = { sizeBytes: 0, place: EMPTY, layout: NO_LAYOUT }
/** Most bytes of a link target (PATH_MAX of macOS is 1,024). */
const TARGET_BYTES_MOST = 4096

function dataOf(
  { isCompressed, isPlaceholder, content, stream }: Inode,
  placed: (content: number, sizeBytes: number) => Placed,
): Placed {
  // The attribute with the compression's parameters is lost.
  if (isCompressed && !stream?.sizeBytes) return lacking(0, 'damaged', 'decmpfs-missing')
  if (stream === null) return NOTHING
  const data = stated(stream.sizeBytes, (sizeBytes) => placed(content, sizeBytes))
  return isPlaceholder && data.sizeBytes > 0 && data.layout.storedBytes === 0
    ? lacking(data.sizeBytes, 'not-recorded', CLOUD)
    : data
}

const CLOUD = 'cloud'
const isElsewhere = ({ place }: Placed): boolean => place.kind === 'none' && place.detail === CLOUD

const lacking = (sizeBytes: number, reason: string, detail: string): Placed => ({
  sizeBytes,
  layout: NO_LAYOUT,
  place: { kind: 'none', reason, detail },
})

/** An impossible size is reported and not used. */
function stated(sizeBytes: number, placed: (sizeBytes: number) => Placed): Placed {
  if (Number.isSafeInteger(sizeBytes)) return placed(sizeBytes)
  return lacking(0, 'damaged', 'size-implausible')
}

function targetOf(attribute: Attribute): Buffer | null {
  return attribute.kind === 'held' && attribute.bytes.length <= TARGET_BYTES_MOST
    ? untilNul(attribute.bytes)
    : null
}

function compressed(blocks: Blocks, header: Placed, fork: Placed | undefined) {
  const held = (placed: Placed): Held | null =>
    placed.place.kind === 'runs' ? { runs: placed.place.runs, sizeBytes: placed.sizeBytes } : null
  const attribute = held(header)
  if (attribute === null) return null
  const bytes = Buffer.alloc(Math.min(DECMPFS_HEADER_BYTES, attribute.sizeBytes))
  runsContent(blocks.medium, attribute.runs, attribute.sizeBytes, attribute.sizeBytes).readInto(bytes, 0)
  return decmpfsOf(bytes, attribute, fork ? held(fork) : null)
}
