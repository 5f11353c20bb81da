/** Techniques of SOLVE-IT as external references of a graph: of the examination, of each match and of each decision. */
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import { SOLVE_IT, STAGE_TECHNIQUES, STEP_TECHNIQUES, type TechniqueId } from '../../contracts/solve-it.ts'
import { isStageAsked, STAGES } from '../../contracts/stage.ts'
import { type IdOf, type Node, node, ref, typed } from './graph.ts'

/** The techniques of an examination by its plan: the reading of the exhibit, then each stage that was asked for. */
export function techniquesOf({ exhibit, plan }: ExaminationFacts): readonly TechniqueId[] {
  const { options } = plan
  return [
    ...new Set<TechniqueId>([
      ...(exhibit.image ? STEP_TECHNIQUES.image : STEP_TECHNIQUES.mount),
      ...(options.keysBasis === undefined ? [] : STEP_TECHNIQUES.keys),
      ...(options.privilegedSha256 === undefined ? [] : STEP_TECHNIQUES.privilege),
      ...STAGES.filter((stage) => isStageAsked(stage, plan)).flatMap((stage) => STAGE_TECHNIQUES[stage]),
    ]),
  ]
}

/** Refers to techniques, and writes a node for each technique that was referred to. */
export class TechniqueNodes {
  readonly #id: IdOf
  readonly #used = new Set<TechniqueId>()

  constructor(id: IdOf) {
    this.#id = id
  }

  refs(techniques: readonly TechniqueId[]): readonly { readonly '@id': string }[] {
    for (const one of techniques) this.#used.add(one)
    return techniques.map((one) => ref(this.#id('technique', one)))
  }

  *end(): Iterable<Node> {
    for (const one of this.#used)
      yield node(this.#id('technique', one), 'uco-core:ExternalReference', {
        'uco-core:definingContext': `SOLVE-IT, commit ${SOLVE_IT.commit}`,
        'uco-core:externalIdentifier': one,
        'uco-core:referenceURL': typed(
          'anyURI',
          `https://github.com/SOLVE-IT-DF/solve-it/blob/${SOLVE_IT.commit}/data/techniques/${one}.json`,
        ),
      })
  }
}
