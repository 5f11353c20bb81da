/**
 * The requirements of a validation plan, each with the consequence of its failure. A laboratory removes some, adds
 * words or makes an acceptance stricter; the record lists these changes.
 *
 * Zero failures are allowed where one wrong answer may decide a case: digests, coverage, custody. Shares are accepted
 * by the bound of an interval, never by the share alone (reference values are in docs/evidence/validation.md).
 */

export type Acceptance =
  | { readonly kind: 'none-fails' /** Fewer checks prove too little. */; readonly least: number }
  | { readonly kind: 'share-at-least'; readonly share: number; readonly least: number }

export interface Requirement {
  readonly id: string
  readonly requirement: string
  readonly risk: string
  /** The document with the promise. */
  readonly promise: string
  readonly accept: Acceptance
}

const none = (least: number): Acceptance => ({ kind: 'none-fails', least })

export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'digests',
    requirement: 'Digests are those of the bytes.',
    risk: 'Known contents are missed, or another content is taken for known.',
    promise: 'README: hashes every file',
    accept: none(900),
  },
  {
    id: 'plants-found',
    requirement:
      'A listed content is a hit wherever it lies: in folders, archives, mail, and archives inside them.',
    risk: 'A victim or a perpetrator is not identified.',
    promise: 'README: which of it is known',
    accept: none(220),
  },
  {
    id: 'no-other-hit',
    requirement: 'A content that no list holds is no hit.',
    risk: 'A person is accused of what he does not have.',
    promise: 'src/README: a hit is a fact',
    accept: none(80),
  },
  {
    id: 'list-formats',
    requirement: 'A list says the same in every format that it may come in.',
    risk: 'A list is read in part, without a word.',
    promise: 'hashsets/README: formats',
    accept: none(17),
  },
  {
    id: 'container-kinds',
    requirement: 'Every member of a container is reached, in every kind of container that is opened.',
    risk: 'What lies in an archive of one kind is never seen.',
    promise: 'docs/reference/formats.md: containers',
    accept: none(11),
  },
  {
    id: 'answers',
    requirement: 'Names, types, links, categories and looks are as the recipe of a made exhibit says.',
    risk: 'An entry is lost for its name, or a category is misread.',
    promise: 'README: promise 2',
    accept: none(100),
  },
  {
    id: 'coverage-adds-up',
    requirement: 'Every entry has one result in every stage, and each stage adds up.',
    risk: 'A file is lost without a word.',
    promise: 'README: promise 2',
    accept: none(600),
  },
  {
    id: 'every-place',
    requirement: 'A content has every place that it lies in.',
    risk: 'That it was kept twice, or by two persons, stays unknown.',
    promise: 'README: what is on the exhibit',
    accept: none(14),
  },
  {
    id: 'incomplete-is-said',
    requirement: 'What was not read is said, and nothing with it is called complete.',
    risk: 'An exhibit is returned as clean that was not examined.',
    promise: 'README: promise 4',
    accept: none(1),
  },
  {
    id: 'unread-is-not-done',
    requirement: 'A format that cannot be read is not-done with a reason, never not-applicable.',
    risk: 'A locked or unknown container is taken for an empty one.',
    promise: 'README: promise 4',
    accept: none(8),
  },
  {
    id: 'damage-said',
    requirement:
      'A damaged container or picture is marked, and no member is read without a word whose bytes are others.',
    risk: 'Wrong bytes are hashed, or a member is missing, without a word.',
    promise: 'README: promise 4',
    accept: none(8),
  },
  {
    id: 'one-costs-none',
    requirement: 'A damaged file costs no other file.',
    risk: 'Evidence beside a trap is lost.',
    promise: 'README: promise 4',
    accept: none(17),
  },
  {
    id: 'exit-codes',
    requirement: 'Exit codes say what was asked and found.',
    risk: 'A batch run files a failed scan as clean.',
    promise: 'README: exit codes',
    accept: none(7),
  },
  {
    id: 'workers',
    requirement: 'The number of workers changes no digest.',
    risk: 'Two labs cannot compare their ledgers.',
    promise: 'README: promise 3',
    accept: none(4),
  },
  {
    id: 'resume',
    requirement: 'A run that was killed at any moment and gone on with is the undisturbed run.',
    risk: 'A power cut loses files or counts them twice.',
    promise: 'README: promise 3',
    accept: none(8),
  },
  {
    id: 'exhibit-untouched',
    requirement: 'The exhibit is not written to.',
    risk: 'The evidence is changed by its examination.',
    promise: 'README: promise 1',
    accept: none(2),
  },
  {
    id: 'no-network',
    requirement: 'A scan makes no network socket.',
    risk: 'Something of a case leaves the lab.',
    promise: 'README: promise 1',
    accept: none(1),
  },
  {
    id: 'deleted-found',
    requirement: 'Deleted files of an image whose content is still there are hashed and matched like any.',
    risk: 'What was deleted before the seizure is missed.',
    promise: 'README: live and deleted',
    accept: none(30),
  },
  {
    id: 'bytes-accounted',
    requirement: 'Every byte of an image has a class, and the classes add up to its size.',
    risk: 'A part of the disk was never looked at and nobody knows.',
    promise: 'docs/evidence/images.md',
    accept: none(2),
  },
  {
    id: 'keys-open',
    requirement:
      'A locked volume is examined like any with its key, named without one, and refused with a wrong one.',
    risk: 'A locked volume is taken for examined, or a key in the file of the case opens nothing.',
    promise: 'docs/guide/locked.md',
    accept: none(20),
  },
  {
    id: 'files-open',
    requirement:
      'A locked backup, store or archive opens with its secret to the bytes that were written; without it, it is not done.',
    risk: 'A backup whose password is in the file of the case is not examined, or wrong bytes are taken for its content.',
    promise: 'docs/guide/locked-files.md',
    accept: none(40),
  },
  {
    id: 'secrets-nowhere',
    requirement: 'No secret that opened a volume or a file stands in anything that a run writes or prints.',
    risk: 'A key of a person lies in a file that is handed on.',
    promise: 'docs/guide/locked.md',
    accept: none(15),
  },
  {
    id: 'filesystems-read',
    requirement: 'Files of NTFS, ext4 and exFAT are named, hashed and matched, as another reader lists them.',
    risk: 'A file that the device shows is not examined.',
    promise: 'docs/evidence/images.md',
    accept: none(12),
  },
  {
    id: 'image-formats',
    requirement: 'A disk says the same in every format of images.',
    risk: 'What an examiner sees depends on who acquired.',
    promise: 'docs/evidence/images.md',
    accept: none(3),
  },
  {
    id: 'cut-is-said',
    requirement: 'A cut image is never complete.',
    risk: 'Half a disk passes for the whole.',
    promise: 'docs/evidence/images.md',
    accept: none(2),
  },
  {
    id: 'near-found',
    requirement: 'Copies of a listed picture that were made smaller or encoded again are near matches.',
    risk: 'A known picture is missed because a messenger encoded it again.',
    promise: 'docs/reference/near-matches.md',
    accept: { kind: 'share-at-least', share: 0.75, least: 24 },
  },
  {
    id: 'near-false',
    requirement: 'Unlike pictures are no near matches.',
    risk: 'Examiners look at what nobody needs to see.',
    promise: 'docs/reference/near-matches.md',
    accept: { kind: 'share-at-least', share: 0.7, least: 12 },
  },
  {
    id: 'videos-found',
    requirement:
      'Copies of a listed video that comparing each frame with each finds are near matches: encoded again, cut, with a logo, joined with another.',
    risk: 'A known video is missed because a messenger encoded it again, or because half a second of it is gone.',
    promise: 'docs/reference/near-matches.md',
    accept: none(50),
  },
  {
    id: 'videos-false',
    requirement: 'Unlike videos are no near matches.',
    risk: 'Examiners look at what nobody needs to see.',
    promise: 'docs/reference/near-matches.md',
    accept: none(4),
  },
  {
    id: 'video-lists',
    requirement: 'Lists of many videos are read in each of their forms, and a match names the video.',
    risk: 'A list of videos is read as one video that no exhibit holds.',
    promise: 'docs/reference/near-matches.md',
    accept: none(30),
  },
  {
    id: 'near-is-no-hit',
    requirement: 'A near match is never a hit.',
    risk: 'An opinion is presented as a fact.',
    promise: 'src/README: words',
    accept: none(37),
  },
  {
    id: 'near-index',
    requirement: 'The index of near matches finds what comparing with each finds.',
    risk: 'Near matches are lost in large lists.',
    promise: 'docs/reference/near-matches.md',
    accept: none(8000),
  },
  {
    id: 'hasher-index',
    requirement: "The index of an agency's hashes finds what comparing with each finds, under every metric.",
    risk: 'A picture that is on a list by the hash of the agency is missed.',
    promise: 'docs/reference/near-matches.md',
    accept: none(900),
  },
  {
    id: 'hasher-alone',
    requirement: "An agency's hasher that fails costs the content alone.",
    risk: 'A faulty hasher stops the run, or changes what is found in other pictures.',
    promise: 'docs/reference/near-matches.md',
    accept: none(24),
  },
  {
    id: 'scores-repeat',
    requirement: 'Models give the scores that they gave when they were measured.',
    risk: 'Published error rates are of another model.',
    promise: 'docs/evidence/models.md',
    accept: none(40),
  },
  {
    id: 'thresholds-of-plan',
    requirement: 'A lead is what reaches the threshold that the plan records, by the model that it names.',
    risk: 'A report states another threshold than was used.',
    promise: 'src/README: a lead',
    accept: none(100),
  },
  {
    id: 'benign-no-lead',
    requirement: 'Drawings of shapes give no leads.',
    risk: 'Examiners look at what nobody needs to see.',
    promise: 'docs/evidence/models.md',
    accept: { kind: 'share-at-least', share: 0.75, least: 16 },
  },
  {
    id: 'text-found',
    requirement: 'A sentence is found in every text format that is named.',
    risk: 'A word that a court asked for is not found.',
    promise: 'docs/reference/text.md',
    accept: none(10),
  },
  {
    id: 'no-basis-no-text',
    requirement: 'Without a stated legal basis no text is read or kept.',
    risk: 'An unlawful search.',
    promise: 'README: only with a stated legal basis',
    accept: none(19),
  },
  {
    id: 'privileged-closed',
    requirement: 'What is privileged stays closed.',
    risk: 'Privilege is broken, and the case with it.',
    promise: 'docs/reference/text.md',
    accept: none(4),
  },
  {
    id: 'references-found',
    requirement: 'Records of sharing programs that name a listed digest are references.',
    risk: 'That something was shared stays unknown.',
    promise: 'docs/reference/device.md',
    accept: none(22),
  },
  {
    id: 'reference-is-no-hit',
    requirement: 'A reference to a content that is not there is no hit.',
    risk: 'A content is reported that nobody can show.',
    promise: 'src/README: words',
    accept: none(2),
  },
  {
    id: 'tampering-named',
    requirement: 'A change of a sealed ledger or its custody log is found.',
    risk: 'A changed record stands before a court.',
    promise: 'FORMAT.md: threat model',
    accept: none(18),
  },
  {
    id: 'no-report-of-damage',
    requirement: 'Nothing is printed from a changed ledger.',
    risk: 'A report of a changed record stands before a court.',
    promise: 'FORMAT.md: threat model',
    accept: none(18),
  },
  {
    id: 'sealed-untouched',
    requirement: 'Reading a sealed ledger does not change it.',
    risk: 'Its digest on paper no longer agrees.',
    promise: 'FORMAT.md',
    accept: none(11),
  },
  {
    id: 'no-original-pixels',
    requirement: 'No output holds bytes of an original picture.',
    risk: 'The report is itself contraband.',
    promise: 'README: promise 5',
    accept: none(100),
  },
  {
    id: 'exports-agree',
    requirement: 'Every export says the same.',
    risk: 'Another tool works on less than was found.',
    promise: 'docs/reference/exchange.md',
    accept: none(900),
  },
  {
    id: 'rematch',
    requirement: 'Comparing stored digests with a new list gives what a new scan would.',
    risk: 'A list that comes later is compared in vain.',
    promise: 'README: rematch',
    accept: none(200),
  },
  {
    id: 'decisions-kept',
    requirement: 'Every decision of every person is kept; a bad list decides nothing.',
    risk: 'A grading is lost or credited to another person.',
    promise: 'docs/guide/review.md',
    accept: none(12),
  },
  {
    id: 'reveals-logged',
    requirement: 'A reveal is in the custody log before its pixels leave, and needs a reason.',
    risk: 'Somebody looks and nobody knows.',
    promise: 'README: promise 5',
    accept: none(8),
  },
]

/** Properties that no scenario of this kit tests; every record lists them. */
export const NOT_TESTED: readonly string[] = [
  'Whether any model recognises abuse: no such material takes part. `seized validate own` measures on what the lab labelled itself.',
  'File systems other than FAT, NTFS, ext4 and exFAT, and those of them that the deviations name: `docs/evidence/images.md` has what else was compared with other readers when the program was built.',
  'Containers and images in formats that nothing free writes (RAR, CAB, MSG, AFF4, Ex01 …): `docs/reference/formats.md` and `docs/evidence/images.md` have what was read of them.',
  'Physical media, write blockers and the acquisition of images.',
  'Other operating systems, processors and versions than those of part 3.',
]

export const REPEAT_WHEN: readonly string[] = [
  'another version of the program, or another digest of its parts',
  'another model, or another threshold',
  'a list in a format that was not tested',
  'another operating system or processor',
  'a year after this run at the latest',
]
