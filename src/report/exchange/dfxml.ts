/**
 * DFXML 2.0.0-beta.0: one fileobject for each entry. Data without an element in the schema (raw bytes of the name,
 * stage results, hits) comes last, in an element of this program's own namespace, where the schema allows it.
 */

import { printName, printPath, printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type { EntryKind, EntryTimes } from '../../contracts/entry.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import { STAGES } from '../../contracts/stage.ts'
import type { EntryView } from '../../contracts/view.ts'
import { FINDINGS, listOf } from '../../findings/index.ts'
import type { Exporter } from '../export/exporter.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { recoveryOf } from '../model/recovery.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { ENGLISH } from '../texts/index.ts'
import { xsdTime } from './times.ts'

export const dfxml: Exporter = {
  id: 'dfxml',
  title: 'Digital Forensics XML, one fileobject an entry',
  extension: '.xml',
  leavesOut: {
    attribute: 'Neutral facts of a content stand in JSONL.',
    'perceptual-hash': HASHES_ARE_FOR_MATCHING,
    record: 'Records of the device stand in JSONL and in the timeline.',
  },
  async write(ledger, out) {
    await withText(out, async (text) => {
      await text.write(head(ledger))
      const recovery = recoveryOf(ledger)
      const statusOf = (view: EntryView) => recovery(view.entry)?.status ?? 'live'
      for (const view of ledger.places()) await text.write(fileObject(view, statusOf(view)))
      await text.write('</dfxml>\n')
    })
  },
}

const NAMESPACE = 'http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML'

function head(ledger: LedgerIdentity & ExaminationFacts & CustodyRecord): string {
  const { caseId, exhibitId, image } = ledger.case
  return `<?xml version="1.0" encoding="UTF-8"?>
<dfxml xmlns="${NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:s="urn:seized:dfxml:1" version="2.0.0-beta.0">
<metadata>${element('dc:type', 'Disk contents')}${element('s:case', printText(caseId))}${element('s:exhibit', printText(exhibitId))}${element('s:ledger', ledgerState(ledger))}${element('s:newest_head', ledger.newestHead())}</metadata>
<creator>${element('program', 'seized')}${element('version', VERSION)}</creator>
<source>${element('image_filename', printText(image ?? ledger.exhibit.root))}</source>
`
}

/** Values of `name_type` in the schema. */
const NAME_TYPES: Readonly<Record<EntryKind, string>> = {
  file: 'r',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'block-device': 'b',
  'character-device': 'c',
  unknown: '-',
}

function fileObject(view: EntryView, status: EntryStatus): string {
  const { entry, content } = view
  const { onImage } = entry
  return `<fileobject>${[
    element('filename', printPath(entry.path)),
    optional('partition', onImage?.volume),
    element('name_type', NAME_TYPES[entry.kind]),
    element('filesize', String(entry.sizeBytes)),
    element('alloc', status === 'live' ? '1' : '0'),
    onImage?.status === 'orphan' ? element('orphan', '1') : '',
    optional('inode', onImage?.record ?? entry.inode),
    optional('mode', entry.mode),
    optional('nlink', entry.links),
    optional('uid', entry.uid),
    optional('gid', entry.gid),
    times(entry.times),
    optional('link_target', entry.linkTarget && printName(entry.linkTarget)),
    ...(content
      ? (['md5', 'sha1', 'sha256'] as const).map(
          (name) => `<hashdigest type="${name}">${content.digests[name]}</hashdigest>`,
        )
      : []),
    own(view, status),
  ].join('')}</fileobject>\n`
}

function times({ modified, changed, accessed, born }: EntryTimes): string {
  const named = { mtime: modified, ctime: changed, atime: accessed, crtime: born }
  return Object.entries(named)
    .map(([name, time]) => optional(name, time && xsdTime(time)))
    .join('')
}

function own(view: EntryView, status: EntryStatus): string {
  const { entry, content, stages, hits, leads, ranked } = view
  return [
    element('s:name_bytes', entry.path.bytes.toString('base64')),
    optional('s:media_type', content && printText(content.mediaType)),
    entry.onImage || status !== 'live' ? element('s:status', status) : '',
    optional('s:priority', ranked.priority),
    ...STAGES.map((stage) => {
      const result = stages[stage]
      const reason = result.result === 'done' ? '' : ` reason="${attributeText(result.reason)}"`
      return `<s:stage name="${stage}" result="${result.result}"${reason}/>`
    }),
    ...hits.map(
      (hit) =>
        `<s:hit list="${attributeText(hit.hashSet)}" list_sha256="${attributeText(hit.hashSetSha256)}" edition="${attributeText(hit.edition ?? '')}" meaning="${hit.meaning}" scale="${attributeText(hit.scale ?? '')}" category="${attributeText(hit.category ?? '')}" algorithms="${attributeText(hit.algorithms.join(' '))}"/>`,
    ),
    ...leads.map(
      (lead) =>
        `<s:lead classifier="${attributeText(lead.classifier)}" label="${attributeText(lead.label)}" score_per_10k="${lead.scorePer10k}" threshold_per_10k="${lead.thresholdPer10k}"/>`,
    ),
    ...IN_WORDS.flatMap((kind) =>
      listOf(view, kind).map(
        (one) => `<s:finding kind="${kind.kind}">${escaped(printText(ENGLISH.finding(one)))}</s:finding>`,
      ),
    ),
  ].join('')
}

/** Kinds of finding without an element of their own. */
const IN_WORDS = FINDINGS.filter(({ kind }) => ['conflict', 'near', 'reference', 'signal'].includes(kind))

function optional(name: string, value: string | number | bigint | null | undefined): string {
  return value === null || value === undefined ? '' : element(name, String(value))
}

/** @param text printable text */
function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`
}

function attributeText(text: string): string {
  return escaped(printText(text)).replaceAll('"', '&quot;')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
