/**
 * Walks an exhibit in evidence-path order. Names are bytes: decoding them first loses files.
 *
 * A directory's content sorts after the directory's own name with `/` appended, so `a`, `a.txt`, `a/x` is the order of
 * the paths' bytes and the order of the walk. Directories are reached through /proc/self/fd/N/name and names looked at
 * from inside theirs: no path is ever longer than one name, so depth has no limit, and no symbolic link is followed. It
 * runs synchronously, and takes the process's working directory with it until it is closed: everything it meets is an
 * entry with a read result, and only a root that cannot be opened throws.
 */
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs'
import { type ByteString, byteString, bytesOf, joinBytes } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { UsageError } from '../../base/errors.ts'
import { filePath, printName } from '../../base/evidence-path.ts'
import { isScarce, retried } from '../../base/scarce.ts'
import type { Exhibit } from '../../contracts/case.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notDone } from '../../contracts/stage.ts'
import { bandIn } from '../band.ts'
import { Backing } from './backed.ts'
import { ExtendedAttributes } from './extended-attributes.ts'
import { type Clock, clockOf, timesOf, UTC_NS } from './file-times.ts'
import { list, Names } from './listing.ts'
import { isWritable, type Mount, mountOf, mountOptions, mountsBelow, readMounts } from './mounts.ts'
import { kindOf, lstatReason, passedOver, readTarget, SPECIAL_FILE, unknownEntry } from './walk-entry.ts'
import { closeFrame, type Frame, newFrame } from './walk-frame.ts'

export type Submount = Exhibit['submounts'][number]

export interface WalkOptions {
  /** A file larger than this with less than a tenth of it allocated is not read (plan.limits). */
  readonly sparseLogicalBytes: number
  readonly onSubmount?: (submount: Submount) => void
  /** Entries up to this path were given before: the walk goes on behind it. */
  readonly after?: ByteString | null
  /** Where an earlier walk hung or ended: these are entries, and are not touched. */
  readonly stuck?: readonly Place[]
  /** Called before everything that can hang, and while something long goes on. */
  readonly trace?: Trace
}

/** A system call that can hang, on one path: looking at a name, or at what is behind it. */
export interface Place {
  readonly path: ByteString
  readonly call: 'lstat' | 'open'
  /** The walking process ended there; otherwise it hung. */
  readonly crashed?: boolean
}

export interface Trace {
  at(place: Place): void
  moved(): void
}

/** @throws UsageError when the root cannot be opened as a directory */
export function* walk(root: Buffer | string, options: WalkOptions): Generator<WalkedEntry, void, undefined> {
  const walker = new Walker(root, options)
  try {
    yield* walker.run()
  } finally {
    walker.close()
  }
}

// Descriptors held for directories; what lies further up is reopened on the way back.
const MAX_OPEN_DIRECTORIES = 64
const OPEN_DIRECTORY =
  constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK

class Walker {
  readonly #root: ByteString
  readonly #backing: Backing
  readonly #onSubmount: (submount: Submount) => void
  readonly #after: ByteString | null
  readonly #stuck: ReadonlyMap<ByteString, Place>
  readonly #trace: Trace
  readonly #mounts: readonly Mount[]
  readonly #mountPoints: ReadonlyMap<ByteString, Mount>
  readonly #extended = new ExtendedAttributes()
  /** Where the process was before, and the directory that it is in. */
  readonly #outside = process.cwd()
  #inside: Frame | null = null
  readonly #stack: Frame[] = []
  /** `dev:inode` of every directory on the stack. */
  readonly #ancestors = new Set<string>()

  constructor(root: Buffer | string, options: WalkOptions) {
    this.#root = realPath(root)
    this.#backing = new Backing(BigInt(options.sparseLogicalBytes))
    this.#onSubmount = options.onSubmount ?? (() => {})
    this.#after = options.after ?? null
    this.#stuck = new Map(options.stuck?.map((place) => [place.path, place]))
    this.#trace = options.trace ?? { at() {}, moved() {} }
    this.#mounts = readMounts()
    this.#mountPoints = new Map(mountsBelow(this.#root, this.#mounts).map((mount) => [mount.point, mount]))
  }

  *run(): Generator<WalkedEntry, void, undefined> {
    const root = this.#openRoot()
    if (this.#after === null) yield root
    for (let frame = this.#stack.at(-1); frame; frame = this.#stack.at(-1)) {
      const name = frame.names.at(frame.next)
      const pending = frame.pending.at(-1)
      if (pending && (name === undefined || `${pending.name}/` < name)) {
        frame.pending.pop()
        this.#enter(pending)
      } else if (name === undefined) {
        this.#leave(frame)
      } else {
        frame.next++
        const path = joinBytes(frame.path, name)
        const given = this.#after !== null && path <= this.#after
        // Everything below a folder sorts before its path with the byte after `/`.
        if (given && `${path}0` <= this.#after!) continue
        const walked = this.#visit(frame, name, path)
        if (!given) yield walked
      }
    }
  }

  close(): void {
    for (const frame of this.#stack) for (const open of [frame, ...frame.pending]) closeFrame(open)
    this.#stack.length = 0
    if (this.#inside !== null) process.chdir(this.#outside)
    this.#inside = null
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
    const mount = mountOf(this.#root, this.#mounts)
    const stuck = this.#stuck.get('')
    const { names, result } = stuck
      ? { names: Names.NONE, result: passedOver(stuck) }
      : list(fd, this.#trace.moved, this.#relieve)
    const frame = newFrame('', '', stats, mount ? clockOf(mount) : UTC_NS, names, fd)
    this.#enter(frame)
    const walked = { entry: this.#entry('', stats, null, 0, frame.clock), read: result }
    return stuck ? walked : this.#withAttributes(walked, bytesOf(this.#root), stats)
  }

  #enter(frame: Frame): void {
    this.#stack.push(frame)
    this.#ancestors.add(`${frame.device}:${frame.inode}`)
    const surplus = this.#stack.length - MAX_OPEN_DIRECTORIES
    // The root stays open: everything can be reached from it again.
    if (surplus <= 0) return
    for (const open of [this.#stack[surplus]!, ...this.#stack[surplus]!.pending]) closeFrame(open)
  }

  /** Gives descriptors back, all but those of the root and of the directory on top. @returns whether there were any */
  readonly #relieve = (): boolean => {
    let any = false
    for (const [depth, frame] of this.#stack.entries())
      for (const open of depth === 0 || depth === this.#stack.length - 1
        ? frame.pending
        : [frame, ...frame.pending]) {
        any ||= open.fd !== null
        closeFrame(open)
      }
    return any
  }

  #leave(frame: Frame): void {
    closeFrame(frame)
    this.#stack.pop()
    this.#ancestors.delete(`${frame.device}:${frame.inode}`)
  }

  #visit(frame: Frame, name: ByteString, path: ByteString): WalkedEntry {
    const stuck = this.#stuck.get(path)
    if (stuck?.call === 'lstat') return { entry: unknownEntry(path), read: passedOver(stuck) }
    this.#trace.at({ path, call: 'lstat' })
    let at: Buffer
    let stats: BigIntStats
    try {
      at = retried(() => bytesOf(this.#reach(frame) + name), this.#relieve)
      stats = retried(() => lstatSync(at, { bigint: true }), this.#relieve)
    } catch (error) {
      return {
        entry: unknownEntry(path),
        read: notDone(lstatReason(error), { code: 'errno', params: { errno: errnoOf(error) } }),
      }
    }
    const kind = kindOf(stats)
    if (stuck) return { entry: this.#entry(path, stats, null, 0, frame.clock), read: passedOver(stuck) }
    if (kind === 'directory' || kind === 'symlink') this.#trace.at({ path, call: 'open' })
    if (kind === 'directory') return this.#visitDirectory(frame, name, path, at, stats)
    const band = bandIn(frame.folder, name, stats.size)
    if (kind === 'symlink') {
      const { target, read } = readTarget(at)
      return { entry: this.#entry(path, stats, target, band, frame.clock), read }
    }
    const entry = this.#entry(path, stats, null, band, frame.clock)
    if (kind !== 'file') return { entry, read: SPECIAL_FILE }
    return this.#withAttributes({ entry, read: this.#backing.refusal(at, stats) }, at, stats)
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
      fd = retried(() => openSync(at, OPEN_DIRECTORY), this.#relieve)
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
    // Opening can mount something here (autofs): what was opened counts, not what lstat saw.
    stats = fstatSync(fd, { bigint: true })
    const mount = this.#mountAt(path, stats.dev !== frame.device)
    const clock = mount ? clockOf(mount) : frame.clock
    const entry = this.#entry(path, stats, null, 0, clock)
    if (this.#ancestors.has(`${stats.dev}:${stats.ino}`)) {
      closeSync(fd)
      return {
        entry,
        read: notDone('directory-loop', { code: 'directory-above', params: { inode: String(stats.ino) } }),
      }
    }
    if (mount) this.#onSubmount(submountOf(path, mount))
    const { names, result } = list(fd, this.#trace.moved, this.#relieve)
    const child = newFrame(path, name, stats, clock, names, fd)
    if (names.length === 0) closeFrame(child)
    else {
      // Only the last one waits with an open descriptor: `a`, `a!`, `a!!` … can be a long chain.
      const waiting = frame.pending.at(-1)
      if (waiting) closeFrame(waiting)
      frame.pending.push(child)
    }
    return this.#withAttributes({ entry, read: result }, at, stats)
  }

  #withAttributes(walked: WalkedEntry, at: Buffer, { dev }: BigIntStats): WalkedEntry {
    const named = this.#extended.of(at, dev)
    return named.length === 0 ? walked : { ...walked, named }
  }

  /** The mount that begins at this directory, if one does. A btrfs subvolume changes st_dev and is no mount. */
  #mountAt(path: ByteString, deviceChanged: boolean): Mount | null {
    const absolute = this.#root === '/' ? `/${path}` : `${this.#root}/${path}`
    const known = this.#mountPoints.get(absolute)
    if (known || !deviceChanged) return known ?? null
    return mountsBelow(this.#root, readMounts()).find((mount) => mount.point === absolute) ?? null
  }

  /** What to write before a name of the directory on top: from inside it a look costs half. */
  #reach(frame: Frame): ByteString {
    if (this.#inside === frame) return './'
    const there = `/proc/self/fd/${this.#descriptor(this.#stack.length - 1)}`
    try {
      process.chdir(there)
    } catch {
      // A worker thread may not, and some directories can be listed and not entered: then each name says what it is.
      return `${there}/`
    }
    this.#inside = frame
    return './'
  }

  /** An open descriptor of the directory at this depth, reopened from the nearest open ancestor when it was closed. */
  #descriptor(depth: number): number {
    const frame = this.#stack[depth]!
    if (frame.fd !== null) return frame.fd
    let nearest = depth - 1
    while (this.#stack[nearest]!.fd === null) nearest--
    let fd = this.#stack[nearest]!.fd!
    for (let i = nearest + 1; i <= depth; i++) {
      const step = this.#stack[i]!
      const opened = openSync(bytesOf(`/proc/self/fd/${fd}/${step.name}`), OPEN_DIRECTORY)
      if (i > nearest + 1 && i - 1 <= depth - MAX_OPEN_DIRECTORIES / 2) closeFrame(this.#stack[i - 1]!)
      step.fd = fd = opened
      const stats = fstatSync(fd, { bigint: true })
      if (stats.dev !== step.device || stats.ino !== step.inode) {
        closeFrame(step)
        throw Object.assign(new Error('the directory was replaced during the walk'), {
          code: 'ENOENT',
          errno: -2,
        })
      }
    }
    return fd
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

function submountOf(path: ByteString, mount: Mount): Submount {
  return {
    path: printName(bytesOf(path)),
    fileSystem: mount.fileSystem,
    options: mountOptions(mount),
    writable: isWritable(mount),
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
