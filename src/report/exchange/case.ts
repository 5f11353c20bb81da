/**
 * CASE 1.4.0 and UCO 1.4.0 as JSON-LD: entries with a finding or a decision, with digests, hits, near matches, leads
 * and decisions. DFXML lists all other entries: a graph of a million files is of no use.
 *
 * Ids are UUIDs of version 5, so two exports of one ledger are equal. Hash methods are plain strings: the datatype of the
 * vocabulary is deprecated since UCO 1.4.0.
 */

import { printText } from '../../base/evidence-path.ts'
import type { NearMatch } from '../../contracts/finding.ts'
import type {
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import { STEP_TECHNIQUES } from '../../contracts/solve-it.ts'
import { carriesFinding } from '../../findings/index.ts'
import { decisionsOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import type { Exporter } from '../export/exporter.ts'
import { contentsOf, type FoundContent } from '../model/contents.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { sightWords } from '../model/sight-words.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { type IdOf, idsOf, type Node, node, ref, share, typed, writeGraph } from './graph.ts'
import {
  contentNodes,
  ExhibitNodes,
  fileId,
  fileNodes,
  personNode,
  runTime,
  toolNode,
} from './graph-nodes.ts'
import { imageNotes } from './image-notes.ts'
import { TechniqueNodes, techniquesOf } from './techniques.ts'

export const caseUco: Exporter = {
  id: 'case',
  title: 'CASE/UCO 1.4 graph (JSON-LD) of findings and decisions',
  extension: '.jsonld',
  leavesOut: {
    signal: 'A sign in a text is a place in that text, for which CASE and UCO have no class: JSONL has it.',
    attribute: 'Neutral facts of a content stand in JSONL.',
    'perceptual-hash': HASHES_ARE_FOR_MATCHING,
    record: 'Records of the device stand in JSONL and in the timeline.',
  },
  async write(ledger, out) {
    await withText(out, (text) => writeGraph(text, nodes(ledger)))
  },
}

function* nodes(ledger: LedgerReader): Iterable<Node> {
  const id = idsOf(ledger)
  const made = decisionsOf(ledger.custody())
  const exhibit = new ExhibitNodes(ledger, id)
  const persons = new Set([ledger.case.examiner])
  const lists = new Map<string, Node>()
  const techniques = new TechniqueNodes(id)
  yield toolNode(id)
  for (const found of contentsOf(
    ledger,
    (view) => carriesFinding(view) || (view.content !== null && made.has(view.content.digests.sha256)),
  )) {
    const stands = standing(made.get(found.content.digests.sha256) ?? [])
    yield* contentNodes(id, found)
    const leads = [...leadNodes(id, found)]
    const facet = leads.length > 0 ? [leads.at(-1)!['@id']] : []
    for (const entry of found.places) {
      yield* fileNodes(id, entry, found.content, facet)
      yield* exhibit.add(fileId(id, entry))
    }
    yield* leads
    yield* matchNodes(ledger, id, found, { lists, techniques })
    for (const decision of stands) {
      persons.add(decision.operator)
      yield* decisionNodes(id, found, decision, techniques)
    }
  }
  yield* lists.values()
  for (const name of persons) yield personNode(id, name)
  yield* exhibit.end(id('tool-run'))
  yield runNode(ledger, id, techniques)
  yield* techniques.end()
}

function runNode(ledger: LedgerReader, id: IdOf, techniques: TechniqueNodes): Node {
  const sealed = ledger.seal?.utc
  return node(id('tool-run'), 'case-investigation:InvestigativeAction', {
    'uco-core:name': 'examined',
    'uco-core:description': printText(
      [
        `ledger ${ledgerState(ledger)}, newest head ${ledger.newestHead()}, plan ${ledger.planDigest}`,
        ...imageNotes(ledger).map(([, value]) => value),
      ].join('; '),
    ),
    'uco-action:performer': ref(id('person', ledger.case.examiner)),
    'uco-action:instrument': ref(toolNode(id)['@id']),
    'uco-action:startTime': typed('dateTime', runTime(ledger)),
    'uco-action:endTime': sealed ? typed('dateTime', sealed) : null,
    'uco-action:result': ref(id('exhibit', '0')),
    'uco-core:externalReference': techniques.refs(techniquesOf(ledger)),
  })
}

/** Seconds that match, of our video and of the listed video. */
function sharesText({ video }: NearMatch): string {
  if (video === null) return ''
  const { id, ours, listed } = video
  return ` (ours ${ours.found}/${ours.of}, listed ${listed.found}/${listed.of}${id === null ? '' : `, ${printText(id)}`})`
}

function nearWords(near: NearMatch): string {
  const { hasher, algorithm, distanceBits } = near
  return hasher
    ? `the agency's hasher ${hasher.id} (card SHA-256 ${hasher.cardSha256}), distance ${hasher.distance} (${hasher.metric})`
    : `${algorithm}${sharesText(near)}, ${distanceBits} bits`
}

/** Hits, near matches, digest conflicts and references: the comparison with each list, and its result. */
function* matchNodes(
  ledger: LedgerIdentity & ExaminationFacts & RunHistory,
  id: IdOf,
  { view, content, places }: FoundContent,
  { lists, techniques }: { readonly lists: Map<string, Node>; readonly techniques: TechniqueNodes },
): Iterable<Node> {
  const { sha256 } = content.digests
  const found = [
    ...view.hits.map((hit) => ({ hit, how: `equal by ${hit.algorithms.join(' and ')}` })),
    ...view.near.map((hit) => ({
      hit,
      how: `near by ${nearWords(hit)}: to be judged by a person`,
    })),
    ...view.conflicts.map((hit) => ({
      hit,
      how: `${hit.agreeing.join(' and ')} agrees, ${hit.differing.join(' and ')} does not: a digest conflict, no match`,
    })),
    ...view.references.map((hit) => ({
      hit,
      how: `a record in it (${hit.record.code}) names ${hit.algorithm} ${hit.digest}: no match, the content ${hit.found ? 'was' : 'was not'} found on this exhibit`,
    })),
  ]
  for (const [i, { hit, how }] of found.entries()) {
    const list = id('list', hit.hashSetSha256)
    lists.set(
      list,
      node(list, 'uco-tool:Tool', {
        'uco-core:name': printText(hit.hashSet),
        'uco-tool:toolType': 'hash list',
        'uco-tool:version': printText(hit.edition ?? 'no edition stated'),
        'uco-core:description': `SHA-256 ${hit.hashSetSha256}`,
      }),
    )
    const record = id('match-record', sha256, String(i))
    yield node(id('match', sha256, String(i)), 'case-investigation:InvestigativeAction', {
      'uco-core:name': 'matched',
      'uco-core:description': printText(how),
      'uco-action:instrument': [ref(toolNode(id)['@id']), ref(list)],
      'uco-action:startTime': typed('dateTime', runTime(ledger)),
      'uco-action:result': ref(record),
      'uco-core:externalReference': techniques.refs(STEP_TECHNIQUES[hit.kind]),
    })
    yield node(record, 'case-investigation:ProvenanceRecord', {
      'uco-core:name': 'match',
      'uco-core:description': printText(
        `${KIND_WORDS[hit.kind]}: list ${hit.hashSet}, scale ${hit.scale ?? 'none'}, category ${hit.category ?? 'none'}, meaning declared for it: ${hit.meaning}`,
      ),
      'case-investigation:exhibitNumber': `${printText(ledger.case.exhibitId)} ${sha256}`,
      'uco-core:object': places.map((entry) => ref(fileId(id, entry))),
    })
  }
}

const KIND_WORDS = {
  hit: 'hit',
  near: 'near match',
  conflict: 'digest conflict',
  reference: 'reference',
} as const

/** Leads, which are estimates of models; the facet that files refer to comes last. Empty without leads. */
function* leadNodes(id: IdOf, { view, content }: FoundContent): Iterable<Node> {
  if (view.leads.length === 0) return
  const { sha256 } = content.digests
  const classes = view.leads.map((lead, i) =>
    node(id('lead', sha256, String(i)), 'uco-analysis:ArtifactClassification', {
      'uco-analysis:class': printText(`${lead.classifier}: ${lead.label}`),
      'uco-analysis:classificationConfidence': share(lead.scorePer10k),
    }),
  )
  yield* classes
  yield node(id('lead-facet', sha256), 'uco-analysis:ArtifactClassificationResultFacet', {
    'uco-analysis:classification': classes.map((one) => ref(one['@id'])),
  })
}

function* decisionNodes(
  id: IdOf,
  { places, view }: FoundContent,
  made: RecordedDecision,
  techniques: TechniqueNodes,
): Iterable<Node> {
  const name = [made.sha256, made.scale, made.operator, made.utc]
  yield node(id('decision', ...name), 'case-investigation:InvestigativeAction', {
    'uco-core:name': made.act,
    'uco-core:description': printText(
      `category ${made.category ?? ''} on scale ${made.scale}; ${sightWords(made, view.hits)}`,
    ),
    'uco-action:performer': ref(id('person', made.operator)),
    'uco-action:startTime': typed('dateTime', made.utc),
    'uco-action:object': places.map((entry) => ref(fileId(id, entry))),
    'uco-action:result': ref(id('decision-record', ...name)),
    'uco-core:externalReference': techniques.refs(STEP_TECHNIQUES.decided),
  })
  yield node(id('decision-record', ...name), 'case-investigation:ProvenanceRecord', {
    'uco-core:name': 'decision',
    'uco-core:description': printText(made.note || 'no note'),
    'uco-core:object': places.map((entry) => ref(fileId(id, entry))),
  })
}
