/**
 * JSON-LD in the form that CASE, UCO and CAC require: one node on each line, typed values, and no context that must be
 * fetched.
 */
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import type { TextOut } from '../model/text-out.ts'
import { uuidOf } from './ids.ts'
import { jsonLine } from './jsonl.ts'

export interface Node {
  readonly '@id': string
  readonly '@type': string | readonly string[]
  readonly [property: string]: unknown
}

const UCO = 'https://ontology.unifiedcyberontology.org/uco'

const CONTEXT = {
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': `${UCO}/action/`,
  'uco-analysis': `${UCO}/analysis/`,
  'uco-core': `${UCO}/core/`,
  'uco-identity': `${UCO}/identity/`,
  'uco-observable': `${UCO}/observable/`,
  'uco-tool': `${UCO}/tool/`,
  'uco-types': `${UCO}/types/`,
  'cac-detection': 'https://cacontology.projectvic.org/detection#',
  seized: 'urn:seized:ontology:1:',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

/** Ids of nodes, equal in every export of one exhibit. */
export type IdOf = (...name: readonly (string | Buffer)[]) => string

export function idsOf(ledger: ExaminationFacts): IdOf {
  return (...name) => `urn:uuid:${uuidOf(ledger, ...name)}`
}

export function ref(id: string): { readonly '@id': string } {
  return { '@id': id }
}

export function typed(type: string, value: string | number | bigint | boolean) {
  return { '@type': `xsd:${type}`, '@value': String(value) }
}

/** A share as a decimal between 0 and 1. */
export function share(per10k: number) {
  return typed('decimal', (per10k / 10_000).toFixed(4))
}

/** Leaves properties without a value out. */
export function node(id: string, type: Node['@type'], properties: Readonly<Record<string, unknown>>): Node {
  const held = Object.entries(properties).filter(
    ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return { '@id': id, '@type': type, ...Object.fromEntries(held) }
}

export async function writeGraph(text: TextOut, nodes: Iterable<Node>): Promise<void> {
  await text.write(`{"@context":${jsonLine(CONTEXT)},\n"@graph":[`)
  let isFirst = true
  for (const one of nodes) {
    await text.write(`${isFirst ? '' : ','}\n${jsonLine(one)}`)
    isFirst = false
  }
  await text.write('\n]}\n')
}
