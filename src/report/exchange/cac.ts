/**
 * CAC ontology 3.0.0 (experimental) as JSON-LD over UCO 1.4.0: matches, leads and reviews in the form of its detection
 * module.
 *
 * A person's decision becomes a `reviewDecision` only with the words that the agency declared for the scale. PDQ
 * hashes are left out: the shapes of 3.0.0 allow six algorithms, and PDQ is not one of them. The ontology has no class
 * for views of originals and exposure.
 */

import { printText } from '../../base/evidence-path.ts'
import type { NearMatch } from '../../contracts/finding.ts'
import type { LedgerIdentity, LedgerReader, RunHistory } from '../../contracts/ledger-reader.ts'
import { carriesFinding } from '../../findings/index.ts'
import { decisionsOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES, type Wishes } from '../export/wishes.ts'
import { contentsOf, type FoundContent } from '../model/contents.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { sightWords } from '../model/sight-words.ts'
import { withText } from '../model/text-out.ts'
import { type IdOf, idsOf, type Node, node, ref, share, typed, writeGraph } from './graph.ts'
import { contentNodes, ExhibitNodes, fileId, fileNodes, personNode, runTime } from './graph-nodes.ts'

export const cac: Exporter = {
  id: 'cac',
  title: 'CAC 3.0 graph (JSON-LD, experimental) of findings and decisions',
  extension: '.jsonld',
  leavesOut: {
    conflict: 'The ontology knows a match, and no digest that agrees while another does not.',
    reference: 'DatabaseMatchAction says that a content matched; a record that names a digest did not.',
    signal: 'The ontology has no class for a sign in a text.',
    attribute: 'Neutral facts of a content stand in JSONL.',
    'perceptual-hash': HASHES_ARE_FOR_MATCHING,
    record: 'Records of the device stand in JSONL and in the timeline.',
  },
  async write(ledger, out, _view, wishes = NO_WISHES) {
    await withText(out, (text) => writeGraph(text, nodes(ledger, wishes)))
  },
}

function* nodes(ledger: LedgerReader, { reviewWords }: Wishes): Iterable<Node> {
  const id = idsOf(ledger)
  const made = decisionsOf(ledger.custody())
  const tools = new Map<string, Node>()
  const exhibit = new ExhibitNodes(ledger, id)
  const persons = new Set([ledger.case.examiner])
  for (const found of contentsOf(
    ledger,
    (view) => carriesFinding(view) || (view.content !== null && made.has(view.content.digests.sha256)),
  )) {
    yield* contentNodes(id, found)
    for (const entry of found.places) {
      yield* fileNodes(id, entry, found.content)
      yield* exhibit.add(fileId(id, entry))
    }
    yield* matchNodes(ledger, id, found, tools)
    yield* leadNodes(ledger, id, found, tools)
    for (const decision of standing(made.get(found.content.digests.sha256) ?? [])) {
      persons.add(decision.operator)
      yield decisionNode(id, found, decision, reviewWords)
    }
  }
  yield* tools.values()
  for (const name of persons) yield personNode(id, name)
  yield* exhibit.end(id('person', ledger.case.examiner))
}

/** An action of the program, with the labels that the spine requires and both start times (UCO's and the shapes'). */
function action(
  ledger: LedgerIdentity & RunHistory,
  id: string,
  type: string,
  label: string,
  properties: Readonly<Record<string, unknown>>,
): Node {
  const start = typed('dateTime', runTime(ledger))
  return node(id, type, {
    'rdfs:label': label,
    'uco-core:startTime': start,
    'uco-action:startTime': start,
    ...properties,
  })
}

function* matchNodes(
  ledger: LedgerIdentity & RunHistory,
  id: IdOf,
  { view, content, places }: FoundContent,
  tools: Map<string, Node>,
): Iterable<Node> {
  const matched = [...view.hits, ...view.near]
  for (const [i, hit] of matched.entries()) {
    const tool = id('matching')
    tools.set(
      tool,
      node(tool, 'cac-detection:DatabaseMatchingTool', {
        'uco-core:name': 'seized, comparison with lists',
        'rdfs:label': 'comparison with lists',
      }),
    )
    const list = id('list', hit.hashSetSha256)
    tools.set(
      list,
      node(list, 'uco-observable:ObservableObject', {
        'uco-core:name': printText(hit.hashSet),
        'uco-core:description': printText(
          `edition ${hit.edition ?? 'not stated'}, SHA-256 ${hit.hashSetSha256}`,
        ),
      }),
    )
    const isNear = hit.kind === 'near'
    yield action(
      ledger,
      id('cac-match', content.digests.sha256, String(i)),
      'cac-detection:DatabaseMatchAction',
      isNear ? 'near match, to be judged by a person' : 'equal digests',
      {
        'uco-action:instrument': ref(tool),
        'uco-action:object': places.map((entry) => ref(fileId(id, entry))),
        'cac-detection:matchedDatabase': ref(list),
        'cac-detection:matchType': isNear ? 'near-duplicate' : 'exact',
        'cac-detection:similarityScore': isNear && !hit.hasher ? similarity(hit) : null,
      },
    )
  }
}

/** Share of equal bits of 256. */
function similarity({ distanceBits }: NearMatch) {
  return typed('decimal', (1 - distanceBits / 256).toFixed(4))
}

function* leadNodes(
  ledger: LedgerIdentity & RunHistory,
  id: IdOf,
  { view, content, places }: FoundContent,
  tools: Map<string, Node>,
): Iterable<Node> {
  for (const lead of view.leads) {
    const tool = id('model', lead.modelSha256, lead.label)
    tools.set(
      tool,
      node(tool, 'cac-detection:MachineLearningDetectionTool', {
        'rdfs:label': 'a model that estimates',
        'uco-core:name': printText(`${lead.classifier}: ${lead.label}`).slice(0, 100),
        'uco-core:description': `SHA-256 ${lead.modelSha256}`,
        'cac-detection:modelVersion': lead.modelSha256.slice(0, 50),
        'cac-detection:detectionThreshold': share(lead.thresholdPer10k),
      }),
    )
    yield action(
      ledger,
      id('cac-lead', content.digests.sha256, lead.classifier, lead.label),
      'cac-detection:AutomatedDetectionAction',
      'a model estimates; nobody has judged',
      {
        'uco-action:instrument': ref(tool),
        'uco-action:object': places.map((entry) => ref(fileId(id, entry))),
        'cac-detection:confidenceScore': share(lead.scorePer10k),
      },
    )
  }
}

function decisionNode(
  id: IdOf,
  { places, view }: FoundContent,
  made: RecordedDecision,
  declared: Wishes['reviewWords'],
): Node {
  const start = typed('dateTime', made.utc)
  const word =
    declared?.scale === made.scale && made.category !== null ? declared.words[made.category] : undefined
  return node(
    id('cac-decision', made.sha256, made.scale, made.operator, made.utc),
    'cac-detection:ManualClassificationAction',
    {
      'rdfs:label': 'decided by a person',
      'uco-core:startTime': start,
      'uco-action:startTime': start,
      'uco-action:performer': ref(id('person', made.operator)),
      'uco-action:object': places.map((entry) => ref(fileId(id, entry))),
      'uco-core:description': printText(
        `category ${made.category ?? ''} on scale ${made.scale}; ${sightWords(made, view.hits)}`,
      ),
      'cac-detection:reviewDecision': word ?? null,
    },
  )
}
