/**
 * Warns when a ledger would lie on a file system whose locks and syncs SQLite cannot rely on: "file locking of network
 * file systems contains bugs" (SQLite, "How To Corrupt An SQLite Database File", 2.1).
 */
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const NETWORK_TYPES = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  'ncpfs',
  'afs',
  'coda',
  '9p',
  'virtiofs',
  'ceph',
  'glusterfs',
  'lustre',
  'ocfs2',
  'gfs2',
  'beegfs',
  'fuse.sshfs',
  'fuse.rclone',
  'fuse.s3fs',
  'fuse.glusterfs',
  'fuse.davfs',
  'davfs',
  'fuse.gvfsd-fuse',
  'vboxsf',
  'fuse.vmhgfs-fuse',
  'vmhgfs',
  'prl_fs',
])

/**
 * @param ledgerPath need not exist yet; its folder must exist
 * @param mountinfo text of /proc/self/mountinfo (proc(5)); read from the system by default
 * @returns a message, or null when the file system is local or its type is unknown
 */
export function networkFileSystemWarning(ledgerPath: string, mountinfo = readMountinfo()): string | null {
  const type = fileSystemOf(realpathSync(dirname(resolve(ledgerPath))), mountinfo)
  return type !== null && NETWORK_TYPES.has(type)
    ? `${ledgerPath} lies on a network file system (${type}), where locks and syncs cannot be relied on: write the ledger to a local disk and copy it when it is sealed`
    : null
}

/**
 * Type of the file system mounted deepest above `folder`. Of two mounted at one place the later one hides the earlier.
 */
function fileSystemOf(folder: string, mountinfo: string): string | null {
  let best = { point: '', type: null as string | null }
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const point = unescapeOctal(before?.split(' ')[4] ?? '')
    const holds = point === '/' || folder === point || folder.startsWith(`${point}/`)
    if (point !== '' && holds && point.length >= best.point.length)
      best = { point, type: after?.split(' ')[0] ?? null }
  }
  return best.type
}

/** Space, tab, newline and backslash are written \040 and so on. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function readMountinfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8')
  } catch {
    // Not Linux: there is no mount list, so there is no warning.
    return ''
  }
}
