/**
 * Walks an exhibit in evidence-path order. Names are bytes: decoding them first loses files.
 *
 * A directory's content sorts after the directory's own name with `/` appended, so `a`, `a.txt`, `a/x` is the order of
 * the paths' bytes and the order of the walk. Directories are opened through /proc/self/fd/N/name, and names are read
 * from inside their directory. No path is longer than one name, so depth has no limit, and no symbolic link is
 * followed. The walk is synchronous and moves the process's working directory. Each name becomes an entry; only a root
 * that cannot be opened throws.
 */
import { type BigIntStats, closeSync, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs'
import { type ByteString, byteString, bytesOf, joinBytes } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { UsageError } from '../../base/errors.ts'
import { filePath, printName } from '../../base/evidence-path.ts'
import { isScarce, retried } from '../../base/scarce.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notDone } from '../../contracts/stage.ts'
import { priorityClassIn } from '../../media-types/priority-class.ts'
import { type Clock, timesOf, UTC_NS } from '../../mounts/file-times.ts'
import { type Submount, submountOf, type Trace, type WalkOptions } from '../../mounts/walk-options.ts'
import type { Place } from '../../wire/walk-protocol.ts'
import { Backing } from './backed.ts'
import { BackupNames } from './backup-names.ts'
import { list, Names } from './listing.ts'
import { RecycleBinNames } from './recycle-bin-names.ts'
import { Descent, OPEN_DIRECTORY } from './walk-descent.ts'
import { kindOf, lstatReason, passedOver, readTarget, SPECIAL_FILE, unknownEntry } from './walk-entry.ts'
import { closeFrame, type Frame, newFrame } from './walk-frame.ts'
import { WalkStreams } from './walk-streams.ts'
import { WalkedMounts } from './walked-mounts.ts'

/** @throws UsageError when the root cannot be opened as a directory */
export function* walk(root: Buffer | string, options: WalkOptions): Generator<WalkedEntry, void, undefined> {
  const walker = new Walker(root, options)
  try {
    yield* walker.run()
  } finally {
    walker.close()
  }
}

class Walker {
  readonly #root: ByteString
  readonly #backing: Backing
  readonly #onSubmount: ((submount: Submount) => void) | undefined
  readonly #after: ByteString | null
  readonly #stuck: ReadonlyMap<ByteString, Place>
  readonly #trace: Trace
  readonly #mounts: WalkedMounts
  readonly #streams: WalkStreams
  readonly #recycleRecord: RecycleBinNames
  readonly #backups: BackupNames
  readonly #descent = new Descent()

  constructor(root: Buffer | string, options: WalkOptions) {
    this.#root = realPath(root)
    this.#backing = new Backing(BigInt(options.sparseLogicalBytes))
    this.#onSubmount = options.onSubmount
    this.#after = options.after ?? null
    this.#stuck = new Map(options.stuck?.map((place) => [place.path, place]))
    this.#trace = options.trace ?? { at() {}, moved() {} }
    this.#streams = new WalkStreams(this.#after, this.#stuck, this.#trace)
    this.#mounts = new WalkedMounts(this.#root, options.mounts)
    const { isReadOnly } = this.#mounts
    this.#recycleRecord = new RecycleBinNames(isReadOnly)
    this.#backups = new BackupNames(isReadOnly, this.#stuck.keys(), this.#trace.moved)
  }

  *run(): Generator<WalkedEntry, void, undefined> {
    const root = this.#openRoot()
    if (this.#after === null) yield root
    yield* this.#streams.given()
    for (let frame = this.#descent.top; frame; frame = this.#descent.top) {
      const name = frame.names.at(frame.next)
      const pending = frame.pending.at(-1)
      if (pending && (name === undefined || `${pending.name}/` < name)) {
        frame.pending.pop()
        this.#descent.enter(pending)
      } else if (name === undefined) {
        this.#descent.leave()
      } else {
        frame.next++
        const path = joinBytes(frame.path, name)
        const given = this.#after !== null && path <= this.#after
        // Everything below a folder sorts before its path with the byte after `/`.
        if (given && `${path}0` <= this.#after!) continue
        const walked = this.#named(this.#visit(frame, name, path), frame, name, path)
        if (!given) yield walked
        yield* this.#streams.given()
      }
    }
  }

  close(): void {
    this.#descent.close()
  }

  #openRoot(): WalkedEntry {
    this.#trace.at({ path: '', call: 'open' })
    let fd: number
    try {
      fd = openSync(bytesOf(this.#root), OPEN_DIRECTORY)
    } catch (error) {
      throw new UsageError(
        `The exhibit ${printName(bytesOf(this.#root))} could not be opened as a directory (${errnoOf(error)}).`,
        { cause: error },
      )
    }
    const stats = fstatSync(fd, { bigint: true })
    const mount = this.#mounts.own
    const stuck = this.#stuck.get('')
    const { names, result } =
      stuck?.call === 'open'
        ? { names: Names.NONE, result: passedOver(stuck) }
        : list(fd, this.#trace.moved, this.#descent.relieve)
    const frame = newFrame('', '', stats, mount ? this.#mounts.clockOf(mount) : UTC_NS, names, fd)
    this.#descent.enter(frame)
    const walked = { entry: this.#entry('', stats, null, 0, frame.clock), read: result }
    return stuck?.call === 'open' ? walked : this.#streams.beside(walked, bytesOf(this.#root), frame, '')
  }

  #named(walked: WalkedEntry, frame: Frame, name: ByteString, path: ByteString): WalkedEntry {
    const [isThrown, isBackup] = [RecycleBinNames.mayBe(path), BackupNames.mayBe(name)]
    if (!(isThrown || isBackup) || this.#stuck.has(path)) return walked
    this.#trace.at({ path, call: 'open' })
    const reach = () => this.#descent.reach(frame)
    const thrown = isThrown ? this.#recycleRecord.of(walked, path, reach) : walked
    return isBackup ? this.#backups.of(thrown, path, name, reach) : thrown
  }

  #visit(frame: Frame, name: ByteString, path: ByteString): WalkedEntry {
    const stuck = this.#stuck.get(path)
    if (stuck?.call === 'lstat') return { entry: unknownEntry(path), read: passedOver(stuck) }
    this.#trace.at({ path, call: 'lstat' })
    let at: Buffer
    let stats: BigIntStats
    try {
      at = retried(() => bytesOf(this.#descent.reach(frame) + name), this.#descent.relieve)
      stats = retried(() => lstatSync(at, { bigint: true }), this.#descent.relieve)
    } catch (error) {
      return {
        entry: unknownEntry(path),
        read: notDone(lstatReason(error), { code: 'errno', params: { errno: errnoOf(error) } }),
      }
    }
    const kind = kindOf(stats)
    if (stuck?.call === 'open')
      return { entry: this.#entry(path, stats, null, 0, frame.clock), read: passedOver(stuck) }
    if (kind === 'directory' || kind === 'symlink') this.#trace.at({ path, call: 'open' })
    if (kind === 'directory') return this.#visitDirectory(frame, name, path, at, stats)
    const band = priorityClassIn(frame.folder, name, stats.size)
    if (kind === 'symlink') {
      const { target, read } = readTarget(at)
      return { entry: this.#entry(path, stats, target, band, frame.clock), read }
    }
    const entry = this.#entry(path, stats, null, band, frame.clock)
    if (kind !== 'file') return { entry, read: SPECIAL_FILE }
    return this.#streams.beside({ entry, read: this.#backing.refusal(at, stats) }, at, frame, name)
  }

  #visitDirectory(
    frame: Frame,
    name: ByteString,
    path: ByteString,
    at: Buffer,
    found: BigIntStats,
  ): WalkedEntry {
    let stats = found
    let fd: number
    try {
      fd = retried(() => openSync(at, OPEN_DIRECTORY), this.#descent.relieve)
    } catch (error) {
      const errno = errnoOf(error)
      const reason = isScarce(error)
        ? 'machine-short'
        : errno === 'ENOENT'
          ? 'vanished'
          : 'directory-unreadable'
      return {
        entry: this.#entry(path, stats, null, 0, frame.clock),
        read: notDone(reason, { code: 'errno', params: { errno } }),
      }
    }
    // Opening can mount a file system here (autofs): the opened directory counts, not the result of lstat.
    stats = fstatSync(fd, { bigint: true })
    const mount = this.#mounts.at(path, stats.dev !== frame.device)
    const clock = mount ? this.#mounts.clockOf(mount) : frame.clock
    const entry = this.#entry(path, stats, null, 0, clock)
    if (this.#descent.holds(stats.dev, stats.ino)) {
      closeSync(fd)
      return {
        entry,
        read: notDone('directory-loop', { code: 'directory-above', params: { inode: String(stats.ino) } }),
      }
    }
    if (mount) this.#onSubmount?.(submountOf(path, mount))
    const { names, result } = list(fd, this.#trace.moved, this.#descent.relieve)
    const child = newFrame(path, name, stats, clock, names, fd)
    if (names.length === 0) closeFrame(child)
    else {
      // Only the last one waits with an open descriptor: `a`, `a!`, `a!!` … can be a long chain.
      const waiting = frame.pending.at(-1)
      if (waiting) closeFrame(waiting)
      frame.pending.push(child)
    }
    return this.#streams.beside({ entry, read: result }, at, frame, name)
  }

  #entry(path: ByteString, stats: BigIntStats, linkTarget: Buffer | null, band: number, clock: Clock): Entry {
    this.#backing.seen(stats)
    return {
      path: filePath(bytesOf(path)),
      kind: kindOf(stats),
      sizeBytes: stats.size,
      allocatedBytes: stats.blocks * 512n,
      times: timesOf(stats, clock),
      device: stats.dev,
      inode: stats.ino,
      links: stats.nlink,
      mode: Number(stats.mode),
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      linkTarget,
      band,
    }
  }
}

function realPath(root: Buffer | string): ByteString {
  try {
    return realpathSync.native(root, { encoding: 'buffer' }).toString('latin1')
  } catch (error) {
    const shown = printName(bytesOf(byteString(root)))
    throw new UsageError(`The exhibit ${shown} could not be found (${errnoOf(error)}).`, { cause: error })
  }
}
