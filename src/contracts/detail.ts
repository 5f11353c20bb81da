/**
 * Details of a stage result beside its reason: sizes, an error number, output of a library. Never a sentence of this
 * program.
 */
import type { CodedOf, CodeTable, ParamsOf } from './coded.ts'
import { TEXT_NOTES } from './text-note.ts'

export const DETAILS = {
  ...TEXT_NOTES,
  /** Text that a library or the kernel printed, in its own language; escaped and cut. */
  library: { text: 'text' },
  /** A sentence of ledger formats 1 and 2. */
  'as-written': { text: 'text' },
  // The walk and the readers.
  errno: { errno: 'text', offset: 'number?', names: 'number?' },
  'link-target-unreadable': { errno: 'text' },
  'directory-above': { inode: 'text' },
  'names-listed-again': { names: 'number' },
  'walk-ended-here': {},
  'walk-silent-here': {},
  silent: { seconds: 'number' },
  'longer-than-listed': { bytes: 'number' },
  'ends-early': { bytes: 'number', of: 'number' },
  'now-symlink': {},
  'now-special': {},
  'now-not-regular': {},
  'size-when-opened': { listed: 'number', opened: 'number' },
  'modified-before-read': {},
  'inode-when-opened': { listed: 'text', opened: 'text' },
  'size-after-read': { before: 'number', after: 'number' },
  'modified-during-read': {},
  'inode-changed-during-read': {},
  sparse: { bytes: 'number', allocated: 'number' },
  'over-bytes': { bytes: 'number', limit: 'number' },
  'over-bytes-inside': { bytes: 'number', limit: 'number' },
  'looks-encrypted': {},
  'over-bytes-of-format': { limit: 'number' },
  /** For `readers-disagree`: SHA-256 that the second process computed. */
  'second-reading': { sha256: 'text' },
  'reader-ended': { how: 'text' },
  // Images.
  'file-system-says': { text: 'text' },
  'volume-holds': { format: 'text' },
  'live-files-only': { format: 'text' },
  'structures-damaged': { problems: 'number' },
  'no-place': {},
  'image-damage': { cause: 'text', offset: 'number', bytes: 'number', more: 'number' },
  // Children.
  'protocol-broken': { text: 'text' },
  'answer-senseless': { text: 'text' },
  'no-answer': {},
  'no-answer-in': { ms: 'number' },
  'over-cpu-time': { ms: 'number' },
  'ended-by-signal': { signal: 'text', allowedBytes: 'number?' },
  'ended-with-code': { status: 'number', allowedBytes: 'number?' },
  // Containers.
  'over-depth': { limit: 'number' },
  'over-container-limit': { what: 'text', limit: 'number' },
  'streams-break-off': { streams: 'number' },
  'attachments-break-off': { attachments: 'number' },
  'records-unreadable': { records: 'number' },
  'bitmaps-unknown': { bitmaps: 'number' },
  'beside-not-read': { name: 'text' },
  'slots-unreadable': { slots: 'number' },
  'no-compound-header': {},
  'sector-size-unknown': { shift: 'number' },
  'streams-overlap': {},
  'directory-outside-file': {},
  'archive-ends-inside': {},
  'not-unpacked': {},
  'written-over': {},
  'members-damaged': { members: 'number' },
  'checksum-differs': {},
  'end-unknown': {},
  'size-differs': { bytes: 'number', of: 'number' },
  'directory-gone': { members: 'number' },
  'package-without-data': {},
  // Pictures and video.
  'over-pixels': { width: 'number', height: 'number', limit: 'number' },
  'no-decoder': { format: 'text' },
  'pixel-format': { codec: 'text', format: 'number' },
  'no-library': { text: 'text' },
  'no-embedded-jpeg': {},
  'embedded-preview': {},
  'ends-before-structure': {},
  'second-decoder': { said: 'text' },
  'rows-missing': { rows: 'number', of: 'number' },
  'tiles-missing': { tiles: 'number', of: 'number' },
  'errors-concealed': {},
  'bitmap-header': { bytes: 'number' },
  'bitmap-compression': { compression: 'number', bits: 'number' },
  'ends-inside-header': {},
  'icon-empty': {},
  'hevc-damaged': {},
  'no-picture-inside': {},
  'no-pixels': { width: 'number', height: 'number' },
  'no-signature': {},
  'no-video': {},
  'no-frame': {},
  'packets-damaged': { damaged: 'number', decoded: 'number' },
  'frames-not-classified': { frames: 'number' },
  'streams-not-looked-at': { streams: 'number' },
  'end-not-reached': {},
  'pictures-passed-over': { pictures: 'number' },
  'frames-unreadable': { said: 'text' },
  'over-frames': { frames: 'number?', limit: 'number' },
  'page-not-decoded': { page: 'number', of: 'number', text: 'text' },
  'pages-passed-over': { pages: 'number', of: 'number' },
  // An agency's own hasher.
  'hasher-trapped': { hasher: 'text', text: 'text' },
  'hasher-size': { hasher: 'text', bytes: 'number', of: 'number' },
  'hasher-over-time': { hasher: 'text', ms: 'number' },
  // Text.
  'no-page-readable': {},
  'no-word-header': {},
  'header-breaks-off': {},
  'text-table-outside-file': {},
  'text-table-damaged': {},
  'no-stream': { name: 'text' },
  'no-json': {},
  'all-parts-damaged': {},
  // Records of the device.
  'no-record': {},
  'records-privileged': { records: 'number' },
  'device-records-damaged': { records: 'number', offset: 'number' },
  'device-records-left': { records: 'number' },
  'device-bytes-left': { bytes: 'number' },
  'deleted-rows-left': {},
  'log-not-read': {},
  'hive-not-whole': {},
  // Matching.
  'illegal-and-known': { illegal: 'text', known: 'text' },
} as const satisfies CodeTable

export type DetailCode = keyof typeof DETAILS

export type Detail = CodedOf<typeof DETAILS>

export type DetailParams<C extends DetailCode> = ParamsOf<(typeof DETAILS)[C]>
