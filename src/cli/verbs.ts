/**
 * The verbs, in the order of `seized --help`: one row each. A verb's code is loaded when the verb is called, because
 * loading all verbs takes longer than a small scan's first read.
 */
import { fieldLines } from '../search/fields.ts'
import * as options from './arguments/options-table.ts'
import { type AnyVerb, type Operand, verb } from './arguments/verb.ts'

export const DESCRIPTION =
  'Triage of a seized device: its contents, which of them are known, which a person should see first, and which were not examined.\n' +
  'Reads an image or a mount, writes one ledger, blurs by default, examines without a network.'

/** Purpose of each group of verbs. */
export const GROUPS: Readonly<Record<string, string>> = {
  keys: 'try keys on the locks of an image (docs/guide/locked.md)',
  hashset: 'inspect hash sets and compile them into indexes',
  model: 'list, check, add and evaluate models',
  import: 'import decisions that were made in other tools',
  case: 'several exhibits of one case: their ledgers, persons and decisions in one record (docs/guide/case.md)',
  lab: 'many exhibits on several machines, by one PostgreSQL (docs/guide/lab.md)',
  validate: 'validate this installation on exhibits with known answers',
  terms: 'import, check and learn from an agency’s own terms; none are shipped',
}

/** Headings of `seized --help`, each with the first words of its verbs or groups. */
export const TASKS: readonly (readonly [heading: string, words: readonly string[]])[] = [
  ['Examine an exhibit:', ['scan', 'image', 'keys', 'resume', 'batch', 'rematch']],
  ['Look into a ledger:', ['summary', 'search', 'timeline', 'join', 'diff', 'verify']],
  ['Review and decide:', ['review', 'decide', 'import', 'release', 'exposure', 'agreement']],
  ['Cases:', ['case']],
  ['Report and hand over:', ['report', 'seal-statement', 'sign', 'timestamp', 'export', 'pack', 'unpack']],
  ['Lists, models, terms:', ['hashset', 'model', 'terms', 'hash', 'classify']],
  ['Laboratory:', ['lab', 'validate']],
  ['This installation:', ['doctor', 'tutorial', 'parts', 'completions', 'man']],
]

const LEDGERS: Operand = {
  form: '<ledgers...>',
  help: 'ledger to read, those of several exhibits of one case, or the folder of a case; no ledger is changed',
  offers: 'file',
}

const LEDGER: Operand = { form: '<ledger>', help: 'ledger to read; it is not written to', offers: 'file' }

const VOUCHED: Operand = {
  form: '<ledger>',
  help: 'sealed ledger, which is not written to, or the folder of a case, for all its ledgers',
  offers: 'file',
}

const CASE_FOLDER: Operand = { form: '<case>', help: 'folder of the case', offers: 'folder' }

const LAB_EXHIBIT: Operand = {
  form: '<exhibit>',
  help: 'CASE/EXHIBIT, or its number',
  offers: null,
}

export const VERBS: readonly AnyVerb[] = [
  verb({
    name: 'scan',
    summary: 'examine an image or a mounted exhibit into a new ledger: inventory, known, unknown, seal',
    operands: [
      {
        form: '<exhibit>',
        help: 'first segment of an image (raw, E01, VHD, VMDK, QCOW2 …), an archive of a phone (ZIP, TAR), or a folder it is mounted at',
        offers: 'file',
      },
    ],
    options: options.SCAN,
    more: `
Example:
  seized scan LTU-07.E01 --case 2026-114 --exhibit LTU-07 --examiner "A. Example" \\
      --acquisition-hash sha256:… --hashset illegal:list.txt \\
      --hashset vics-us:projectvic.json --hashset known:os.hashdeep --ledger case.sqlite`,
    pauses: true,
    load: async () => (await import('./commands/scan.ts')).scan,
  }),
  verb({
    name: 'image',
    summary:
      'list volumes, file systems, stored hashes and readable parts of an image; --verify computes the hashes',
    operands: [{ form: '<image>', help: 'first segment of the image', offers: 'file' }],
    options: options.IMAGE,
    load: async () => (await import('./commands/image.ts')).image,
  }),
  verb({
    name: 'keys check',
    summary: 'try every secret of a keys file on every lock of an image; wrong ones are named by number',
    operands: [{ form: '<keys>', help: 'keys file, as for --keys', offers: 'file' }],
    options: options.KEYS_CHECK,
    load: async () => (await import('./commands/keys.ts')).check,
  }),
  verb({
    name: 'resume',
    summary:
      'continue a paused or interrupted ledger; exhibit, lists, models, scope and limits must be the same',
    operands: [{ form: '<ledger>', help: 'ledger of the interrupted run', offers: 'file' }],
    options: options.RESUME,
    pauses: true,
    load: async () => (await import('./commands/resume.ts')).resume,
  }),
  verb({
    name: 'verify',
    summary: 're-check a ledger: every row, link, count and digest; exits 4 on any disagreement',
    operands: [{ ...LEDGER, help: 'ledger to check; it is not written to' }],
    options: options.VERIFY,
    load: async () => (await import('./commands/verify.ts')).verify,
  }),
  verb({
    name: 'summary',
    summary: 'print the counts of a ledger and the exit code of its run',
    operands: [LEDGERS],
    options: options.SUMMARY,
    load: async () => (await import('./commands/summary.ts')).summary,
  }),
  verb({
    name: 'report',
    summary: 'write an export of a ledger; a paused ledger gives one marked PARTIAL',
    operands: [LEDGERS],
    options: options.REPORT,
    load: async () => (await import('./commands/report.ts')).report,
  }),
  verb({
    name: 'search',
    summary: 'find entries by text, name, metadata and findings; each search is recorded in the custody log',
    operands: [
      {
        form: '<ledger>',
        help: 'ledger to search, with the text index beside it where there is one, or the folder of a case',
        offers: 'file',
      },
      { form: '<query>', help: 'what to look for; in single quotes', offers: null },
    ],
    options: options.SEARCH,
    more: `
The query:
  word  "a phrase"  pref*  ~speling  NEAR(one two, 5)  a OR b  NOT a  -a  (a OR b) c
Words are looked for in text, names, attributes and findings. Fields:
${fieldLines()}
Case and accents do not count (Latin, Greek, Cyrillic); vowel signs of other scripts do.
The nearest texts come first (BM25), then entries with findings, then by likelihood of the place, then by path.

Example:
  seized search case.sqlite 'passport NEAR(work abroad, 8) lang:lt from:2026-01-01' --operator "A. Example"`,
    load: async () => (await import('./commands/search.ts')).search,
  }),
  verb({
    name: 'timeline',
    summary: 'write the records of the device in order of time, each with its source and basis',
    operands: [LEDGERS],
    options: options.TIMELINE,
    more: `
Records that name a listed content are always there; histories, downloads and searched words only where the scan had a
legal basis for text (--text --basis) and not --no-private.

Example:
  seized timeline case.sqlite --format html --out timeline.html --from 2026-01-01 --operator "A. Example"`,
    load: async () => (await import('./commands/timeline.ts')).timeline,
  }),
  verb({
    name: 'join',
    summary: 'write a table of the rows of a LEAPP run beside the contents that lie at the same paths',
    operands: [
      LEDGER,
      {
        form: '<run>',
        help: 'folder of the run (iLEAPP, ALEAPP …), or its _lava_artifacts.db',
        offers: 'file',
      },
    ],
    options: options.JOIN,
    more: `
Joined are media that a row refers to, paths that stand in cells, and files that an artifact was read from. A row is named by its
table and number: its texts stay in the run.

Example:
  seized join case.sqlite iLEAPP_Output_2026-02-02/ --out joined.csv`,
    load: async () => (await import('./commands/join.ts')).join,
  }),
  verb({
    name: 'decide',
    summary: 'record a person’s category of one content or a list of contents, in the custody log',
    operands: [{ form: '<ledger>', help: 'ledger that holds it', offers: 'file' }],
    options: options.DECIDE,
    more: `
A decision is of a content: it holds for every copy. Report and JSONL show it beside what lists and models say, which it does
not change. Deciding again supersedes one's own decision, never another person's; nothing is overwritten.

Example:
  seized decide case.sqlite --entry DCIM/IMG_0001.jpg --scale vics-us --category 2 \\
      --note "seen by two examiners" --operator "A. Example"
  seized decide case.sqlite --from decisions.csv --scale vics-us --operator "A. Example"`,
    load: async () => (await import('./commands/decide.ts')).decide,
  }),
  verb({
    name: 'import decisions',
    summary:
      'take grades that a person made in another tool as decisions: VICS, a table, or a CSV of decisions',
    operands: [
      { form: '<ledger>', help: 'ledger that holds the contents', offers: 'file' },
      {
        form: '<file>',
        help: 'VICS JSON, CSV with digests and categories, FileList.csv of IPED, autopsy.db, or what --format decisions wrote',
        offers: 'file',
      },
    ],
    options: options.IMPORT_DECISIONS,
    more: `
All or nothing: one row that cannot be decided leaves the custody log as it was. Of a CSV of decisions only the standing ones
of the named person are taken. The file's SHA-256 stands in the custody log.

Example:
  seized import decisions case.sqlite graded.json --scale vics-us --operator "A. Example" --made-with "Another tool 1.2"`,
    load: async () => (await import('./commands/import-decisions.ts')).importDecisions,
  }),
  verb({
    name: 'seal-statement',
    summary: 'write a short statement of ledger, digests, heads and outputs, to be signed',
    operands: [VOUCHED],
    options: options.SEAL_STATEMENT,
    load: async () => (await import('./commands/seal-statement.ts')).sealStatement,
  }),
  verb({
    name: 'sign',
    summary: 'sign the newest seal statement with a key, a PKCS#12 file or a card; checked by verify',
    operands: [VOUCHED],
    options: options.SIGN,
    more: `
Passphrase or PIN come by --passphrase-file, --passphrase-fd or typed, never on the command line.
A key of a laboratory's own: openssl genpkey -algorithm ed25519 -out lab.pem; openssl pkey -in lab.pem -pubout -out lab.pub`,
    load: async () => (await import('./commands/sign.ts')).sign,
  }),
  verb({
    name: 'timestamp',
    summary: 'create a time-stamp request (RFC 3161) for the newest seal statement, or import the response',
    operands: [VOUCHED],
    options: options.TIMESTAMP,
    load: async () => (await import('./commands/timestamp.ts')).timestamp,
  }),
  verb({
    name: 'review',
    summary: 'grade the contents of a ledger on a local page: blurred by default, keys, stacks, undo',
    operands: [
      {
        form: '<ledger>',
        help: 'ledger to review, or the folder of a case; decisions go into the custody log of each ledger',
        offers: 'file',
      },
    ],
    options: options.REVIEW,
    more: `
The page is served on 127.0.0.1 to the one browser that opens its address first. Use a profile without extensions:
extensions and screen recorders see what the page shows.

Example:
  seized review case.sqlite --operator "A. Example" --scale vics-us
  seized review case.sqlite --operator "A. Example" --scale vics-us --pass second --image LTU-07.E01 --max-reveals 200
  seized review case.sqlite --operator "B. Example" --scale vics-us --pass peer --sample 2026-114:10 --category 1`,
    load: async () => (await import('./commands/review.ts')).review,
  }),
  verb({
    name: 'exposure',
    summary: 'count what persons were shown: reveals, contents and seconds, by person and day',
    operands: [{ form: '<folders...>', help: 'ledgers, or folders that hold them', offers: 'folder' }],
    options: options.EXPOSURE,
    more: `
It is data about an employee. A reveal of which nobody knows when it was hidden counts in full: the time is then "at most".

Example:
  seized exposure /cases/2026 --format csv --timezone Europe/Vilnius`,
    load: async () => (await import('./commands/exposure.ts')).exposure,
  }),
  verb({
    name: 'agreement',
    summary: 'measure the agreement of persons who graded the same contents: raw, kappa, by category, alpha',
    operands: [LEDGER],
    options: options.AGREEMENT,
    load: async () => (await import('./commands/agreement.ts')).agreement,
  }),
  verb({
    name: 'release',
    summary: 'let a privileged item be seen, searched and exported again; recorded in the custody log',
    operands: [{ form: '<ledger>', help: 'ledger that holds it', offers: 'file' }],
    options: options.RELEASE,
    load: async () => (await import('./commands/release.ts')).release,
  }),
  verb({
    name: 'rematch',
    summary:
      'compare the stored digests of a sealed ledger with new lists, into a new ledger; shows hits added and removed',
    operands: [{ form: '<ledger>', help: 'sealed ledger; it is not written to', offers: 'file' }],
    options: options.REMATCH,
    load: async () => (await import('./commands/rematch.ts')).rematch,
  }),
  verb({
    name: 'diff',
    summary:
      'compare two sealed ledgers of one exhibit and explain the differences; exits 0 where there is none, else 10',
    operands: [
      { form: '<old>', help: 'sealed ledger', offers: 'file' },
      {
        form: '<new>',
        help: 'sealed ledger of the same exhibit; the comparison is recorded in its custody log',
        offers: 'file',
      },
    ],
    options: options.DIFF,
    load: async () => (await import('./commands/diff.ts')).diff,
  }),
  verb({
    name: 'export',
    summary: 'export chosen contents unchanged: an encrypted ZIP with VICS 2.0, digests and a paper record',
    operands: [{ form: '<ledger>', help: 'ledger that names them; it is not written to', offers: 'file' }],
    options: options.EXPORT,
    load: async () => (await import('./commands/export.ts')).exportContents,
  }),
  verb({
    name: 'pack',
    summary: 'put a ledger, its custody log, reports, statement and signatures into one file with a manifest',
    operands: [{ form: '<ledger>', help: 'sealed ledger; it is not written to', offers: 'file' }],
    options: options.PACK,
    load: async () => (await import('./commands/pack.ts')).pack,
  }),
  verb({
    name: 'unpack',
    summary: 'take a pack apart into a new folder; exits 4 when a file is not the one that was packed',
    operands: [{ form: '<pack>', help: 'what seized pack wrote', offers: 'file' }],
    options: options.UNPACK,
    load: async () => (await import('./commands/pack.ts')).unpack,
  }),
  verb({
    name: 'batch',
    summary: 'examine many exhibits on this machine, one outcome a line; run again, it goes on',
    operands: [
      {
        form: '<manifest>',
        help: 'JSON that names case, profile and exhibits (docs/guide/lab.md)',
        offers: 'file',
      },
    ],
    options: options.BATCH,
    more: `
One object a line on standard output, an outcome for every exhibit and one of the batch. Exit code: that of what was found; 75
when an exhibit may go through later, 2 when one needs a person, 1 when a scan failed twice, 130 when it was paused.

Example:
  seized batch 2026-114.manifest.json --out /cases/2026-114 --jobs 2`,
    pauses: true,
    load: async () => (await import('./commands/batch.ts')).batch,
  }),
  verb({
    name: 'case init',
    summary:
      'make a case: a folder with a log of its own, or the case again from the ledgers of its exhibits',
    operands: [{ form: '<number>', help: 'case number', offers: null }],
    options: options.CASE_INIT,
    more: `
Example:
  seized case init 2026-114 --dir cases/2026-114
  seized case add cases/2026-114 LTU-03.sqlite LTU-07.sqlite
  seized case status cases/2026-114
  seized review cases/2026-114 --operator "A. Example" --scale vics-us`,
    load: async () => (await import('./commands/case.ts')).init,
  }),
  verb({
    name: 'case add',
    summary: 'add ledgers of exhibits to a case: their places and heads are recorded, nothing is copied',
    operands: [
      CASE_FOLDER,
      { form: '<ledgers...>', help: 'ledgers that verify, one an exhibit', offers: 'file' },
    ],
    options: options.CASE_ADD,
    load: async () => (await import('./commands/case.ts')).add,
  }),
  verb({
    name: 'case person',
    summary: 'name a person of a case and the role of that person',
    operands: [CASE_FOLDER, { form: '<name>', help: 'name, as --operator gives it', offers: null }],
    options: options.CASE_PERSON,
    load: async () => (await import('./commands/case.ts')).person,
  }),
  verb({
    name: 'case policy',
    summary:
      'show or set what every session of a case is held to: scale, blind share, settling, reveals, sight',
    operands: [CASE_FOLDER],
    options: options.CASE_POLICY,
    more: `
Each call sets the whole policy. It stands in the log of the case, every session names its digest, and an option of a
session that says otherwise is refused.

Example:
  seized case policy cases/2026-114 --scale vics-us --sample 2026-114:10 --category 1 --reveal lead --operator "L. Lead"`,
    load: async () => (await import('./commands/case-policy.ts')).policy,
  }),
  verb({
    name: 'case assign',
    summary: 'assign exhibits or saved views of a case to a person, who is offered their contents first',
    operands: [CASE_FOLDER, { form: '<name>', help: 'name of the person', offers: null }],
    options: options.CASE_ASSIGN,
    more: `
Each call sets all that is assigned to the person. Contents of others are offered last, and stay open to all.

Example:
  seized case assign cases/2026-114 "A. Example" --exhibit LTU-03 --operator "L. Lead"`,
    load: async () => (await import('./commands/case-policy.ts')).assign,
  }),
  verb({
    name: 'case serve',
    summary:
      'serve the review of a case to several persons over TLS 1.3; a client certificate names the person',
    operands: [CASE_FOLDER],
    options: options.CASE_SERVE,
    more: `
Example:
  seized case person cases/2026-114 "A. Example" --role grade
  seized case serve cases/2026-114 --listen 10.1.2.3:8443 --tls server.pem --key server.key --clients persons-ca.pem --scale vics-us`,
    load: async () => (await import('./commands/case-serve.ts')).serve,
  }),
  verb({
    name: 'case status',
    summary: 'the exhibits of a case: record, coverage, hits, leads, decisions, and events since adding',
    operands: [CASE_FOLDER],
    options: options.CASE_STATUS,
    load: async () => (await import('./commands/case-state.ts')).status,
  }),
  verb({
    name: 'case list',
    summary: 'contents of a case with a finding or a decision, each once, with every place by exhibit',
    operands: [CASE_FOLDER],
    options: options.CASE_LIST,
    load: async () => (await import('./commands/case-list.ts')).list,
  }),
  verb({
    name: 'case accounts',
    summary: 'accounts that records of the exhibits name, what was sent and received, and where it lies',
    operands: [CASE_FOLDER],
    options: options.CASE_ACCOUNTS,
    load: async () => (await import('./commands/case-accounts.ts')).accounts,
  }),
  verb({
    name: 'case export-decisions',
    summary: 'write what the laboratory itself decided as a hash list, with persons, agreement and case',
    operands: [CASE_FOLDER],
    options: options.CASE_EXPORT_DECISIONS,
    load: async () => (await import('./commands/case-decisions.ts')).exportDecisions,
  }),
  verb({
    name: 'case verify',
    summary: 're-check the log of a case and every ledger of it; exits 4 on any disagreement',
    operands: [CASE_FOLDER],
    options: options.CASE_VERIFY,
    load: async () => (await import('./commands/case-state.ts')).verify,
  }),
  verb({
    name: 'lab init',
    summary: 'set up the laboratory’s database: tables, roles, logins',
    operands: [],
    options: options.LAB_INIT,
    load: async () => (await import('./commands/lab.ts')).init,
  }),
  verb({
    name: 'lab submit',
    summary: 'put the exhibits of a manifest into the queue, all or none; or watch a folder for manifests',
    operands: [{ form: '[manifest]', help: 'JSON as for batch', offers: 'file' }],
    options: options.LAB_SUBMIT,
    load: async () => (await import('./commands/lab.ts')).submit,
  }),
  verb({
    name: 'lab work',
    summary: 'examine what waits in the queue, the most urgent first; one a host, until it is told to pause',
    operands: [],
    options: options.LAB_WORK,
    pauses: true,
    load: async () => (await import('./commands/lab.ts')).work,
  }),
  verb({
    name: 'lab status',
    summary: 'list what waits, what is being examined on which host, results, and live hosts',
    operands: [],
    options: options.LAB_STATUS,
    load: async () => (await import('./commands/lab.ts')).status,
  }),
  verb({
    name: 'lab priority',
    summary: 'put an exhibit first, or last: child-at-risk, due, normal, rerun',
    operands: [
      LAB_EXHIBIT,
      {
        form: '<priority>',
        help: 'child-at-risk, due, normal or rerun',
        offers: ['child-at-risk', 'due', 'normal', 'rerun'],
      },
    ],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab-control.ts')).priority,
  }),
  verb({
    name: 'lab hold',
    summary: 'keep an exhibit from being examined; what is at work pauses',
    operands: [LAB_EXHIBIT],
    options: options.LAB_HOLD,
    load: async () => (await import('./commands/lab-control.ts')).hold,
  }),
  verb({
    name: 'lab cancel',
    summary: 'take an exhibit out of the queue; what is at work ends',
    operands: [LAB_EXHIBIT],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab-control.ts')).cancel,
  }),
  verb({
    name: 'lab retry',
    summary: 'put what failed, needs a person or was cancelled back into the queue',
    operands: [LAB_EXHIBIT],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab-control.ts')).retry,
  }),
  verb({
    name: 'lab drain',
    summary: 'let a host end what it has and take no more',
    operands: [{ form: '<host>', help: 'as lab status names it', offers: null }],
    options: options.LAB_DRAIN,
    load: async () => (await import('./commands/lab-control.ts')).drain,
  }),
  verb({
    name: 'lab take-back',
    summary: 'a booked result is wrong: keep it, count it no longer; the exhibit waits for a person',
    operands: [LAB_EXHIBIT],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab-control.ts')).takeBack,
  }),
  verb({
    name: 'lab settle',
    summary: 'a result that was not booked was looked at: show its ALARM no longer',
    operands: [{ form: '<number>', help: 'as lab status names it', offers: null }],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab-control.ts')).settle,
  }),
  verb({
    name: 'lab archive',
    summary: 'take what ended before a date out of the daily status; nothing is deleted',
    operands: [],
    options: options.LAB_ARCHIVE,
    load: async () => (await import('./commands/lab-control.ts')).archive,
  }),
  verb({
    name: 'lab host',
    summary: 'withdraw the signing key of a host, or give its name to another machine',
    operands: [{ form: '<host>', help: 'as lab status names it', offers: null }],
    options: options.LAB_HOST,
    load: async () => (await import('./commands/lab-control.ts')).host,
  }),
  verb({
    name: 'lab rotate-key',
    summary: 'on a host: hand over from its signing key to a new one, and put that in its place',
    operands: [{ form: '<file>', help: 'new Ed25519 key, PEM', offers: 'file' }],
    options: options.LAB_ROTATE_KEY,
    load: async () => (await import('./commands/lab-record.ts')).rotate,
  }),
  verb({
    name: 'lab restored',
    summary: 'after a restore of the database, as its owner: begin a new laboratory id, end what was at work',
    operands: [],
    options: options.LAB_ORDER,
    load: async () => (await import('./commands/lab.ts')).restored,
  }),
  verb({
    name: 'lab links',
    summary:
      'contents with a finding that were seen on several exhibits, by keyed digests; exits 10 when there are any',
    operands: [{ form: '[case]', help: 'case number (default: all)', offers: null }],
    options: options.LAB_LINKS,
    load: async () => (await import('./commands/lab-record.ts')).links,
  }),
  verb({
    name: 'lab report',
    summary: 'write the result of every exhibit of a case, as a page or JSON',
    operands: [{ form: '<case>', help: 'case number', offers: null }],
    options: options.LAB_REPORT,
    load: async () => (await import('./commands/lab-record.ts')).report,
  }),
  verb({
    name: 'lab verify',
    summary: 're-check the audit, signed outcomes and every collected ledger; exits 4 on any disagreement',
    operands: [],
    options: options.LAB_VERIFY,
    load: async () => (await import('./commands/lab-record.ts')).verify,
  }),
  verb({
    name: 'lab backup',
    summary: 'copy the database into a file, by pg_dump; ledgers lie in the collection',
    operands: [{ form: '<file>', help: 'file to write; must not exist', offers: 'file' }],
    options: options.LAB_BACKUP,
    load: async () => (await import('./commands/lab-record.ts')).backup,
  }),
  verb({
    name: 'lab run-one',
    summary:
      'examine one exhibit of a manifest for a scheduler such as Slurm or Kubernetes: no daemon, no database',
    operands: [{ form: '[manifest]', help: 'JSON as for batch', offers: 'file' }],
    options: options.LAB_RUN_ONE,
    more: `
Exit 0: examined, outcome.json says what was found. 75: run it again, here or elsewhere. 2: it needs a person. 1: a bug.

Example, an array job of Slurm with the exit code that requeues:
  seized lab run-one case.manifest.json --index "$SLURM_ARRAY_TASK_ID" --out /srv/out || { [ $? = 75 ] && scontrol requeue "$SLURM_JOB_ID"; }`,
    pauses: true,
    load: async () => (await import('./commands/lab-record.ts')).one,
  }),
  verb({
    name: 'doctor',
    summary: 'check whether this machine can examine, and name what is missing where it cannot',
    operands: [],
    options: options.DOCTOR,
    more: `
Starts a process of each kind, checks models, confinement, disk, clock, fonts and runtime, and scans an exhibit that it makes.
Exit 0: ready. 2: something must be done first. 4: a file of the program is not what it should be. 75: no room, or a process
does not start.`,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  }),
  verb({
    name: 'hash',
    summary: 'digests of single files, with the PDQ hash of pictures',
    operands: [{ form: '<files...>', help: 'files to hash', offers: 'file' }],
    options: options.HASH,
    load: async () => (await import('./commands/hash.ts')).hash,
  }),
  verb({
    name: 'classify',
    summary: 'score single files, or rows of text; every score is shown, above its threshold or not',
    operands: [{ form: '[files...]', help: 'pictures and videos to look at', offers: 'file' }],
    options: options.CLASSIFY,
    load: async () => (await import('./commands/classify.ts')).classify,
  }),
  verb({
    name: 'hashset info',
    summary: 'format and why, digest, counts of rows read, kept, duplicate and rejected, categories',
    operands: [
      {
        form: '<file>',
        help: 'list or compiled index; declared:file also says what the categories mean',
        offers: 'file',
      },
    ],
    options: options.HASHSET_INFO,
    load: async () => (await import('./commands/hashset.ts')).info,
  }),
  verb({
    name: 'hashset import',
    summary: 'compile a list into one immutable, checksummed index that opens at once',
    operands: [
      {
        form: '<declared:file>',
        help: 'the list with its meaning or scale, e.g. illegal:list.txt or vics-us:projectvic.json',
        offers: 'file',
      },
    ],
    options: options.HASHSET_IMPORT,
    load: async () => (await import('./commands/hashset.ts')).compile,
  }),
  verb({
    name: 'hashset export',
    summary: 'write the records of a list or index in another format; what that cannot hold is counted',
    operands: [{ form: '<file>', help: 'list or compiled index', offers: 'file' }],
    options: options.HASHSET_EXPORT,
    load: async () => (await import('./commands/hashset.ts')).exportList,
  }),
  verb({
    name: 'hashset from-folder',
    summary:
      'make a list of your own holdings: digests, sizes and how contents begin, to find them in free space; no content or name is kept',
    operands: [{ form: '<folder>', help: 'folder that is read, links not followed', offers: 'folder' }],
    options: options.HASHSET_FROM_FOLDER,
    load: async () => (await import('./commands/hashset-from-folder.ts')).fromFolder,
  }),
  verb({
    name: 'hashset list',
    summary: 'the compiled indexes of a folder',
    operands: [{ form: '[folder]', help: 'folder to look in', offers: 'folder', missing: '.' }],
    options: options.HASHSET_LIST,
    load: async () => (await import('./commands/hashset.ts')).list,
  }),
  verb({
    name: 'hashset check',
    summary:
      'read every byte of an index and, with --source, compare it with the list; exits 4 when anything differs',
    operands: [{ form: '<index>', help: 'compiled index', offers: 'file' }],
    options: options.HASHSET_CHECK,
    load: async () => (await import('./commands/hashset.ts')).check,
  }),
  verb({
    name: 'model add',
    summary:
      'install a model or hasher of the agency: its card, its file and the digest that the card pins are checked and tried',
    operands: [
      { form: '<card>', help: 'card.json', offers: 'file' },
      { form: '<model>', help: 'model.onnx|hasher.wasm|head.sealed|FOLDER', offers: 'file' },
    ],
    options: options.MODEL_ADD,
    load: async () => (await import('./commands/model.ts')).add,
  }),
  verb({
    name: 'model evaluate',
    summary:
      'rates of every score on pictures or chats that the agency labelled itself; only aggregates leave',
    operands: [],
    options: options.MODEL_EVALUATE,
    load: async () => (await import('./commands/model.ts')).evaluate,
  }),
  verb({
    name: 'model train',
    summary:
      'train a model of the agency’s own on contents that it graded, measured by case; sealed, and no picture leaves',
    operands: [],
    options: options.MODEL_TRAIN,
    load: async () => (await import('./commands/model-train.ts')).train,
  }),
  verb({
    name: 'model list',
    summary: 'id, digest, licence and what each model says',
    operands: [],
    options: options.MODEL_LIST,
    load: async () => (await import('./commands/model.ts')).list,
  }),
  verb({
    name: 'model verify',
    summary: 'recompute each digest; exits 4 when a file is not what its card pins',
    operands: [],
    options: options.MODEL_VERIFY,
    load: async () => (await import('./commands/model.ts')).verify,
  }),
  verb({
    name: 'terms import',
    summary: 'seal a term list (CSV or JSON) into a store that only its passphrase opens',
    operands: [
      {
        form: '<list>',
        help: 'columns term, and if present id, language, category, source, expires, match',
        offers: 'file',
      },
    ],
    options: options.TERMS_IMPORT,
    load: async () => (await import('./commands/terms.ts')).importList,
  }),
  verb({
    name: 'terms check',
    summary: 'each term’s rate of false finds on benign paths and texts, by term id',
    operands: [],
    options: options.TERMS_CHECK,
    load: async () => (await import('./commands/terms.ts')).check,
  }),
  verb({
    name: 'terms train',
    summary: 'fit a path classifier on the agency’s own labelled paths; nothing leaves this machine',
    operands: [
      {
        form: '<labelled>',
        help: 'CSV with the columns path and label: 1 concerning, 0 benign',
        offers: 'file',
      },
    ],
    options: options.TERMS_TRAIN,
    load: async () => (await import('./commands/terms.ts')).train,
  }),
  verb({
    name: 'validate plan',
    summary:
      'print the plan of a validation, its tests and when each passes, to be edited and signed before the run',
    operands: [],
    options: options.VALIDATE_PLAN,
    more: `
Example:
  seized validate plan > plan.json      # fill in laboratory and people; sign it or note its SHA-256
  seized validate run plan.json --out validation
  seized validate report validation --out record.html`,
    load: async () => (await import('./commands/validate.ts')).plan,
  }),
  verb({
    name: 'validate run',
    summary:
      'make exhibits whose answers are known, examine, kill, tamper and compare; exits 4 when a requirement is not met',
    operands: [{ form: '[plan]', help: 'plan that `validate plan` printed', offers: 'file' }],
    options: options.VALIDATE_RUN,
    more: `
Example:
  seized validate run plan.json --out validation
  seized validate run --cftt --out cftt      # exits 3 when a case could not be made on this machine`,
    pauses: true,
    load: async () => (await import('./commands/validate.ts')).run,
  }),
  verb({
    name: 'validate own',
    summary:
      'measure the models on pictures, texts or chats that the laboratory labelled itself: sums and intervals, by group',
    operands: [],
    options: options.VALIDATE_OWN,
    more: `
Example:
  seized validate own --labels labels.csv --exhibit sample --out validation/own-pictures.json`,
    load: async () => (await import('./commands/validate-own.ts')).own,
  }),
  verb({
    name: 'validate pilot',
    summary: 'the sheet that examiners fill in after a pilot; of filled ones median, range and n',
    operands: [{ form: '[answers...]', help: 'CSV files that were filled in, one a person', offers: 'file' }],
    options: options.VALIDATE_PILOT,
    more: `
Example:
  seized validate pilot --language lt --out sheet.html      # print it; or --format csv, one file a person
  seized validate pilot person-*.csv
  seized validate pilot --labels pictures/labels.csv --person 1 --out person-1.html
  seized validate pilot --labels pictures/labels.csv person-*.csv`,
    load: async () => (await import('./commands/validate-pilot.ts')).pilot,
  }),
  verb({
    name: 'validate report',
    summary: 'the record of a run, for people or for programs',
    operands: [{ form: '<folder>', help: 'folder of the run', offers: 'folder' }],
    options: options.VALIDATE_REPORT,
    load: async () => (await import('./commands/validate.ts')).report,
  }),
  verb({
    name: 'tutorial',
    summary:
      'make a small harmless exhibit and lead a new examiner through scan, review, decide, report and verify',
    operands: [{ form: '[folder]', help: 'folder to make', offers: 'folder', missing: 'seized-tutorial' }],
    options: options.TUTORIAL,
    load: async () => (await import('./commands/tutorial.ts')).tutorial,
  }),
  verb({
    name: 'parts',
    summary: 'digest of every file of the program that takes part in a run, as sha256sum prints it',
    operands: [],
    options: {},
    more: `
The SHA-256 of what this prints is what a ledger records of the program that made it:
  seized parts | sha256sum`,
    load: async () => (await import('./commands/parts.ts')).parts,
  }),
]
