import type {
  Damage,
  FileSystem,
  Medium,
  OpenImage,
  VolumeClasses,
  VolumeEntry,
  VolumeProblem,
  VolumeRange,
} from '../../contracts/image.ts'
import type { ListedRange, RangeListing } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import type { UnlockedVolume } from '../../contracts/lock.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { DamageLog } from '../../formats/image/content/damage-log.ts'
import { ImageVolumes } from '../../formats/locked/image-volumes.ts'
import type { HeaderHashIndex } from '../../wire/header-hash-index.ts'
import type { RemainsAsked } from '../../wire/list-protocol.ts'
import { MEDIUM } from '../../wire/list-protocol.ts'
import { withBackupNames } from './backup-names.ts'
import { DamageOfVolume } from './damaged-bytes.ts'
import { EncryptionMetadata } from './encryption-metadata.ts'
import { listedEntry } from './listed-entry.ts'
import { leftOut, openFileSystem, said } from './open-volume.ts'
import { reconstructed } from './reconstructed.ts'
import { withThrownAwayNames } from './recycle-bin.ts'
import { RemainsOfVolume } from './remains-of-volume.ts'
import { UniquePaths } from './unique-paths.ts'
import { leftUnlisted, listedOf, soughtAs, unlisted, withDamage } from './unlisted-range.ts'
import { isLiveFilesOnly, volumeContent } from './volume-content.ts'

export interface ListOptions extends RemainsAsked {
  /** Volumes that a key opened; absent: none. */
  readonly unlocked?: readonly UnlockedVolume[]
  readonly known: HeaderHashIndex
  readonly sparseLogicalBytes: number
  /** Damage that a verification of the whole image found. */
  readonly damage: readonly Damage[]
  /** Volumes to list; null: all. Other volumes are completely out of scope. */
  readonly volumes: readonly number[] | null
  /** Volumes whose listing repeatedly ended the process: not listed any more. */
  readonly passOver: readonly number[]
  /** Indices in `ranges` of ranges that are already reported. */
  readonly given: readonly number[]
  /** Called before long work, with the number of the volume. */
  readonly at: (volume: number) => void
  /** Called when a search makes progress without yielding entries. */
  readonly passed?: () => void
}

export type Listed =
  | { readonly kind: 'entry'; readonly volume: number; readonly walked: WalkedEntry }
  | { readonly kind: 'range'; readonly listing: RangeListing }

export function* listImage(
  image: OpenImage,
  ranges: readonly VolumeRange[],
  options: ListOptions,
): Generator<Listed, void, undefined> {
  const paths = new UniquePaths()
  const bytes = new ImageVolumes(image.medium, options.unlocked ?? [])
  const known = new DamageLog()
  for (const damage of [...options.damage, ...(image.lacks?.() ?? [])]) known.add(damage)
  const volumes = ranges.flatMap((range) => (range.number === null ? [] : [{ range, number: range.number }]))
  const isGiven = (range: VolumeRange) => options.given.includes(ranges.indexOf(range))
  for (const { range, number } of volumes.sort((a, b) => a.number - b.number))
    if (!isGiven(range)) yield* listVolume(image, bytes, known, range, number, paths, options)
  const outside = ranges.filter((range) => range.number === null && !isGiven(range))
  if (outside.length > 0) yield* listOutside(image, known, outside, volumes.length + 1, options)
}

/** Lists tables and gaps. For the listing, the gaps count as one more volume. */
function* listOutside(
  image: OpenImage,
  known: DamageLog,
  ranges: readonly VolumeRange[],
  number: number,
  options: ListOptions,
): Generator<Listed, void, undefined> {
  const isPassedOver = options.passOver.includes(number)
  const remains = new RemainsOfVolume(MEDIUM, image.medium, options, options.known, options.passed)
  options.at(number)
  for (const range of ranges) {
    const isSought = range.kind === 'gap' && options.volumes === null && !isPassedOver
    for (const walked of isSought ? remains.within('unread', [range]) : [])
      yield { kind: 'entry', volume: MEDIUM, walked }
    const isLeft = range.kind === 'gap' && isPassedOver
    yield leftUnlisted(image, known, range, isLeft ? notDone('listing-crashed') : { result: 'done' })
  }
}

function* listVolume(
  image: OpenImage,
  bytes: ImageVolumes,
  known: DamageLog,
  range: VolumeRange,
  number: number,
  paths: UniquePaths,
  options: ListOptions,
): Generator<Listed, void, undefined> {
  const { volumes, passOver, sparseLogicalBytes } = options
  options.at(number)
  const seen = bytes.seen(range)
  const volume = bytes.of(range)
  const remains = new RemainsOfVolume(number, volume, options, options.known, options.passed)
  const opened = leftOut(seen, number, volumes, passOver) ?? openFileSystem(image, seen, volume)
  if ('result' in opened) {
    if (isLiveFilesOnly(opened)) yield { kind: 'entry', volume: number, walked: volumeContent(seen, number) }
    const where = soughtAs(seen, opened)
    for (const walked of where ? remains.within(where, [{ offset: 0, length: volume.sizeBytes }]) : [])
      yield { kind: 'entry', volume: number, walked }
    yield leftUnlisted(image, known, range, opened)
    return
  }
  const damage = new DamageOfVolume(
    bytes.of(range, withDamage(image.medium, known)).damageIn(0, volume.sizeBytes),
  )
  const encryption = new EncryptionMetadata(bytes.metadataOf(range))
  for (const found of withThrownAwayNames(entriesOf(image, seen, opened, volume, options), volume)) {
    // The root has no name: the volume stands for it.
    if (found.path.length === 0 && found.stream === null && found.status === 'live') continue
    const together = reconstructed(found, volume, options.known)
    const entry = together?.found ?? found
    damage.see(entry, opened)
    encryption.see(entry)
    const walked = listedEntry(number, entry, paths, sparseLogicalBytes, together?.named)
    if (entry.basis === 'reconstructed') remains.passOver(entry)
    yield { kind: 'entry', volume: number, walked }
    for (const behind of remains.behind(found, opened))
      yield { kind: 'entry', volume: number, walked: behind }
  }
  for (const walked of remains.inFreeSpace(opened)) yield { kind: 'entry', volume: number, walked }
  const samples = remains.samples(opened)
  const { classes, problems: met } = withinRange(seen, opened)
  const problems = [...met, ...remains.problems()]
  const outside = range.length - volume.sizeBytes
  yield {
    kind: 'range',
    listing: {
      range: {
        range,
        fileSystem: factsOf(opened),
        listed: outcomeOf(opened, problems.length),
        classes: encryption.taken(classes, bytes.isOpened(range) ? outside : 0, () => opened.unallocated()),
        problems,
      },
      damage: damage.bytes(volume.damageIn(0, volume.sizeBytes), () => opened.unallocated()),
      samples,
    },
  }
}

/**
 * Entries of a volume. A second pass over the names uses a new reader, so it does not change the first reader's counts.
 */
function entriesOf(
  image: OpenImage,
  range: VolumeRange,
  opened: FileSystem,
  volume: Medium,
  { passed = () => {} }: ListOptions,
): Iterable<VolumeEntry> {
  let isFirst = true
  const pass = (): Iterable<VolumeEntry> => {
    const reader = isFirst ? opened : openFileSystem(image, range, volume)
    isFirst = false
    return 'result' in reader ? [] : reader.entries()
  }
  return withBackupNames(pass, volume, passed)
}

/**
 * Subtracts bytes after the end of the medium from the classes: unallocated space first, because their class is
 * unknown.
 */
function withinRange(
  { length, beyondBytes }: VolumeRange,
  opened: FileSystem,
): { readonly classes: VolumeClasses; readonly problems: readonly VolumeProblem[] } {
  const classes: { -readonly [name in keyof VolumeClasses]: number } = { ...opened.classes() }
  const over = Math.max(0, Object.values(classes).reduce((sum, bytes) => sum + bytes, 0) - length)
  let left = over
  for (const name of ['unallocated', 'allocated', 'slack', 'bad', 'metadata', 'encrypted'] as const) {
    const cut = Math.min(left, classes[name] ?? 0)
    if (cut === 0) continue
    classes[name] = (classes[name] ?? 0) - cut
    left -= cut
  }
  const lacking = Math.max(over, beyondBytes ?? 0)
  const problems = opened.problems()
  if (lacking === 0) return { classes, problems }
  return { classes, problems: [...problems, { code: 'behind-the-end', record: null, detail: `${lacking}` }] }
}

/** Expected result of each range, before the listing. */
export function describeRanges(
  image: OpenImage,
  ranges: readonly VolumeRange[],
  volumes: readonly number[] | null,
  bytes = new ImageVolumes(image.medium, []),
): ListedRange[] {
  return ranges.map((range) => {
    if (range.number === null) return unlisted(range, { result: 'done' })
    const seen = bytes.seen(range)
    const opened = leftOut(seen, range.number, volumes, []) ?? openFileSystem(image, seen, bytes.of(range))
    return 'result' in opened
      ? unlisted(range, opened)
      : { ...unlisted(range, outcomeOf(opened, 0)), fileSystem: factsOf(opened) }
  })
}

function outcomeOf({ kind, isPartEncrypted }: FileSystem, problems: number): StageResult {
  return isPartEncrypted ? said('encrypted', kind) : listedOf(problems)
}

function factsOf({ kind, label, uuid, clusterBytes, stated }: FileSystem): ListedRange['fileSystem'] {
  return { kind, label, uuid, clusterBytes, stated }
}
