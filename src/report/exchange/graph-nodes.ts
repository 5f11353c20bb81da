/** Nodes that CASE and CAC share: the exhibit, the tool, persons, files with their digests, lists. */
import { printLastName, printPath, printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type { Content } from '../../contracts/content.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { LedgerIdentity, LedgerReader, RunHistory } from '../../contracts/ledger-reader.ts'
import type { FoundContent } from '../model/contents.ts'
import { ledgerState } from '../model/values.ts'
import { type IdOf, type Node, node, ref, typed } from './graph.ts'
import { xsdTime } from './times.ts'

export function toolNode(id: IdOf): Node {
  return node(id('tool', VERSION), 'uco-tool:AnalyticTool', {
    'uco-core:name': 'seized',
    'uco-tool:toolType': 'triage of a seized device',
    'uco-tool:version': VERSION,
  })
}

export function personNode(id: IdOf, name: string): Node {
  return node(id('person', name), 'uco-identity:Person', { 'uco-core:name': printText(name) })
}

/** Maximum number of files in one provenance record, so that no node grows with the exhibit. */
const FILES_A_RECORD = 500

/** Provenance records of the exhibit over the files with findings; at least one record. */
export class ExhibitNodes {
  readonly #ledger: LedgerReader
  readonly #id: IdOf
  #files: string[] = []
  #records = 0

  constructor(ledger: LedgerReader, id: IdOf) {
    this.#ledger = ledger
    this.#id = id
  }

  /** @yields a record that is full */
  *add(file: string): Iterable<Node> {
    this.#files.push(file)
    if (this.#files.length === FILES_A_RECORD) yield this.#record()
  }

  /** @param otherwise object of the record when there were no findings */
  *end(otherwise: string): Iterable<Node> {
    if (this.#records === 0 && this.#files.length === 0) this.#files.push(otherwise)
    if (this.#files.length > 0) yield this.#record()
  }

  #record(): Node {
    const { caseId, exhibitId } = this.#ledger.case
    const objects = this.#files.map(ref)
    this.#files = []
    return node(this.#id('exhibit', String(this.#records++)), 'case-investigation:ProvenanceRecord', {
      'uco-core:name': `exhibit ${printText(exhibitId)} of case ${printText(caseId)}`,
      'uco-core:description': `ledger ${ledgerState(this.#ledger)}, newest head ${this.#ledger.newestHead()}`,
      'case-investigation:exhibitNumber': printText(exhibitId),
      'uco-core:object': objects,
    })
  }
}

export function fileId(id: IdOf, entry: Entry): string {
  return id('file', entry.path.bytes)
}

/** A file at one place, with digests of its content. */
export function* fileNodes(
  id: IdOf,
  entry: Entry,
  content: Content | null,
  more: readonly string[] = [],
): Iterable<Node> {
  const path = entry.path.bytes
  const facets = [
    id('file-facet', path),
    ...(content ? [id('content-facet', content.digests.sha256)] : []),
    ...more,
  ]
  yield node(fileId(id, entry), 'uco-observable:File', { 'uco-core:hasFacet': facets.map(ref) })
  const printed = printPath(entry.path)
  const { modified, accessed, changed, born } = entry.times
  const time = (of: typeof modified) => {
    const text = of && xsdTime(of)
    return text ? typed('dateTime', text) : null
  }
  yield node(id('file-facet', path), ['uco-observable:FileFacet', 'seized:RawNameFacet'], {
    'uco-observable:fileName': printLastName(entry.path),
    'uco-observable:filePath': printed,
    'uco-observable:isDirectory': typed('boolean', entry.kind === 'directory'),
    'uco-observable:sizeInBytes': typed('integer', entry.sizeBytes),
    'uco-observable:allocationStatus': entry.onImage?.status ?? null,
    'uco-observable:modifiedTime': time(modified),
    'uco-observable:accessedTime': time(accessed),
    'uco-observable:metadataChangeTime': time(changed),
    'uco-observable:observableCreatedTime': time(born),
    'seized:rawName': typed('base64Binary', path.toString('base64')),
  })
}

/**
 * Nodes of a content, written once for all files with this content. Places that follow from copies of copies have no file of
 * their own; the content says how many they are.
 */
export function* contentNodes(
  id: IdOf,
  { content: { digests, mediaType, sizeBytes }, leftOut }: Pick<FoundContent, 'content' | 'leftOut'>,
): Iterable<Node> {
  const hashes = [
    ['MD5', digests.md5],
    ['SHA1', digests.sha1],
    ['SHA256', digests.sha256],
  ] as const
  const type = 'uco-observable:ContentDataFacet'
  yield node(id('content-facet', digests.sha256), leftOut === 0 ? type : [type, 'seized:PlacesFacet'], {
    'seized:placesLeftOut': leftOut === 0 ? null : typed('integer', leftOut),
    'uco-observable:mimeType': printText(mediaType),
    'uco-observable:sizeInBytes': typed('integer', sizeBytes),
    'uco-observable:hash': hashes.map(([name]) => ref(id('hash', name, digests.sha256))),
  })
  for (const [name, hex] of hashes)
    yield node(id('hash', name, digests.sha256), 'uco-types:Hash', {
      'uco-types:hashMethod': name,
      'uco-types:hashValue': typed('hexBinary', hex),
    })
}

/** The first event of the ledger: actions of the program have no finer time. */
export function runTime(ledger: LedgerIdentity & RunHistory): string {
  return ledger.events()[0]?.utc ?? ledger.seal?.utc ?? '1970-01-01T00:00:00.000Z'
}
