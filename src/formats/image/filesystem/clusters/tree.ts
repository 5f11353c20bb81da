/** Every name of a volume of clusters: live ones, which claim their clusters; then removed ones; then lost folders. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { VolumeEntry, VolumeProblem } from '../../../../contracts/image.ts'
import { BegunNames } from './begun-names.ts'
import { BitSet } from './bit-set.ts'
import type { ClusterHeap } from './heap.ts'
import type { BegunName, DirectoryReader, FoundName } from './names.ts'
import { lengthOf, namelessFolder, piecesOf } from './pieces.ts'
import { recovered } from './recover.ts'
import { RemovedFolders } from './removed-folders.ts'

/** Far deeper than any system can address; a hostile volume can nest one folder per cluster. */
const MOST_DEPTH = 512

export interface Root {
  /** Fixed place before the clusters (FAT12, FAT16); null: `first` is its first cluster. */
  readonly fixed: DataRun | null
  readonly first: number
}

interface Folder {
  readonly path: readonly Buffer[]
  readonly names: Iterator<FoundName>
  /** State of its names: `live` means by the mark of each; the others override the mark. */
  readonly standing: 'live' | 'deleted' | 'orphan'
}

type FolderNames = BegunNames<Omit<Folder, 'names'>>
export class ClusterTree {
  readonly #heap: ClusterHeap
  readonly #reader: DirectoryReader
  readonly #root: Root
  readonly #problem: (problem: VolumeProblem) => void
  readonly #folders: RemovedFolders
  readonly #begun: FolderNames

  constructor(
    heap: ClusterHeap,
    reader: DirectoryReader,
    root: Root,
    problem: (problem: VolumeProblem) => void,
  ) {
    this.#heap = heap
    this.#reader = reader
    this.#root = root
    this.#problem = problem
    this.#folders = new RemovedFolders(heap, reader, problem)
    this.#begun = new BegunNames(heap, reader)
  }

  *entries(): IterableIterator<VolumeEntry> {
    yield* this.#live(new BitSet())
    yield* this.#removed()
    yield* this.#lost()
  }

  *#live(seen: BitSet): IterableIterator<VolumeEntry> {
    const open: Folder[] = [this.#rootFolder(seen)]
    for (let folder = open.at(-1); folder; folder = open.at(-1)) {
      const { value: name, done } = folder.names.next()
      if (done) {
        open.pop()
        continue
      }
      if (name.removed) continue
      const path = [...folder.path, name.name]
      if (name.kind !== 'directory') {
        yield this.#liveFile(path, name)
        continue
      }
      const { runs, crossed } = this.#claimFolder(name, seen)
      if (crossed)
        this.#problem({ code: 'directory-crossed', record: name.at, detail: `cluster ${name.first}` })
      const lengthOfRuns = lengthOf(runs)
      yield this.#entry(
        path,
        { ...name, sizeBytes: lengthOfRuns },
        {
          status: 'live',
          basis: null,
          place: { kind: 'runs', runs, validBytes: lengthOfRuns },
          allocated: lengthOfRuns,
        },
      )
      if (runs.length === 0) {
        if (!crossed)
          this.#problem({ code: 'directory-unreadable', record: name.at, detail: `cluster ${name.first}` })
      } else if (path.length >= MOST_DEPTH) this.#problem({ code: 'too-deep', record: name.at, detail: '' })
      else open.push(this.#folder(path, runs, 'live'))
    }
  }

  #liveFile(path: readonly Buffer[], name: FoundName): VolumeEntry {
    const chain = this.#heap.claimContent(name.first, name.sizeBytes, name.contiguous)
    const notes = [...name.notes]
    if (chain.crossed) notes.push('cross-linked')
    if (chain.state !== 'whole') notes.push(`chain-${chain.state}`)
    if (chain.crossed || chain.state !== 'whole') {
      this.#problem({
        code: chain.crossed ? 'cross-linked' : `chain-${chain.state}`,
        record: name.at,
        detail: '',
      })
    }
    const lost = chain.state === 'loop' || chain.state === 'bounded'
    return this.#entry(
      path,
      { ...name, notes },
      {
        status: 'live',
        basis: null,
        place: lost
          ? { kind: 'none', reason: 'damaged', detail: `chain-${chain.state}` }
          : { kind: 'runs', runs: chain.runs, validBytes: name.validBytes },
        allocated: lengthOf(chain.runs),
      },
    )
  }

  *#removed(): IterableIterator<VolumeEntry> {
    const seen = new BitSet()
    yield* this.#walkRemoved(this.#rootFolder(seen, this.#begun), seen)
  }

  *#walkRemoved(from: Folder, seen: BitSet): IterableIterator<VolumeEntry> {
    const open: Folder[] = [from]
    for (let folder = open.at(-1); folder; folder = open.at(-1)) {
      const { value: name, done } = folder.names.next()
      if (done) {
        open.pop()
        continue
      }
      const path = [...folder.path, name.name]
      const deep = path.length >= MOST_DEPTH
      if (folder.standing === 'live' && !name.removed) {
        if (name.kind !== 'directory' || deep) continue
        const { runs } = this.#claimFolder(name, seen)
        if (runs.length > 0) open.push(this.#folder(path, runs, 'live', this.#begun))
        continue
      }
      const standing = folder.standing === 'orphan' ? 'orphan' : 'deleted'
      if (name.kind !== 'directory') {
        const { notes, ...found } = recovered(this.#heap, name, standing)
        yield this.#entry(path, { ...name, notes }, { ...found, allocated: null })
        continue
      }
      const runs =
        deep || !this.#folders.beginsAt(name.first) ? [] : this.#folders.walk(name.first, name.contiguous)
      yield this.#entry(
        path,
        { ...name, sizeBytes: lengthOf(runs) },
        {
          status: runs.length === 0 && standing === 'deleted' ? 'deleted-overwritten' : standing,
          basis: 'assumed-contiguous',
          place:
            runs.length === 0
              ? { kind: 'none', reason: 'overwritten', detail: 'no directory there' }
              : { kind: 'runs', runs, validBytes: lengthOf(runs) },
          allocated: null,
        },
      )
      if (runs.length > 0) open.push(this.#folder(path, runs, standing, this.#begun))
    }
  }

  /**
   * Folders that no name leads to: first pieces from the middle of a folder, because they may name others; then those
   * with a recognisable first cluster, outermost first.
   */
  *#lost(): IterableIterator<VolumeEntry> {
    const { parents, pieces } = this.#folders.lost()
    const outermost = [...parents].filter(([cluster, parent]) => parent === cluster || !parents.has(parent))
    for (const cluster of [...pieces, ...outermost.map(([first]) => first), ...parents.keys()]) {
      const runs = this.#folders.walk(cluster, false)
      if (runs.length === 0) continue
      const path = [Buffer.from('$Orphan'), Buffer.from(`cluster-${cluster}`)]
      yield this.#entry(path, namelessFolder(this.#heap.offsetOf(cluster), cluster, lengthOf(runs)), {
        status: 'orphan',
        basis: 'signature',
        place: { kind: 'runs', runs, validBytes: lengthOf(runs) },
        allocated: null,
      })
      yield* this.#walkRemoved(this.#folder(path, runs, 'orphan', this.#begun), new BitSet())
    }
    for (const [folder, name] of this.#begun.names([...pieces, ...parents.keys()]))
      yield* this.#walkRemoved({ ...folder, names: [name].values() }, new BitSet())
  }

  #claimFolder({ first, sizeBytes, contiguous }: FoundName, seen: BitSet) {
    const most = contiguous ? this.#heap.clustersFor(sizeBytes) : Number.POSITIVE_INFINITY
    return this.#heap.claimDirectory(first, most, contiguous, seen)
  }

  #rootFolder(seen: BitSet, begun: FolderNames | null = null): Folder {
    const { fixed, first } = this.#root
    const runs = fixed
      ? [fixed]
      : this.#heap.claimDirectory(first, Number.POSITIVE_INFINITY, false, seen).runs
    if (runs.length === 0)
      this.#problem({ code: 'root-unreadable', record: null, detail: `cluster ${first}` })
    return this.#folder([], runs, 'live', begun)
  }

  #folder(
    path: readonly Buffer[],
    runs: readonly DataRun[],
    standing: Folder['standing'],
    begun: FolderNames | null = null,
  ): Folder {
    const unfinished = (name: BegunName): boolean => {
      if (begun?.add({ path, standing }, runs.at(-1), name)) return true
      this.#problem({ code: 'begun-name-not-sought', record: name.at, detail: '' })
      return false
    }
    const names = this.#reader.names(piecesOf(this.#heap, runs), begun ? unfinished : undefined)
    return { path, standing, names: names[Symbol.iterator]() }
  }

  #entry(
    path: readonly Buffer[],
    name: FoundName,
    found: Pick<VolumeEntry, 'status' | 'basis' | 'place' | 'around'> & { readonly allocated: number | null },
  ): VolumeEntry {
    const { kind, at, sizeBytes, times, notes } = name
    const { allocated: allocatedBytes, ...rest } = found
    const none = {
      sequence: null,
      links: null,
      nameTimes: null,
      mode: null,
      uid: null,
      gid: null,
      linkTarget: null,
    }
    return {
      path,
      stream: null,
      kind,
      record: at,
      sizeBytes,
      allocatedBytes,
      times,
      notes,
      ...none,
      ...rest,
    }
  }
}
