/**
 * Which kind a test file is of, from its name and from what it starts: `npm run test:unit` and its siblings run one kind.
 *
 *   browser   drives Chromium or Firefox            name: *.browser.test.ts
 *   contract  one suite over every member of a kind name: *.contract.test.ts
 *   e2e       runs the program as an examiner does  folder, or starts bin/seized.js
 *   peers     asks a program of another project     starts a tool of a Debian package
 *   unit      the rest: no process of ours, no tool; all of them in less than a minute
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const KINDS = ['unit', 'contract', 'e2e', 'peers', 'browser']

const root = fileURLToPath(new URL('../test', import.meta.url))
const FOLDERS_E2E = /^(?:e2e|lab|lying|validate|release)\//
/** Starts a process, a pool of ours, or a model: what takes seconds. */
const STARTS =
  /e2e\/seized|\bBIN\b|fork\(|look-pool|Pool\(|startConfined|spawnSync\(process\.execPath|LedgerWriter|createLedger|onnx|large-|made-disks/
const TOOLS =
  /(?:execFileSync|spawnSync|execFile|spawn|run|tool|has|installed)\(\s*'(?:fls|icat|mke2fs|mkfs[.\w]*|mkntfs|ntfs\w*|debugfs|7z\w*|zip|tar|cpio|rpm\w*|dpkg\w*|ewf\w*|qemu-img|openssl|sqlite3|ffmpeg|convert|pdf\w+|qpdf|hashdeep|md5deep|xorriso|mksquashfs|unsquashfs|wim\w+|zstd|gcc|cc|esedb\w*|sgdisk|sfdisk|fdisk|blkid|antiword|catdoc|strace|tmux|zsh|fish|man|setfattr|getfattr|mount|umount|git)'/

/** Every test file below test/, with its kind. */
export function testFiles() {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => ({ file: `test/${file}`, kind: kindOf(file, readFileSync(join(root, file), 'utf8')) }))
}

function kindOf(file, text) {
  if (file.endsWith('.browser.test.ts')) return 'browser'
  if (file.endsWith('.contract.test.ts')) return 'contract'
  if (FOLDERS_E2E.test(file)) return 'e2e'
  if (TOOLS.test(text)) return 'peers'
  return STARTS.test(text) ? 'e2e' : 'unit'
}
