/**
 * What this program does, in the ids of SOLVE-IT (MIT licence): a technique for each stage and step, techniques and weaknesses for each
 * requirement of a validation. The one place of these ids; docs, the CASE graph and the validation record print them.
 *
 * An id says which kind of work a part is, and against which weakness a requirement is tested. It does not say that the weakness is
 * excluded. An empty list means that SOLVE-IT had no such technique or weakness at that commit.
 * @see https://github.com/SOLVE-IT-DF/solve-it; C. Hargreaves, H. van Beek, E. Casey, “SOLVE-IT”, FSI: Digital Investigation 52, 2025
 */
import type { StageName } from './stage.ts'

/** State of SOLVE-IT from which ids and names were taken; `node scripts/solve-it.js --against DIR` compares another one. */
export const SOLVE_IT = { commit: '59b37910eff2cf11f798c9c19e1b707bf87210b2', day: '2026-07-17' } as const

/** Technique ids with their names in SOLVE-IT. */
export const TECHNIQUES = {
  'DFT-1001': 'Triage devices or media',
  'DFT-1013': 'Write protect storage media using a software write blocker',
  'DFT-1014': 'Document the chain of custody',
  'DFT-1043': 'Read bitstream from forensic image container file(s)',
  'DFT-1045': 'Read contents from standard archive file(s)',
  'DFT-1046': 'Redact digital forensic tool results to protect privileged material',
  'DFT-1047': 'Filter files using a hashset to reduce files examined',
  'DFT-1048': 'Protect privacy by only partially processing data from a source',
  'DFT-1049': 'Keyword search',
  'DFT-1050': 'Locate relevant files using a hashset to identify files of interest',
  'DFT-1051': 'Locate potentially relevant files using fuzzy hash matching',
  'DFT-1052': 'Generate timeline',
  'DFT-1054': 'Review artifacts or content manually for relevant material',
  'DFT-1059': 'Identify partitions',
  'DFT-1060': 'Enumerate allocated files and folders',
  'DFT-1061': 'Recover non-allocated files',
  'DFT-1062': 'Decrypt encrypted file systems/volumes',
  'DFT-1063': 'Identify file types',
  'DFT-1069': 'Extract artifacts from a web browser',
  'DFT-1071': 'Extract data from SQLite database(s)',
  'DFT-1072': 'Extract artifacts from chat app(s)',
  'DFT-1080': 'Examine video content',
  'DFT-1081': 'Examine image/picture content',
  'DFT-1082': 'Examine document content',
  'DFT-1091': 'Tag artifacts',
  'DFT-1092': 'Generate tag-based automated report',
  'DFT-1100': 'Extract metadata from within images',
  'DFT-1120': 'Extract artifacts from app data automatically',
  'DFT-1121': 'Index a data source for keyword searching',
  'DFT-1168': 'Identify volumes',
  'DFT-1170': 'Read contents from logical forensic container file(s)',
  'DFT-1172': 'Read bitstream from raw image file(s)',
  'DFT-1174': 'Read evidential files stored directly on local file system',
  'DFT-1186': 'Compute per-file hash values',
  'DFT-1187': 'Extract content from compound files',
} as const

export type TechniqueId = keyof typeof TECHNIQUES

/** Weakness ids with their names in SOLVE-IT. */
export const WEAKNESSES = {
  'DFW-1001': 'Excluding a device that contains relevant information',
  'DFW-1002': 'Use of triage technology results in changes to the target media',
  'DFW-1003':
    'Triage tool applies a simplification that does not correctly represent the meaning of the digital data',
  'DFW-1054': 'Data not indexed for keyword searching due to text encoding',
  'DFW-1056': 'Data not indexed for keyword searching due to case sensitivity problem',
  'DFW-1066': 'Missing deleted but recoverable partitions from unpartitioned space',
  'DFW-1068': 'Failing to identify the existence of an allocated file',
  'DFW-1069': 'Failing to identify the existence of an allocated directory',
  'DFW-1070': 'Failing to recover the complete contents of an allocated file',
  'DFW-1072': 'Recovering incorrect contents of an allocated file',
  'DFW-1074': 'Attributing a file to the wrong directory',
  'DFW-1075': 'Presenting a file that does not exist',
  'DFW-1079': 'Recovering incorrect metadata about a file',
  'DFW-1121':
    'Image format parsing fails to to present all blocks from within a forensic container image in their ‘flat’ (dd) representation',
  'DFW-1122': 'Image format parsing presents incorrect data within sectors of the image',
  'DFW-1129': 'File type is incorrectly identified',
  'DFW-1130':
    'Missing assignment of a file type: reporting a file as unknown when it has a known type within the digital forensic science body of knowledge',
  'DFW-1132':
    'Incorrectly computing the hash of one or more files within a disk image due to incorrect hash algorithm implementation',
  'DFW-1133':
    'Tool fails to express uncertainty in the classification of file recovery results, e.g., where content may be partly overwritten.',
  'DFW-1152': 'Generated report does not include all bookmarks',
  'DFW-1153':
    'Report generated from bookmarks does not render all content (e.g. previews, string extracts) correctly',
  'DFW-1154':
    'Report generated from bookmarks stored in manner that does not prevent tampering or corruption',
  'DFW-1155': 'Bookmark added by examiner is not recorded',
  'DFW-1156': 'Bookmark added by examiner is is recorded with incorrect tag/label/category',
  'DFW-1185': 'Failure to enumerate all files in a standard archive format',
  'DFW-1189': 'Artifact extraction is incomplete due to app version changes.',
  'DFW-1197': 'Data not indexed for keyword searching due to compression',
  'DFW-1198': 'Data not indexed for keyword searching due to file or content encoding',
  'DFW-1258':
    'Failure to present uncertainty associated with automated interpretation of data into artifacts',
  'DFW-1259': 'Image format parsing fails to identify or assemble split forensic images',
  'DFW-1300': 'Missing deleted but recoverable volumes from unpartitioned space',
} as const

export type WeaknessId = keyof typeof WEAKNESSES

export const STAGE_TECHNIQUES: { readonly [S in StageName]: readonly TechniqueId[] } = {
  read: ['DFT-1186', 'DFT-1063'],
  matched: ['DFT-1050', 'DFT-1047'],
  opened: ['DFT-1045', 'DFT-1187', 'DFT-1170'],
  'records-read': ['DFT-1120', 'DFT-1071', 'DFT-1072', 'DFT-1069'],
  'looked-at': ['DFT-1051', 'DFT-1081', 'DFT-1080', 'DFT-1100'],
  'text-read': ['DFT-1049', 'DFT-1082'],
}

/** Techniques of steps outside the stages, by the kind of exhibit, of finding or of output. */
export const STEP_TECHNIQUES = {
  image: ['DFT-1043', 'DFT-1172', 'DFT-1059', 'DFT-1168', 'DFT-1060', 'DFT-1061'],
  mount: ['DFT-1174', 'DFT-1060'],
  keys: ['DFT-1062'],
  hit: ['DFT-1050'],
  near: ['DFT-1051'],
  conflict: ['DFT-1050'],
  reference: ['DFT-1120'],
  decided: ['DFT-1054', 'DFT-1091'],
  report: ['DFT-1092'],
  custody: ['DFT-1014'],
  timeline: ['DFT-1052'],
  search: ['DFT-1121', 'DFT-1049'],
  privilege: ['DFT-1046'],
} as const satisfies Readonly<Record<string, readonly TechniqueId[]>>

export interface RequirementIds {
  readonly techniques: readonly TechniqueId[]
  readonly weaknesses: readonly WeaknessId[]
}

/** By the id of the requirement (src/validate/model/requirements.ts). */
export const REQUIREMENT_IDS: Readonly<Record<string, RequirementIds>> = {
  digests: { techniques: ['DFT-1186', 'DFT-1050'], weaknesses: ['DFW-1132'] },
  'plants-found': { techniques: ['DFT-1050', 'DFT-1045', 'DFT-1001'], weaknesses: ['DFW-1001', 'DFW-1185'] },
  'no-other-hit': { techniques: ['DFT-1050'], weaknesses: ['DFW-1132'] },
  'list-formats': { techniques: ['DFT-1050', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'container-kinds': { techniques: ['DFT-1045', 'DFT-1187'], weaknesses: ['DFW-1185'] },
  answers: {
    techniques: ['DFT-1060', 'DFT-1063'],
    weaknesses: ['DFW-1068', 'DFW-1079', 'DFW-1129', 'DFW-1130'],
  },
  'coverage-adds-up': { techniques: ['DFT-1060'], weaknesses: ['DFW-1068', 'DFW-1069'] },
  'every-place': { techniques: ['DFT-1060'], weaknesses: ['DFW-1068', 'DFW-1074'] },
  'incomplete-is-said': { techniques: ['DFT-1001'], weaknesses: ['DFW-1001', 'DFW-1003'] },
  'unread-is-not-done': { techniques: ['DFT-1063', 'DFT-1045'], weaknesses: ['DFW-1185', 'DFW-1130'] },
  'damage-said': { techniques: ['DFT-1045'], weaknesses: ['DFW-1185'] },
  'one-costs-none': { techniques: ['DFT-1045', 'DFT-1060'], weaknesses: ['DFW-1068', 'DFW-1185'] },
  'exit-codes': { techniques: ['DFT-1001'], weaknesses: ['DFW-1001'] },
  workers: { techniques: ['DFT-1186'], weaknesses: [] },
  resume: { techniques: ['DFT-1060'], weaknesses: ['DFW-1068'] },
  'exhibit-untouched': { techniques: ['DFT-1001', 'DFT-1013'], weaknesses: ['DFW-1002'] },
  'no-network': { techniques: [], weaknesses: [] },
  'deleted-found': { techniques: ['DFT-1061'], weaknesses: ['DFW-1133'] },
  'bytes-accounted': { techniques: ['DFT-1059', 'DFT-1168'], weaknesses: ['DFW-1066', 'DFW-1300'] },
  'keys-open': { techniques: ['DFT-1062'], weaknesses: [] },
  'files-open': { techniques: ['DFT-1045'], weaknesses: ['DFW-1185'] },
  'secrets-nowhere': { techniques: ['DFT-1062'], weaknesses: [] },
  'filesystems-read': {
    techniques: ['DFT-1060'],
    weaknesses: ['DFW-1068', 'DFW-1069', 'DFW-1070', 'DFW-1072', 'DFW-1074', 'DFW-1075'],
  },
  'image-formats': { techniques: ['DFT-1043', 'DFT-1172'], weaknesses: ['DFW-1121', 'DFW-1122'] },
  'cut-is-said': { techniques: ['DFT-1043'], weaknesses: ['DFW-1121', 'DFW-1259'] },
  'near-found': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'near-false': { techniques: ['DFT-1051'], weaknesses: [] },
  'videos-found': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'videos-false': { techniques: ['DFT-1051'], weaknesses: [] },
  'video-lists': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'near-is-no-hit': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1003'] },
  'near-index': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'hasher-index': { techniques: ['DFT-1051', 'DFT-1001'], weaknesses: ['DFW-1001'] },
  'hasher-alone': { techniques: ['DFT-1051'], weaknesses: [] },
  'scores-repeat': { techniques: ['DFT-1081'], weaknesses: [] },
  'thresholds-of-plan': { techniques: ['DFT-1081'], weaknesses: [] },
  'benign-no-lead': { techniques: ['DFT-1081'], weaknesses: [] },
  'text-found': {
    techniques: ['DFT-1049', 'DFT-1121'],
    weaknesses: ['DFW-1054', 'DFW-1056', 'DFW-1197', 'DFW-1198'],
  },
  'no-basis-no-text': { techniques: ['DFT-1048'], weaknesses: [] },
  'privileged-closed': { techniques: ['DFT-1046'], weaknesses: [] },
  'references-found': { techniques: ['DFT-1120'], weaknesses: ['DFW-1189', 'DFW-1258'] },
  'reference-is-no-hit': { techniques: ['DFT-1120'], weaknesses: ['DFW-1258'] },
  'tampering-named': { techniques: ['DFT-1014', 'DFT-1092'], weaknesses: ['DFW-1154'] },
  'no-report-of-damage': { techniques: ['DFT-1092'], weaknesses: ['DFW-1154'] },
  'sealed-untouched': { techniques: ['DFT-1014', 'DFT-1092'], weaknesses: ['DFW-1154'] },
  'no-original-pixels': { techniques: ['DFT-1092'], weaknesses: [] },
  'exports-agree': { techniques: ['DFT-1092'], weaknesses: ['DFW-1152', 'DFW-1153'] },
  rematch: { techniques: ['DFT-1050'], weaknesses: [] },
  'decisions-kept': { techniques: ['DFT-1091'], weaknesses: ['DFW-1155', 'DFW-1156'] },
  'reveals-logged': { techniques: ['DFT-1014'], weaknesses: [] },
}
