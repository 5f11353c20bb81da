/** SHACL validation of JSON-LD without a network: JSON-LD to triples, the ontologies beside them, the shapes over all. */
import { readFileSync } from 'node:fs'
// @ts-expect-error it has no types
import jsonld from 'jsonld'
// @ts-expect-error it has no types
import { Parser, Store } from 'n3'
import Validator from 'rdf-validate-shacl'
import { PINNED, schemaFile } from './schemas.ts'

const OWL_IMPORTS = 'http://www.w3.org/2002/07/owl#imports'
const SH_SPARQL = 'http://www.w3.org/ns/shacl#sparql'

/** N-Quads of a document. @throws when it is no JSON-LD, drops a property, or asks for a context from elsewhere */
export async function triplesOf(text: string): Promise<string> {
  return jsonld.toRDF(JSON.parse(text), {
    format: 'application/n-quads',
    safe: true,
    documentLoader: (url: string) => {
      throw new Error(`${url} would be fetched`)
    },
  })
}

/** @param folders of the pinned files whose triples are shapes and classes */
export function shapesIn(...folders: readonly string[]): (text: string) => Promise<string[]> {
  const shapes = new Store()
  for (const name of Object.keys(PINNED) as (keyof typeof PINNED)[])
    if (folders.some((folder) => name.startsWith(folder)))
      // A constraint of CAC 3.0.0 in SPARQL is none: those constraints are left out, all of them.
      for (const quad of new Parser().parse(readFileSync(schemaFile(name), 'utf8')))
        if (quad.predicate.value !== OWL_IMPORTS && quad.predicate.value !== SH_SPARQL) shapes.addQuad(quad)
  return async (text) => {
    const data = new Store(new Parser({ format: 'N-Quads' }).parse(await triplesOf(text)))
    for (const quad of shapes) data.addQuad(quad)
    const { results } = await new Validator(shapes).validate(data)
    return results
      .filter((one: Result) => one.severity?.value.endsWith('#Violation'))
      .map(
        (one: Result) =>
          `${one.focusNode?.value} ${one.path?.value}: ${one.message.map(({ value }) => value).join('; ') || one.sourceConstraintComponent?.value}`,
      )
  }
}

interface Result {
  readonly severity: { readonly value: string } | null
  readonly focusNode: { readonly value: string } | null
  readonly path: { readonly value: string } | null
  readonly message: readonly { readonly value: string }[]
  readonly sourceConstraintComponent: { readonly value: string } | null
}
