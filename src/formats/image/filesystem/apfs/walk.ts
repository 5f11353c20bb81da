/**
 * Walks the folders of a volume, depth first, and then lists the files that no folder names.
 *
 * A folder is entered once, so that a loop in a damaged volume ends.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import type { Blocks } from './blocks.ts'
import { contentOf, partsOf } from './content.ts'
import { entriesOf, isFolder, lostEntry, shownName } from './entry.ts'
import type { FileTree } from './file-tree.ts'
import { BEGINNING_FREED } from './layout.ts'
import type { Inode, Name } from './records.ts'
import type { Space } from './space.ts'

const ABOVE_ROOT = 1
const ROOT = 2
/** Folders inside each other that are entered. */
const DEPTH_MOST = 4096

export interface Walked {
  readonly blocks: Blocks
  readonly tree: FileTree
  readonly space: Space
  /** The volume as a folder. */
  readonly folder: Buffer
  readonly problem: (code: string, record: number) => void
}

type Status = 'live' | 'orphan'

export function* walk(volume: Walked): Generator<VolumeEntry, void, undefined> {
  const { tree, folder } = volume
  const named = new BitPages()
  yield* top(volume, named, ROOT, [folder], 'live')
  // Beside the root: files that were removed while open, and still exist.
  for (const { id, name } of tree.names(ABOVE_ROOT))
    if (id !== ROOT) yield* top(volume, named, id, [folder, dollar(name)], 'live')
  for (const inode of tree.inodes()) {
    if (named.has(inode.id)) continue
    volume.problem('no-name-left', inode.id)
    const name = inode.name.length > 0 ? inode.name : Buffer.from(`${inode.id}`)
    yield* top(volume, named, inode.id, [folder, dollar(ORPHAN), shownName(name).name], 'orphan')
  }
}

const ORPHAN = Buffer.from('Orphan')
const dollar = (name: Buffer): Buffer => shownName(Buffer.concat([Buffer.from('$'), name])).name

interface Frame {
  readonly path: readonly Buffer[]
  readonly names: Iterator<Name>
}

function* top(
  volume: Walked,
  named: BitPages,
  id: number,
  path: readonly Buffer[],
  status: Status,
): Generator<VolumeEntry, void, undefined> {
  const { tree, problem } = volume
  const enter = (inode: Inode | null, at: readonly Buffer[], depth: number): Frame | null => {
    if (inode === null || !isFolder(inode)) return null
    if (depth < DEPTH_MOST) return { path: at, names: tree.names(inode.id) }
    problem('directory-too-deep', inode.id)
    return null
  }
  const first = yield* shown(volume, named, { id, name: NO_NAME, type: 4 }, path, status, [])
  // The contents of an unreadable root are listed all the same.
  const frame = first === null ? { path, names: tree.names(id) } : enter(first, path, 0)
  const stack = frame === null ? [] : [frame]
  for (let at = stack.at(-1); at; at = stack.at(-1)) {
    const next = at.names.next()
    if (next.done === true) {
      stack.pop()
      continue
    }
    const { name, notes } = shownName(next.value.name)
    const below = [...at.path, name]
    const wasNamed = named.has(next.value.id)
    const inode = yield* shown(volume, named, next.value, below, status, notes)
    if (wasNamed && inode !== null && isFolder(inode)) problem('directory-linked-twice', inode.id)
    else {
      const entered = enter(inode, below, stack.length)
      if (entered !== null) stack.push(entered)
    }
  }
}

const NO_NAME = Buffer.alloc(0)

/** One name, with the file's streams. @returns its inode; null: unreadable */
function* shown(
  { blocks, tree, space, problem }: Walked,
  named: BitPages,
  name: Name,
  path: readonly Buffer[],
  status: Status,
  notes: readonly string[],
): Generator<VolumeEntry, Inode | null, undefined> {
  const how = { path, status, basis: status === 'live' ? null : ('inode' as const), notes }
  const object = tree.object(name.id)
  const isFirst = named.add(name.id)
  if (object === null) {
    problem('inode-missing', name.id)
    yield lostEntry(name, how)
    return null
  }
  const content = contentOf(blocks, tree, object)
  if (isFirst)
    for (const part of partsOf(content)) {
      space.content(part.layout, part.sizeBytes)
      for (const code of part.layout.problems) if (code !== BEGINNING_FREED) problem(code, name.id)
    }
  // The streams are listed once for a file with several names.
  yield* entriesOf(object.inode, isFirst ? content : { ...content, streams: [] }, how)
  return object.inode
}
