/**
 * Remarks for page one: the facts that the kind of mount proves, and the data that a mounted walk cannot read. Pure
 * functions.
 */

import { printText } from '../../base/evidence-path.ts'
import type { Exhibit } from '../../contracts/case.ts'
import type { BlockDevice } from '../../mounts/mounts.ts'

export interface MountFacts {
  readonly device: BlockDevice | null
  /** Type that blkid recognised on the source; null where it was not asked or did not recognise one. */
  readonly probedType: string | null
  /** The mount is served by a program in user space that cannot write. */
  readonly cannotWrite: boolean
  readonly mountPoint: string
  /** True for a whole file system, false for a folder of one. */
  readonly isMountPoint: boolean
  readonly asRoot: boolean
  readonly zonelessTimes: boolean
  readonly listsAttributes: boolean
}

export function remarksOn(exhibit: Omit<Exhibit, 'remarks'>, facts: MountFacts): readonly string[] {
  return [
    ...wholeOrPart(facts),
    ...writability(exhibit, facts),
    ...journal(exhibit, facts),
    ...presentation(exhibit, facts),
    ...submounts(exhibit),
    ...(facts.zonelessTimes
      ? [
          `Times on ${exhibit.fileSystem} may be local times of a clock and zone that it does not record: they are shown as stored and never converted.`,
        ]
      : []),
    ...(facts.asRoot ? [] : [NOT_ROOT]),
    'A mounted file system shows no deleted or unallocated data, no slack, no other partitions, no snapshots and no encrypted volumes: none of these was examined.',
    facts.listsAttributes
      ? 'Extended attributes and alternate data streams, where the mount presents them, are entries of their own (“stream”), read and matched like files; one that the mount does not give out (over 65,536 bytes, as ntfs-3g presents long streams) is named and not examined. The systems’ own (security labels, access lists) and those of entries whose names are not UTF-8 were not listed.'
      : 'Extended attributes and alternate data streams were not inventoried: no library for this platform is installed.',
  ]
}

/**
 * Those of the remarks that may need a person's action: a writable mount, a shared file system, an account that may not
 * read everything.
 */
export function mountWarnings(exhibit: Exhibit): readonly string[] {
  const shared = NETWORK.has(exhibit.fileSystem) ? [sharedText(exhibit)] : []
  const writable = exhibit.writable && !exhibit.viaFuse ? [writableText(exhibit)] : []
  return [...writable, ...shared, NOT_ROOT].filter((text) => exhibit.remarks.includes(text))
}

/** The other remarks: facts about the way in which the exhibit is presented. */
export function mountNotes(exhibit: Exhibit): readonly string[] {
  const warnings = mountWarnings(exhibit)
  return exhibit.remarks.filter((text) => !warnings.includes(text))
}

const NOT_ROOT =
  'The program did not run as root: what this account may not open was not examined, and access times may have been updated.'

function writableText({ mountOptions }: Pick<Exhibit, 'mountOptions'>): string {
  return `The exhibit is mounted writable (${mountOptions}): this program writes nothing to it, but other programs could, and reading may update access times.`
}

function sharedText({ fileSystem }: Pick<Exhibit, 'fileSystem'>): string {
  return `The exhibit is on a network file system (${fileSystem}): others may change it during the run.`
}

function wholeOrPart(facts: MountFacts): string[] {
  if (facts.isMountPoint) return []
  return [
    `The exhibit is a folder of the file system mounted at ${facts.mountPoint}: the rest of that file system was not examined.`,
  ]
}

function writability(exhibit: Omit<Exhibit, 'remarks'>, facts: MountFacts): string[] {
  if (exhibit.viaFuse) return []
  if (exhibit.writable) return [writableText(exhibit)]
  const below =
    facts.device === null
      ? 'what lies below the mount is not known to be write-protected'
      : facts.device.readOnly
        ? 'the block device below is write-protected too'
        : 'the block device below is not write-protected'
  return [
    `The exhibit is mounted read-only: the kernel refused writes through this mount, and ${below}. That does not prove that the image was unchanged before: compare its hash with the acquisition hash.`,
  ]
}

const JOURNALLED = new Set(['ext3', 'ext4', 'xfs', 'jfs', 'btrfs', 'f2fs', 'reiserfs', 'ntfs3', 'hfsplus'])
const NO_REPLAY = new Set(['noload', 'norecovery', 'nologreplay', 'rescue=nologreplay', 'rescue=all'])

function journal(exhibit: Omit<Exhibit, 'remarks'>, facts: MountFacts): string[] {
  if (!JOURNALLED.has(exhibit.fileSystem) || facts.device?.readOnly) return []
  if (exhibit.mountOptions.split(',').some((option) => NO_REPLAY.has(option))) return []
  return [
    `Mounting ${exhibit.fileSystem}, also read-only, can replay its journal and so change the image, because the device below was writable.`,
  ]
}

const NETWORK = new Set(['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'ceph', 'fuse.sshfs', 'afs', 'virtiofs'])

function presentation(exhibit: Omit<Exhibit, 'remarks'>, facts: MountFacts): string[] {
  const out: string[] = []
  if (facts.device?.backingFile) {
    const how = facts.device.readOnly ? 'write-protected' : 'writable'
    out.push(`The exhibit is a ${how} loop device over ${printText(facts.device.backingFile)}.`)
  }
  if (exhibit.viaFuse) {
    const type = facts.probedType ? `${exhibit.fileSystem}, ${facts.probedType}` : exhibit.fileSystem
    const flags = facts.cannotWrite
      ? 'it has no way to write, whatever its flags say, which'
      : `its flags say ${exhibit.writable ? 'rw' : 'ro'}, which`
    out.push(
      `The exhibit is presented by a program in user space (${type}): ${flags} neither proves nor disproves that the image stays unchanged. Such a program may return zeros for damaged parts of an image without reporting an error (libewf does).`,
    )
  }
  if (NETWORK.has(exhibit.fileSystem)) out.push(sharedText(exhibit))
  return out
}

function submounts(exhibit: Omit<Exhibit, 'remarks'>): string[] {
  if (exhibit.submounts.length === 0) return []
  const shown = exhibit.submounts
    .slice(0, 10)
    .map((sub) => `${sub.path} (${sub.fileSystem}, ${sub.writable ? 'writable' : 'read-only'})`)
  const more = exhibit.submounts.length > 10 ? ` and ${exhibit.submounts.length - 10} more` : ''
  return [
    `Other file systems are mounted below the exhibit and were examined as part of it: ${shown.join(', ')}${more}.`,
  ]
}
