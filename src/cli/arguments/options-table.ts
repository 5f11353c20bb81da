/**
 * Every option of every verb: one row each, and the verbs that accept it. Help, manual and completions take their
 * words from here.
 */

import { ROLES } from '../../case/roles.ts'
import { parseHost, parseListen } from '../../case/serve/listen-at.ts'
import { BACKBONE_IDS } from '../../classify/backbone-ids.ts'
import { ACCELERATOR_NAMES } from '../../contracts/accelerator.ts'
import { PASSES } from '../../contracts/custody.ts'
import { LANGUAGES } from '../../contracts/languages.ts'
import { CONFIG_FILE } from '../../lab/manifest/config-file.ts'
import { parseLogin } from '../../lab/queue/login.ts'
import { EXHIBIT_STATES } from '../../lab/schema/tables.ts'
import { parsePositive } from '../../learn/positive.ts'
import { EXPORT_FORMATS } from '../../match/formats/export-formats.ts'
import { EXPORTERS } from '../../report/index.ts'
import { readLab } from '../../report/model/lab.ts'
import { readLinks } from '../../report/model/links-file.ts'
import { readReviewWords } from '../../report/model/review-words.ts'
import { readOwnKeys } from '../../review/keymap.ts'
import { readPolicy } from '../../review/policy.ts'
import { parseSample } from '../../review/sample.ts'
import type { ScanOptionKey } from '../../scan-options.ts'
import { PDF_STANDARDS } from '../../wire/typeset.ts'
import { type AnyOption, flag, many, required, value, withDefault } from './option.ts'
import * as parse from './options.ts'

const EXPORT_FORMAT_IDS = EXPORTERS.map(({ id }) => id)

const OPERATOR = value(
  '--operator <name>',
  'name of the person who acts; recorded in the custody log beside the system account',
)
const HEADS = value(
  '--heads <file>',
  'journal of the heads that were seen, one JSON line each (default: heads.jsonl in the user’s state folder)',
)
const DESPITE_DAMAGE = flag(
  '--despite-damage',
  'continue although the ledger does not verify; every output states it',
)
const KEYS_HELP =
  'keys that open locked volumes, as JSON or one a line (docs/guide/locked.md); also /dev/fd/3. Never given as an argument'
const KEYS = value('--keys <file>', KEYS_HELP)
const JSON_OUT = flag('--json', 'one JSON object a line')
const WORKERS = withDefault(
  value(
    '--workers <n>',
    'readers and decoders at work at once (default: as cores and memory allow)',
    parse.parseWorkers,
  ),
  () => parse.parseWorkers(undefined),
)
const ALLOW_UNCONFINED = flag(
  '--allow-unconfined',
  'continue where decoding processes cannot be confined; recorded in ledger and report',
)
const PROGRESS = withDefault(
  value(
    '--progress <kind>',
    `${parse.PROGRESS_KINDS.join('|')} (default: tui on a terminal, else lines)`,
    (text) => parse.parseProgress(text, process.stdout.isTTY === true),
    parse.PROGRESS_KINDS,
  ),
  () => parse.parseProgress(undefined, process.stdout.isTTY === true),
)
const VERBOSE = flag('--verbose', 'also print facts that are otherwise recorded in ledger and report only')
const HASHSET_HELP =
  'hash set, repeatable: illegal:FILE, interest:FILE or known:FILE for a list without categories; a scale such as vics-us:FILE for a list with them'
const SCALE_TABLE = many(
  '--scale-table <file>',
  'mapping table (JSON) of a scale that is not built in, repeatable',
)

/** A passphrase is never part of a command line. */
const PASSPHRASE = {
  passphraseFile: value(
    '--passphrase-file <file>',
    'file whose first line is the passphrase of what is sealed',
  ),
  passphraseFd: value(
    '--passphrase-fd <n>',
    'open descriptor to read the passphrase from, e.g. 3 with 3<secret (else typed)',
  ),
} as const

const LOOK_SHARDS = value(
  '--look-shards <folder>',
  'folder through which other hosts analyse pictures and videos of the image (lab run-one --shard)',
)

const LOOK_SHARDS_CHECKED = withDefault(
  value(
    '--look-shards-checked <percent>',
    'share of what other hosts answer that this host analyses again, drawn after each answer (default: 5)',
    parse.wholeNumber('--look-shards-checked', 100),
  ),
  () => 5,
)

const ACCELERATOR = value(
  '--accelerator <name>',
  'run models and video decoders on cuda|openvino|directml; part of the plan, refused where this host has none',
  parse.oneOf('--accelerator', ACCELERATOR_NAMES),
  ACCELERATOR_NAMES,
)

/** Each row has its place in the plan and in a laboratory in scan-options.ts. */
export const SCAN = {
  case: required(value('--case <id>', 'case number, as the file has it')),
  exhibit: required(value('--exhibit <id>', 'exhibit number')),
  examiner: required(
    value(
      '--examiner <name>',
      'name of the examiner; recorded in ledger and report beside the system account',
    ),
  ),
  ledger: required(value('--ledger <file>', 'ledger to create; must not exist, must not lie on the exhibit')),
  image: value('--image <file>', 'image the exhibit was mounted from; recorded with its format'),
  acquisitionHash: value(
    '--acquisition-hash <alg:hex>',
    'digest taken at acquisition; compared by --verify-image, and with what the image itself states',
    parse.parseAcquisitionHash,
  ),
  partitionOffset: value(
    '--partition-offset <bytes>',
    'where the examined partition starts in the image; recorded',
  ),
  verifyImage: flag(
    '--verify-image',
    'read every byte of the image and compare with its stored hashes and --acquisition-hash',
  ),
  despiteImage: flag(
    '--despite-image',
    'examine an image whose hash differs from the stated one; every report states it',
  ),
  hashset: many('--hashset <declared:file>', HASHSET_HELP),
  scaleTable: SCALE_TABLE,
  workers: WORKERS,
  lookShards: LOOK_SHARDS,
  lookShardsChecked: LOOK_SHARDS_CHECKED,
  accelerator: ACCELERATOR,
  allowUnconfined: ALLOW_UNCONFINED,
  phases: {
    ...withDefault(
      value(
        '--phases <list>',
        'phases to run: inventory,known,unknown (default: all); only unknown finds thumbnails inside pictures',
        parse.parsePhases,
      ),
      () => parse.parsePhases(undefined),
    ),
    formerly: '--stages <list>',
  },
  scope: many('--scope <key=value>', parse.SCOPE_HELP),
  progress: PROGRESS,
  verbose: VERBOSE,
  allowWritableMount: flag(
    '--allow-writable-mount',
    'examine although the mount is writable; recorded in ledger and report',
  ),
  timezone: withDefault(
    value(
      '--timezone <zone>',
      'IANA zone for display, e.g. Europe/Vilnius (default: UTC); changes no stored time',
      parse.parseTimezone,
    ),
    () => parse.parseTimezone(undefined),
  ),
  orientations: flag(
    '--orientations',
    'near matches also of mirrored and rotated copies: eight times the false matches',
  ),
  text: flag(
    '--text',
    'read the text of documents, mail and chats, and keep it for searching; needs --basis',
  ),
  basis: value(
    '--basis <text>',
    'legal basis for reading text or opening with keys, e.g. "warrant 12/2026"; recorded in ledger and report',
  ),
  textLanguages: many(
    '--text-languages <codes>',
    'further languages of words in pictures, e.g. deu,kat; `model add` installs their data; needs --text',
  ),
  keys: value('--keys <file>', `${KEYS_HELP}; needs --basis`),
  continueLocked: value(
    '--continue-locked <ledger>',
    'examine only the volumes and files that this sealed ledger left locked, with --keys; chained to its head',
  ),
  privileged: value(
    '--privileged <file>',
    'items that must not be read: address:, domain:, md5:, sha1:, sha256: or path:, one a line; counted, never opened, quoted or exported',
  ),
  c2paTrust: value(
    '--c2pa-trust <file>',
    'the agency’s trust list for content credentials (C2PA): certificates in PEM; says of each signer whether it stands in it',
  ),
  terms: value(
    '--terms <store>',
    'the agency’s sealed terms, searched for in every name and folder and in text; shown by id; needs --text and --basis',
  ),
  pathModel: value(
    '--path-model <file>',
    'the sealed path model that `terms train` wrote: gives every path a score; needs --text and --basis',
  ),
  model: many(
    '--model <id>',
    'a model that `model train` made and `model add` installed: scores pictures beside the models of the program; needs its passphrase',
  ),
  ...PASSPHRASE,
  exact: flag(
    '--exact',
    'run every full model on all pictures that it is meant for, not only where its 8-bit form comes near a threshold',
  ),
  gps: flag('--gps', 'also record where pictures and videos say they were taken'),
  ed2k: flag('--ed2k', 'also make eDonkey digests, for lists that carry them'),
  private: flag(
    '--no-private',
    'leave out records of the device (histories, downloads, searched words) that are no finding, also with --text',
  ),
  open: flag('--no-open', 'do not open containers; they are counted as not done'),
  remains: value(
    '--remains <what>',
    'free space of an image and what lies behind files: none (default); known: searched for beginnings of listed contents (lists made by hashset from-folder); carve: also for files by their structure at every cluster',
    parse.oneOf('--remains', ['none', 'known', 'carve']),
    ['none', 'known', 'carve'],
  ),
  sample: value(
    '--sample <blocks>',
    'examine this many blocks, drawn at random from the free space of each volume of an image; the report states what follows',
    parse.wholeNumber('--sample', 10_000_000),
  ),
  sampleSeed: value('--sample-seed <text>', 'seed of the draw, to repeat one (default: a random one)'),
  quick: value(
    '--quick <minutes>',
    'first result on scene: inventory and a sample of free space, then the likeliest contents for this many minutes; the rest is recorded as not examined',
    parse.minutes('--quick'),
  ),
  previewIllegal: flag(
    '--preview-illegal',
    'also store the destructive preview of exact hits on illegal lists',
  ),
  previews: value(
    '--previews <blurred>',
    'keep blurred previews in a file beside the ledger, for a review without the exhibit; it reads pictures and videos twice',
    parse.oneOf('--previews', ['blurred']),
    ['blurred'],
  ),
  similarBasis: value(
    '--similar-basis <text>',
    'legal basis on which the review can order pictures by how similar they look to hits; it reads pictures twice, and keeps no features',
  ),
  heads: HEADS,
} as const satisfies Readonly<Record<ScanOptionKey, AnyOption>>

export const IMAGE = {
  verify: flag('--verify', 'read every byte and compare with the hashes that the image stores'),
  keys: KEYS,
  json: flag('--json', 'one JSON object'),
  allowUnconfined: ALLOW_UNCONFINED,
} as const

export const KEYS_CHECK = {
  image: required(value('--image <image>', 'first segment of the image whose locks are tried')),
  json: flag('--json', 'one JSON object'),
  allowUnconfined: ALLOW_UNCONFINED,
} as const

export const RESUME = {
  keys: KEYS,
  mount: value(
    '--mount <path>',
    'where the exhibit is mounted now, or its image lies (default: where it was)',
  ),
  hashset: many(
    '--hashset <declared:file>',
    'the lists again, when they moved (default: the paths of the first run)',
  ),
  scaleTable: many('--scale-table <file>', 'the mapping tables again, when they moved'),
  terms: value(
    '--terms <store>',
    'the sealed terms again, when they moved (default: the path of the first run)',
  ),
  pathModel: value('--path-model <file>', 'the sealed path model again, when it moved'),
  ...PASSPHRASE,
  workers: WORKERS,
  lookShards: LOOK_SHARDS,
  lookShardsChecked: LOOK_SHARDS_CHECKED,
  accelerator: ACCELERATOR,
  allowUnconfined: ALLOW_UNCONFINED,
  progress: PROGRESS,
  verbose: VERBOSE,
  allowWritableMount: flag(
    '--allow-writable-mount',
    'continue although the mount is writable; recorded in ledger and report',
  ),
  ifSealed: value(
    '--if-sealed <what>',
    'ok: a ledger that is sealed already is no error; its summary is printed with its exit code',
    parse.oneOf('--if-sealed', ['ok', 'refuse']),
    ['ok', 'refuse'],
  ),
  heads: HEADS,
} as const

export const VERIFY = {
  keys: KEYS,
  against: value(
    '--against <path>',
    'read the exhibit, a mount or an image, again and name the files that no longer match',
  ),
  head: value('--head <hex>', 'a head kept elsewhere (on paper): it must occur in the chain'),
  statement: value(
    '--statement <file>',
    'a seal statement kept elsewhere: it must agree with ledger and log',
  ),
  pdf: many(
    '--pdf <file>',
    'a report that was signed inside itself: it must hold and be of this ledger, repeatable',
  ),
  trust: many(
    '--trust <file>',
    'certificate of an authority, or public key, that signatures and time stamps are held to (PEM), repeatable',
  ),
  allowUnconfined: ALLOW_UNCONFINED,
  note: flag(
    '--note',
    'record the verification in the custody log and keep its head; without this option nothing is written',
  ),
  operator: OPERATOR,
  heads: HEADS,
} as const

export const SUMMARY = {
  json: flag('--json', 'print the closing object of the run on one line'),
  heads: HEADS,
} as const

export const REPORT = {
  format: required(
    value(
      '--format <format>',
      EXPORT_FORMAT_IDS.join('|'),
      parse.oneOf('--format', EXPORT_FORMAT_IDS),
      EXPORT_FORMAT_IDS,
    ),
  ),
  out: value('--out <file>', 'file to write (default: standard output)'),
  operator: OPERATOR,
  recipient: value('--recipient <name>', 'name of the recipient; recorded in the custody log'),
  previews: flag('--no-previews', 'leave out even the destructive previews of leads'),
  scale: value(
    '--scale <name>',
    'vics: scale of which standing decisions become categories; none is written without it',
  ),
  scaleTable: SCALE_TABLE,
  assumeZone: value(
    '--assume-zone <zone>',
    'timesketch: IANA zone in which times without a zone are taken, and marked so (default: they are left out)',
    parse.parseTimezone,
  ),
  reviewWords: value(
    '--review-words <file>',
    'cac: JSON in which the agency declares what categories mean in that ontology’s words',
    readReviewWords,
  ),
  edition: value(
    '--edition <name>',
    'html, pdf: working (all leads), court (results and decisions; leads as numbers) or deployer (AI Act: data, errors, oversight)',
    parse.oneOf('--edition', ['working', 'court', 'deployer']),
    ['working', 'court', 'deployer'],
  ),
  lab: value(
    '--lab <file>',
    'court: JSON of laboratory, customer, dates, who authorises (docs/guide/court.md); the report names what is missing',
    readLab,
  ),
  validation: value(
    '--validation <folder>',
    'html, pdf: folder of a validation; page one names its record, and says what of this examination it does not cover',
  ),
  links: value(
    '--links <file>',
    'html, pdf: what seized lab links --json wrote; each report says how many contents with a finding other exhibits hold too',
    readLinks,
  ),
  language: value(
    '--language <code>',
    `court: ${LANGUAGES.join('|')} (default: en)`,
    parse.oneOf('--language', LANGUAGES),
    LANGUAGES,
  ),
  category: many(
    '--category <name>',
    'court: contents of this category of a list or a person, repeatable; the report states what was left out',
  ),
  place: many(
    '--place <glob>',
    'court: only contents at places that match, and only those places, repeatable; the report states it',
  ),
  standard: withDefault(
    value(
      '--standard <name>',
      'pdf: a-3a (archiving, the default) or ua-1 (accessibility); the typesetter holds it to one of them',
      parse.oneOf('--standard', PDF_STANDARDS),
      PDF_STANDARDS,
    ),
    (): 'a-3a' => 'a-3a',
  ),
  redact: many(
    '--redact <glob>',
    'court: paths whose names are shown as […], repeatable; the report states it',
  ),
  compareWith: value(
    '--compare-with <ledger>',
    'court: an earlier sealed ledger of the same exhibit; a section says what differs, and why',
  ),
  carryDecisions: flag(
    '--carry-decisions',
    'several ledgers: a decision on one exhibit counts for equal contents of the others; the report states it',
  ),
  allowUnconfined: ALLOW_UNCONFINED,
  overwrite: flag('--overwrite', 'replace an existing file'),
  despiteDamage: DESPITE_DAMAGE,
  heads: HEADS,
} as const

const EXPOSURE_FORMATS = ['lines', 'csv', 'json'] as const

const DECISION_ACTS = ['decided', 'withdrawn', 'adjudicated'] as const

const SEARCH_FORMATS = ['lines', 'jsonl', 'csv'] as const

const TIMELINE_FORMATS = ['jsonl', 'csv', 'html', 'timesketch'] as const

export const TIMELINE = {
  format: required(
    value(
      '--format <format>',
      TIMELINE_FORMATS.join('|'),
      parse.oneOf('--format', TIMELINE_FORMATS),
      TIMELINE_FORMATS,
    ),
  ),
  out: value('--out <file>', 'file to write (default: standard output)'),
  from: value('--from <date>', 'from this ISO-8601 date or time on', parse.date('--from')),
  to: value('--to <date>', 'before this ISO-8601 date or time', parse.date('--to')),
  person: value('--person <text>', 'part of the person that the record names'),
  path: value('--path <text>', 'part of the place of the file that the record stands in'),
  list: value('--list <text>', 'part of the name of a list that holds what is named'),
  operator: OPERATOR,
  overwrite: flag('--overwrite', 'replace an existing file'),
  despiteDamage: DESPITE_DAMAGE,
  heads: HEADS,
} as const

export const SEARCH = {
  format: withDefault(
    value(
      '--format <format>',
      `${SEARCH_FORMATS.join('|')} (default: lines)`,
      parse.oneOf('--format', SEARCH_FORMATS),
      SEARCH_FORMATS,
    ),
    (): 'lines' => 'lines',
  ),
  page: value(
    '--page <n>',
    'page of results (default: 1; for jsonl and csv: all of them)',
    parse.wholeNumber('--page', 1_000_000),
  ),
  pageSize: withDefault(
    value(
      '--page-size <n>',
      'results on a page, at most 1000 (default: 20)',
      parse.wholeNumber('--page-size', 1000),
    ),
    () => 20,
  ),
  also: many('--also <ledger>', 'ledger of another exhibit of the same case, repeatable'),
  operator: OPERATOR,
  despiteDamage: DESPITE_DAMAGE,
  heads: HEADS,
} as const

export const DECIDE = {
  entry: value('--entry <path>', 'evidence path as the report prints it', undefined, null),
  sha256: value('--sha256 <hex>', 'SHA-256 of the content'),
  from: value(
    '--from <file>',
    'list instead: CSV with a heading, or JSON lines, with entry or sha256, category, scale, note, act; all are decided or none',
  ),
  act: withDefault(
    value(
      '--act <act>',
      'decided (default), withdrawn, or adjudicated: settles what two others decided differently, with a --note',
      parse.oneOf('--act', DECISION_ACTS),
      DECISION_ACTS,
    ),
    (): 'decided' => 'decided',
  ),
  scale: value(
    '--scale <name>',
    'scale that the category is on: vics-us, … or the agency’s own with --scale-table',
  ),
  category: value('--category <value>', 'category on that scale'),
  note: withDefault(value('--note <text>', 'why'), () => ''),
  operator: required(value('--operator <name>', 'who decides')),
  scaleTable: SCALE_TABLE,
  heads: HEADS,
} as const

export const IMPORT_DECISIONS = {
  operator: required(
    value('--operator <name>', 'who made these grades; they become this person’s decisions'),
  ),
  scale: required(value('--scale <name>', 'scale that the categories of the file are on')),
  scaleTable: SCALE_TABLE,
  madeWith: value('--made-with <name>', 'tool that they were made in; recorded in the custody log'),
  note: withDefault(value('--note <text>', 'why, for decisions that bring no note'), () => ''),
  columns: value('--columns <file>', 'saved column map (JSON) of a CSV table'),
  bookmarks: value(
    '--bookmarks <file>',
    'category of each bookmark of IPED or tag of Autopsy by its name (JSON); others are passed over',
  ),
  knownOnly: flag('--known-only', 'pass over, and count, contents that were not read on this exhibit'),
  heads: HEADS,
} as const

export const JOIN = {
  out: required(value('--out <file>', 'table to write (CSV)')),
  operator: OPERATOR,
  overwrite: flag('--overwrite', 'replace an existing file'),
  despiteDamage: DESPITE_DAMAGE,
  heads: HEADS,
} as const

const SIGNING_OPERATOR = required(
  value(
    '--operator <name>',
    'name of the person who acts; recorded in the custody log beside the system account',
  ),
)
const TRUST = many(
  '--trust <file>',
  'certificate of an authority, or public key, that this laboratory trusts (PEM), repeatable',
)

export const SEAL_STATEMENT = {
  output: many('--output <file>', 'report or export whose SHA-256 the statement names, repeatable'),
  out: value(
    '--out <file>',
    'file to write; must not exist (default: the ledger’s name with .statement.json)',
  ),
  operator: SIGNING_OPERATOR,
  heads: HEADS,
} as const

export const SIGN = {
  key: value('--key <file>', 'Ed25519 private key (PEM), for a laboratory without certificates'),
  p12: value('--p12 <file>', 'certificate and key in a PKCS#12 file; opened by openssl'),
  pkcs11: value('--pkcs11 <file>', 'PKCS#11 module of a card; used through pkcs11-tool (opensc)'),
  id: value('--id <hex>', 'number of key and certificate on the card'),
  ...PASSPHRASE,
  pdf: value(
    '--pdf <file>',
    'sign this report inside itself (PAdES B-B) instead of the statement; needs --out',
  ),
  out: value(
    '--out <file>',
    'also write the signature to a file, to be kept elsewhere; of --pdf the signed report',
  ),
  operator: SIGNING_OPERATOR,
  heads: HEADS,
} as const

export const TIMESTAMP = {
  request: value(
    '--request <file>',
    'write a request (RFC 3161) for the newest seal statement; must not exist',
  ),
  response: value('--response <file>', 'import the response of the time-stamping authority'),
  trust: TRUST,
  operator: SIGNING_OPERATOR,
  heads: HEADS,
} as const

export const REVIEW = {
  keys: KEYS,
  operator: required(
    value('--operator <name>', 'name of the reviewer; recorded in the custody log beside the system account'),
  ),
  scale: required(
    value('--scale <name>', 'scale that is graded on: vics-us, … or the agency’s own with --scale-table'),
  ),
  pass: withDefault(
    value(
      '--pass <pass>',
      'first (default): all, on previews; second: what needs eyes or goes into a report; peer: again, blind; adjudicate: where two differ',
      parse.oneOf('--pass', PASSES),
      PASSES,
    ),
    (): 'first' => 'first',
  ),
  sample: value(
    '--sample <seed:percent>',
    'of --pass peer: share of what others decided, drawn by the seed; both stand in the log',
    parseSample,
    null,
  ),
  category: many(
    '--category <value>',
    'of --pass peer, repeatable: all that others decided so, whatever the sample',
  ),
  image: value(
    '--image <image>',
    'first segment of the image: tiles are then made of it, and contents can be revealed from the second pass on',
  ),
  exhibit: value('--exhibit <mount>', 'where the exhibit is mounted instead, read-only', undefined, 'folder'),
  exhibitAt: many(
    '--exhibit-at <exhibit=path>',
    'review of a case, repeatable: image, archive or mount of one of its exhibits; contents of the others show cells',
  ),
  open: flag(
    '--open',
    'open it in the browser of this desktop (xdg-open), through a file that only this account can read',
  ),
  language: withDefault(
    value(
      '--language <code>',
      `of the page’s labels: ${LANGUAGES.join('|')} (default: en); the record stays in English`,
      parse.oneOf('--language', LANGUAGES),
      LANGUAGES,
    ),
    () => 'en',
  ),
  tui: flag(
    '--tui',
    'in this terminal, for a machine without a browser: one content at a time, previews as cells',
  ),
  revealSeconds: withDefault(
    value(
      '--reveal-seconds <n>',
      'longest time of a reveal (default: 6)',
      parse.wholeNumber('--reveal-seconds', 60),
    ),
    () => 6,
  ),
  maxReveals: value(
    '--max-reveals <n>',
    'most pictures that this person is shown in a day; frames of a video count each',
    parse.wholeNumber('--max-reveals', 1_000_000),
  ),
  maxMinutes: value(
    '--max-minutes <n>',
    'most minutes of reveals for this person in a day; a warning comes at 80 %',
    parse.wholeNumber('--max-minutes', 1440),
  ),
  policy: value(
    '--policy <file>',
    'the agency’s policy (JSON): levels of sight by pass, limits of a day; its digest is recorded in the custody log',
    readPolicy,
    null,
  ),
  countAlso: many(
    '--count-also <folder>',
    'other ledgers whose reveals count against these limits, repeatable',
  ),
  keymap: value(
    '--keymap <file>',
    'your own keys (JSON): acts by name, categories by their id; see docs/reference/review.md',
    readOwnKeys,
    null,
  ),
  gradedAlso: many(
    '--graded-also <folder>',
    'other ledgers of the case: a content that was graded there has that category beside its tile, repeatable',
  ),
  allowWritableMount: flag('--allow-writable-mount', 'reveal although the mount is writable'),
  allowUnconfined: ALLOW_UNCONFINED,
  idle: value(
    '--idle <minutes>',
    'end after this time without activity (default: 10)',
    parse.wholeNumber('--idle', 240),
  ),
  pauseAfter: withDefault(
    value(
      '--pause-after <minutes>',
      'suggest a pause at this interval (default: 45)',
      parse.wholeNumber('--pause-after', 480),
    ),
    () => 45,
  ),
  scaleTable: SCALE_TABLE,
  heads: HEADS,
} as const

export const EXPOSURE = {
  format: withDefault(
    value(
      '--format <format>',
      `${EXPOSURE_FORMATS.join('|')} (default: lines)`,
      parse.oneOf('--format', EXPOSURE_FORMATS),
      EXPOSURE_FORMATS,
    ),
    (): 'lines' => 'lines',
  ),
  timezone: withDefault(
    value(
      '--timezone <zone>',
      'IANA zone that days are of, e.g. Europe/Vilnius (default: UTC)',
      parse.parseTimezone,
    ),
    () => parse.parseTimezone(undefined),
  ),
  heads: HEADS,
} as const

export const AGREEMENT = {
  scale: value('--scale <name>', 'only on this scale (default: every scale that somebody decided on)'),
  seed: withDefault(
    value('--seed <text>', 'seed of the bootstrap: the same seed gives the same interval (default: seized)'),
    () => 'seized',
  ),
  withoutSight: flag('--without-sight', 'compare decisions too that were made without sight of the content'),
  scaleTable: SCALE_TABLE,
  json: flag('--json', 'one JSON object'),
  heads: HEADS,
} as const

const OTHER_CASE = flag('--other-case', 'add ledgers of another case number too; the log of the case says so')

export const CASE_INIT = {
  dir: required(value('--dir <folder>', 'folder of the case, made when it is missing', undefined, 'folder')),
  from: many('--from <ledger>', 'ledger of an exhibit that the case begins with, repeatable'),
  otherCase: OTHER_CASE,
  operator: OPERATOR,
  heads: HEADS,
} as const

export const CASE_ADD = { otherCase: OTHER_CASE, operator: OPERATOR, heads: HEADS } as const

export const CASE_PERSON = {
  role: required(
    value(
      '--role <role>',
      'read, grade, adjudicate, lead, or none to end it; a case that names persons lets no other person review it',
      parse.oneOf('--role', ROLES),
      ROLES,
    ),
  ),
  operator: OPERATOR,
  heads: HEADS,
} as const

export const CASE_POLICY = {
  scale: value('--scale <name>', 'scale on which the case is graded; without it the policy is shown'),
  sample: value(
    '--sample <seed:percent>',
    'share of the decided contents that a second person grades blind, drawn by the seed',
    parseSample,
    null,
  ),
  category: many(
    '--category <value>',
    'contents of this category are all graded a second time blind, repeatable',
  ),
  settle: many(
    '--settle <value>',
    'a difference must be settled where a person gave this category, repeatable (default: every difference)',
  ),
  unsettled: value(
    '--unsettled <how>',
    'court edition and VICS of the case while differences must be settled: refuse (default), or state it on page one',
    parse.oneOf('--unsettled', ['refuse', 'state'] as const),
    null,
  ),
  reveal: many(
    '--reveal <role>',
    'role that may see originals, repeatable: grade, adjudicate, lead (default: each that may grade)',
    parse.oneOf('--reveal', ['grade', 'adjudicate', 'lead'] as const),
  ),
  policy: value(
    '--policy <file>',
    'the agency’s policy of sight (JSON); it is taken into the log of the case whole',
    readPolicy,
    null,
  ),
  none: flag('--none', 'end the policy'),
  scaleTable: SCALE_TABLE,
  operator: OPERATOR,
  heads: HEADS,
} as const

export const CASE_ASSIGN = {
  exhibit: many('--exhibit <id>', 'exhibit whose contents the person is offered first, repeatable'),
  view: many('--view <name>', 'view that a person saved in a review of the case, repeatable'),
  none: flag('--none', 'end what is assigned to the person'),
  operator: OPERATOR,
  heads: HEADS,
} as const

export const CASE_SERVE = {
  listen: required(
    value(
      '--listen <address:port>',
      'one address of this machine, never a name and never all addresses: 10.1.2.3:8443, [2001:db8::1]:8443',
      parseListen,
      null,
    ),
  ),
  tls: required(value('--tls <pem-file>', 'certificate of the server, PEM', undefined, 'file')),
  key: required(
    value('--key <pem-file>', 'its private key, PEM, readable by its owner alone', undefined, 'file'),
  ),
  clients: required(
    value(
      '--clients <pem-file>',
      'authorities that issue the certificates of persons, PEM; the common name (CN) is the name of the person',
      undefined,
      'file',
    ),
  ),
  crl: value(
    '--crl <pem-file>',
    'revoked certificates, PEM; read again when the file changes',
    undefined,
    'file',
  ),
  name: value(
    '--name <host>',
    'name by which browsers reach the server, in place of the address',
    parseHost,
    null,
  ),
  scale: REVIEW.scale,
  sample: REVIEW.sample,
  category: REVIEW.category,
  exhibitAt: REVIEW.exhibitAt,
  keys: KEYS,
  lease: withDefault(
    value(
      '--lease <n>',
      'contents that are handed to one person at a time (default: 50)',
      parse.wholeNumber('--lease', 10_000),
    ),
    () => 50,
  ),
  leaseMinutes: withDefault(
    value(
      '--lease-minutes <n>',
      'after this time without a decision they go back (default: 30)',
      parse.wholeNumber('--lease-minutes', 1440),
    ),
    () => 30,
  ),
  language: REVIEW.language,
  revealSeconds: REVIEW.revealSeconds,
  maxReveals: REVIEW.maxReveals,
  maxMinutes: REVIEW.maxMinutes,
  policy: REVIEW.policy,
  countAlso: REVIEW.countAlso,
  allowWritableMount: REVIEW.allowWritableMount,
  allowUnconfined: REVIEW.allowUnconfined,
  idle: REVIEW.idle,
  pauseAfter: REVIEW.pauseAfter,
  scaleTable: REVIEW.scaleTable,
  operator: OPERATOR,
  heads: HEADS,
} as const

export const CASE_STATUS = { json: JSON_OUT, heads: HEADS } as const
export const CASE_VERIFY = {
  statement: value(
    '--statement <file>',
    'a statement of the case kept elsewhere: it must agree with every ledger and the logs',
  ),
  pdf: VERIFY.pdf,
  trust: VERIFY.trust,
  heads: HEADS,
} as const

export const CASE_LIST = {
  shared: flag('--shared', 'only contents on several exhibits'),
  json: JSON_OUT,
  operator: OPERATOR,
  heads: HEADS,
} as const

export const ACCOUNT_FORMATS = ['json', 'csv', 'case', 'html'] as const

export const CASE_ACCOUNTS = {
  format: required(
    value(
      '--format <format>',
      ACCOUNT_FORMATS.join('|'),
      parse.oneOf('--format', ACCOUNT_FORMATS),
      ACCOUNT_FORMATS,
    ),
  ),
  out: required(value('--out <file>', 'file to write')),
  operator: OPERATOR,
  overwrite: flag('--overwrite', 'replace an existing file'),
  heads: HEADS,
} as const

export const CASE_EXPORT_DECISIONS = {
  out: required(value('--out <list>', 'hash list to write; must not exist')),
  scale: required(value('--scale <name>', 'scale of the decisions')),
  lab: withDefault(value('--lab <name>', 'name of the laboratory, written into each row'), () => ''),
  withoutSight: flag('--without-sight', 'take decisions too that were made without sight of the content'),
  operator: OPERATOR,
  heads: HEADS,
} as const

export const PACK = {
  out: required(value('--out <file>', 'pack to write; must not exist, e.g. case.seized.zip')),
  report: many('--report <file>', 'report or export that goes along, repeatable'),
  withText: flag('--with-text', 'the text index goes along too: it holds what was read'),
  operator: SIGNING_OPERATOR,
  heads: HEADS,
} as const

export const EXPORT = {
  out: required(value('--out <file>', 'encrypted ZIP to write; a paper record is written beside it')),
  basis: required(value('--basis <text>', 'why the originals may leave: the order, its number and date')),
  operator: required(value('--operator <name>', 'who exports')),
  second: value('--second <name>', 'another person who takes part, where the policy asks for two'),
  category: many('--category <value>', 'contents that persons decided so, repeatable; with --scale'),
  scale: value('--scale <name>', 'scale of the categories, also those in the VICS document'),
  query: value('--query <query>', 'contents that this search finds instead (language of seized search)'),
  tag: value('--tag <tag>', 'contents that a person tagged so in a review'),
  image: value('--image <image>', 'first segment of the image that was examined'),
  exhibit: value('--exhibit <mount>', 'where the exhibit is mounted instead, read-only', undefined, 'folder'),
  keys: KEYS,
  passphraseFile: value(
    '--passphrase-file <file>',
    'its first line encrypts the ZIP (12 characters or more)',
  ),
  passphraseFd: value('--passphrase-fd <n>', 'the same from an open descriptor; else it is typed'),
  policy: value(
    '--policy <file>',
    'the agency’s policy (JSON); its digest is recorded in the custody log',
    readPolicy,
    null,
  ),
  allowWritableMount: flag('--allow-writable-mount', 'read it although the mount is writable'),
  allowUnconfined: ALLOW_UNCONFINED,
  scaleTable: SCALE_TABLE,
  heads: HEADS,
} as const

export const UNPACK = {
  out: required(value('--out <folder>', 'folder to make; must not exist')),
  verify: flag('--verify', 'also verify the ledger in it, row by row'),
} as const

export const RELEASE = {
  item: required(value('--item <path|sha256>', 'evidence path, or SHA-256 of the content')),
  reason: required(value('--reason <text>', 'why, and who decided')),
  operator: required(value('--operator <name>', 'who releases')),
  heads: HEADS,
} as const

export const REMATCH = {
  hashset: many(
    '--hashset <declared:file>',
    'the lists to compare with, repeatable; they replace those of the old ledger',
  ),
  ledger: required(value('--ledger <file>', 'new ledger to create')),
  scaleTable: SCALE_TABLE,
  examiner: value('--examiner <name>', 'who rematches (default: the examiner of the old ledger)'),
  heads: HEADS,
} as const

export const DIFF = {
  json: JSON_OUT,
  language: withDefault(
    value(
      '--language <code>',
      `of the words: ${LANGUAGES.join('|')} (default: en)`,
      parse.oneOf('--language', LANGUAGES),
      LANGUAGES,
    ),
    () => 'en',
  ),
  operator: OPERATOR,
  heads: HEADS,
} as const

export const HASH = { json: JSON_OUT, allowUnconfined: ALLOW_UNCONFINED } as const

export const CLASSIFY = {
  json: JSON_OUT,
  rows: value(
    '--rows <file>',
    'score rows of text instead: JSON lines with id and text, messages or job-offer fields; - for standard input',
  ),
  workers: WORKERS,
  allowUnconfined: ALLOW_UNCONFINED,
} as const

/** How to read a list that does not state its own format. */
const READING = {
  type: value(
    '--type <algorithm>',
    'what 64 hex digits are, when the list does not say: sha256, blake3 or pdq',
    undefined,
    ['sha256', 'blake3', 'pdq'],
  ),
  format: value('--format <id>', 'name the format instead of detecting it'),
  columns: value('--columns <file>', 'saved column map (JSON) of a CSV list'),
  scaleTable: SCALE_TABLE,
} as const

export const HASHSET_INFO = { ...READING, json: flag('--json', 'one JSON object') } as const

export const HASHSET_IMPORT = {
  ...READING,
  out: value('--out <file>', 'index to write (default: the list’s name with .seizedset)'),
  owner: value('--owner <text>', 'who issues the list'),
  edition: value('--edition <text>', 'edition, when the list itself does not say'),
  licence: value('--licence <text>', 'licence note'),
  caveat: value('--caveat <text>', 'handling caveat'),
  jurisdiction: value('--jurisdiction <text>', 'jurisdiction that the categories belong to'),
  quiet: flag('--quiet', 'no progress'),
} as const

export const HASHSET_EXPORT = {
  ...READING,
  to: required(value('--to <format>', EXPORT_FORMATS.join('|'), undefined, EXPORT_FORMATS)),
  out: required(value('--out <file>', 'file to write; must not exist')),
  algorithm: value('--algorithm <name>', 'the digest that plain writes (default: that of the first record)'),
} as const

export const HASHSET_FROM_FOLDER = {
  out: required(value('--out <file>', 'list to write; must not exist')),
  blocks: value('--blocks <file>', 'also write the MD5 of every block of 4 KiB, for samples of free space'),
} as const

export const HASHSET_LIST = {} as const

export const HASHSET_CHECK = { source: value('--source <file>', 'the list it was compiled from') } as const

const CONFIG = withDefault(
  value('--config <file>', `what this machine has: lists, profiles, folders (default: ${CONFIG_FILE})`),
  () => CONFIG_FILE,
)

const AT_ONCE = {
  jobs: withDefault(
    value('--jobs <n>', 'exhibits at once (default: 1)', parse.wholeNumber('--jobs', 64)),
    () => 1,
  ),
  workers: withDefault(
    value(
      '--workers <n>',
      'readers and decoders of all exhibits together (default: as cores and memory allow)',
      parse.parseWorkers,
    ),
    () => parse.parseWorkers(undefined),
  ),
} as const

const CASE_DIR = value(
  '--case-dir <folder>',
  'make a case of the finished ledgers in this folder, or add those that it lacks (seized case)',
  undefined,
  'folder',
)

export const BATCH = {
  out: required(value('--out <folder>', 'folder for ledgers, outcomes.jsonl and summary.html')),
  caseDir: CASE_DIR,
  ...AT_ONCE,
  keys: value(
    '--keys <folder>',
    'folder with a keys file for each locked exhibit, ID.json or ID.txt; needs --basis',
  ),
  basis: value('--basis <text>', 'legal basis for opening with keys; recorded in each ledger and report'),
  config: CONFIG,
} as const

export const LAB_INIT = {
  login: many(
    '--login <role=name>',
    'also make a login: submit, worker or reader, e.g. worker=scan1; repeatable',
    parseLogin,
  ),
  config: CONFIG,
} as const

export const LAB_SUBMIT = {
  watch: value('--watch <folder>', 'take every *.manifest.json that is renamed into this folder'),
  config: CONFIG,
} as const

export const LAB_WORK = {
  ...AT_ONCE,
  once: flag('--once', 'end when nothing waits that this host may take'),
  config: CONFIG,
} as const

export const LAB_STATUS = {
  json: flag('--json', 'one JSON object'),
  html: value('--html <file>', 'write it as a page, with further pages beside it'),
  all: flag('--all', 'also what was examined before today, every attempt, and what was archived'),
  case: value('--case <id>', 'of this case alone'),
  state: value(
    '--state <state>',
    'in this state alone',
    parse.oneOf('--state', EXHIBIT_STATES),
    EXHIBIT_STATES,
  ),
  config: CONFIG,
} as const

const LAB_REASON = required(value('--reason <text>', 'the reason, and who ordered it; recorded in the audit'))

export const LAB_ORDER = { reason: LAB_REASON, config: CONFIG } as const

export const LAB_ARCHIVE = {
  before: required(value('--before <time>', 'what ended before this moment (ISO-8601, e.g. 2026-01-01)')),
  reason: LAB_REASON,
  config: CONFIG,
} as const

export const LAB_HOLD = {
  reason: LAB_REASON,
  release: flag('--release', 'let it wait for its turn again'),
  config: CONFIG,
} as const

export const LAB_HOST = {
  withdrawKey: flag('--withdraw-key', 'its signing key is lost or stolen: book nothing more under it'),
  newMachine: flag('--new-machine', 'another machine takes over its name'),
  reason: LAB_REASON,
  config: CONFIG,
} as const

export const LAB_ROTATE_KEY = {
  reason: LAB_REASON,
  config: CONFIG,
} as const

export const LAB_DRAIN = {
  until: value('--until <date>', 'ISO-8601; then it takes work again', parse.date('--until')),
  end: flag('--end', 'let it take work again'),
  config: CONFIG,
} as const

export const LAB_LINKS = { json: JSON_OUT, config: CONFIG } as const

export const LAB_REPORT = {
  caseDir: CASE_DIR,
  out: value('--out <file>', 'write it as a page (default: JSON on standard output)'),
  overwrite: flag('--overwrite', 'replace an existing file'),
  config: CONFIG,
} as const

export const LAB_VERIFY = {
  quick: flag('--quick', 'compare ledgers by their digest alone, without following their chains'),
  config: CONFIG,
} as const

export const LAB_BACKUP = { config: CONFIG } as const

export const LAB_RUN_ONE = {
  index: value('--index <n>', 'which exhibit of the manifest, from 0', (text) =>
    parse.fromZero('--index', text),
  ),
  shard: value(
    '--shard <file>',
    'in place of a manifest: analyse the contents of one shard of scan --look-shards, and write their bundle to --out',
  ),
  out: required(value('--out <folder>', 'folder for a folder of each exhibit, with ledger and outcome.json')),
  workers: WORKERS,
  config: CONFIG,
} as const

export const DOCTOR = {
  dir: withDefault(
    value('--dir <folder>', 'where ledgers are to lie (default: the current folder)'),
    () => '.',
  ),
  json: JSON_OUT,
  heads: HEADS,
} as const

export const MODEL_ADD = {} as const

const OWN_MODEL = many(
  '--model <id>',
  'also a model of the agency’s own, by its column own-model; needs its passphrase',
)

export const MODEL_EVALUATE = {
  labels: value(
    '--labels <csv>',
    'columns path and one per judged label (explicit, apparent-minor …): 1, 0 or empty',
  ),
  exhibit: value('--exhibit <dir>', 'folder that the paths lie below'),
  pan12: value(
    '--pan12 <xml>',
    'instead: conversations in the format of PAN-2012, for the grooming classifier',
  ),
  truth: value('--truth <file>', 'ids of the predators of --pan12, one a line'),
  prevalence: withDefault(
    value(
      '--prevalence <share>',
      'share of positives among what will really be examined (default: 0.001)',
      Number,
    ),
    () => 0.001,
  ),
  model: OWN_MODEL,
  ...PASSPHRASE,
  workers: WORKERS,
  allowUnconfined: ALLOW_UNCONFINED,
} as const

export const MODEL_TRAIN = {
  labels: value('--labels <csv>', 'graded contents: columns sha256 or path, label (1 or 0) and case'),
  fromDecisions: many(
    '--from-decisions <ledger>',
    'instead: contents of this sealed ledger or case on which persons agreed on sight, or one adjudicated; repeatable',
  ),
  positive: value(
    '--positive <scale:categories>',
    'categories that are positives, e.g. vics-us:1,2; the others of the scale are negatives',
    parsePositive,
  ),
  positiveList: many(
    '--positive-list <name>',
    'hits of this list are positives too; only where the agency may train on it',
  ),
  exhibit: many('--exhibit <dir>', 'folder that the graded contents lie below, repeatable'),
  out: required(value('--out <folder>', 'folder to create; its name is the model’s: own-…')),
  agency: required(value('--agency <name>', 'who trains it; stands beside each of its leads')),
  examiner: required(value('--examiner <name>', 'who has it trained')),
  basis: required(value('--basis <text>', 'legal basis for training on these contents')),
  backbone: many(
    '--backbone <id>',
    `features of this model alone, repeatable: ${BACKBONE_IDS.join('|')} (default: all)`,
    parse.oneOf('--backbone', BACKBONE_IDS),
  ),
  ...PASSPHRASE,
  workers: WORKERS,
  allowUnconfined: ALLOW_UNCONFINED,
  heads: HEADS,
} as const

export const MODEL_LIST = { json: JSON_OUT } as const

export const MODEL_VERIFY = {} as const

export const TERMS_IMPORT = {
  store: required(value('--store <file>', 'store to create; must not exist')),
  ...PASSPHRASE,
} as const

export const TERMS_CHECK = {
  store: required(value('--store <file>', 'store that `terms import` wrote')),
  pathModel: value(
    '--path-model <file>',
    'also how many paths the model of `terms train` marks; same passphrase',
  ),
  paths: value(
    '--paths <file>',
    'benign paths, one a line (default: made-up ones, which are far more regular)',
  ),
  texts: value('--texts <file>', 'benign texts, one a line (default: made-up sentences)'),
  json: flag('--json', 'one JSON object'),
  ...PASSPHRASE,
} as const

export const TERMS_TRAIN = {
  model: required(value('--model <file>', 'sealed model to create; must not exist')),
  ...PASSPHRASE,
} as const

export const TUTORIAL = {
  operator: withDefault(
    value('--operator <name>', 'who learns; stands in the ledger of the tutorial (default: learner)'),
    () => 'learner',
  ),
} as const

const VALIDATION_LANGUAGE = withDefault(
  value(
    '--language <code>',
    `html, pdf: ${LANGUAGES.join('|')} (default: en)`,
    parse.oneOf('--language', LANGUAGES),
    LANGUAGES,
  ),
  () => 'en',
)

export const VALIDATE_PLAN = {
  full: flag('--full', 'a night instead of some minutes: more of everything'),
  seed: withDefault(
    value(
      '--seed <n>',
      'what exhibits are made from: the same seed makes the same ones (default: 1)',
      parse.parseSeed,
    ),
    () => 1,
  ),
} as const

export const VALIDATE_RUN = {
  out: required(value('--out <folder>', 'folder for logs and the record; the same again goes on')),
  cftt: flag(
    '--cftt',
    'instead of a plan: the cases of NIST CFTT by number, beside the peers that are installed, in one table',
  ),
  only: withDefault(
    value(
      '--only <list>',
      'with --cftt: these cases and file systems alone, such as DFR-05,fat16; the table names the others as not asked',
      (given) => given.split(','),
    ),
    (): string[] => [],
  ),
  seed: withDefault(
    value(
      '--seed <n>',
      'what exhibits are made from: the same seed makes the same ones (default: 1)',
      parse.parseSeed,
    ),
    () => 1,
  ),
  json: flag('--json', 'the table as JSON'),
} as const

export const VALIDATE_OWN = {
  labels: value(
    '--labels <csv>',
    'columns path, one per judged label (explicit, apparent-minor, grooming …): 1, 0 or empty, and group:NAME',
  ),
  exhibit: value('--exhibit <dir>', 'folder that the paths lie below'),
  text: flag('--text', 'the items are texts, not pictures'),
  pan12: value('--pan12 <xml>', 'instead: conversations in the format of PAN-2012'),
  truth: value('--truth <file>', 'ids of the predators of --pan12, one a line'),
  out: value(
    '--out <file>',
    'keep sums and intervals as JSON; as own*.json in the folder of a run they stand in its record',
  ),
  model: OWN_MODEL,
  ...PASSPHRASE,
  workers: WORKERS,
  allowUnconfined: ALLOW_UNCONFINED,
} as const
export const VALIDATE_PILOT = {
  out: value('--out <file>', 'the sheet to write; must not exist'),
  format: withDefault(
    value(
      '--format <format>',
      'html (for paper, the default) or csv',
      parse.oneOf('--format', ['html', 'csv']),
      ['html', 'csv'],
    ),
    (): 'html' | 'csv' => 'html',
  ),
  labels: value(
    '--labels <file>',
    'a trial of sight: CSV with paths of neutral pictures of one’s own and right answers, one column a question',
  ),
  person: value(
    '--person <n>',
    'with --labels: number of the person, which decides how each picture is treated',
    parse.wholeNumber('--person', 100_000),
  ),
  allowUnconfined: ALLOW_UNCONFINED,
  language: VALIDATION_LANGUAGE,
  json: flag('--json', 'the summary as JSON'),
} as const
export const VALIDATE_REPORT = {
  format: withDefault(
    value(
      '--format <format>',
      'html|json|pdf (default: html)',
      parse.parseRecordFormat,
      parse.RECORD_FORMATS,
    ),
    () => 'html' as const,
  ),
  language: VALIDATION_LANGUAGE,
  allowUnconfined: ALLOW_UNCONFINED,
  out: required(value('--out <file>', 'file to write; must not exist')),
} as const
