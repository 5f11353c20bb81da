/**
 * Explicitness: the mean of P(porn) + P(hentai) over three models.
 *
 * The mean tolerates one model that dissents; the minimum would give each a veto, and how much that would miss is
 * unknown, because no explicit picture was used to measure. The third model costs fifteen times the others together,
 * so it runs when one of them gives porn, hentai and sexy at least the gate: without it a picture could at most have
 * reached the lowest tier.
 */
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import type { Score } from '../contracts/finding.ts'
import { combinedSha256, type LoadedClassifier, type PictureClassifier } from './classifier.ts'
import { per10k, type Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const CHEAP = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid'] as const
const DEAR = 'nsfwjs-inception-v3'

/** What the three models tell apart, in the order of their outputs. */
export const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const
type Shares = Readonly<Record<(typeof CLASSES)[number], number>>

export const EXPLICITNESS: PictureClassifier = {
  id: 'explicitness',
  models: [...CHEAP, DEAR],
  after: [],
  load(runners, { everyModel }) {
    const cheap = CHEAP.map((id) => runners.get(id)).filter((r) => r !== undefined)
    const dear = runners.get(DEAR)
    if (cheap.length === CHEAP.length && dear) return together(cheap, dear, everyModel ? 0 : THRESHOLDS.gate)
    const some = [...cheap, ...(dear ? [dear] : [])]
    return some.length === 0 ? null : apart(some)
  },
}

function together(cheap: readonly Runner[], dear: Runner, gatePer10k: number): LoadedClassifier {
  const members = [...cheap, dear].map((r) => r.card)
  const sha256 = combinedSha256(members)
  const { possible, likely, strong } = THRESHOLDS.explicitness
  return {
    uses: [
      ...members.map((card): ModelUse => ({ id: card.id, sha256: card.sha256, thresholds: {} })),
      { id: 'explicitness', sha256, thresholds: { explicit: possible, likely, strong, gate: gatePer10k } },
    ],
    async ready() {
      for (const runner of cheap) await runner.ready()
    },
    async look(pixels, _soFar, effort) {
      const seen: { runner: Runner; shares: Shares }[] = []
      for (const runner of cheap) seen.push({ runner, shares: await sharesOf(runner, pixels) })
      const due = seen.some(({ shares }) => per10k(explicitOf(shares) + shares.sexy) >= gatePer10k)
      if (due && effort !== 'fast') {
        seen.push({ runner: dear, shares: await sharesOf(dear, pixels) })
      }
      const mean = (part: (shares: Shares) => number): number =>
        per10k(seen.reduce((sum, { shares }) => sum + part(shares), 0) / seen.length)
      const score = (label: string, scorePer10k: number, thresholdPer10k: number | null): Score => ({
        kind: 'score',
        classifier: 'explicitness',
        modelSha256: sha256,
        label,
        scorePer10k,
        thresholdPer10k,
      })
      return {
        leftOut: due && effort === 'fast',
        scores: [
          score('explicit', mean(explicitOf), possible),
          ...CLASSES.map((label) =>
            score(
              label,
              mean((shares) => shares[label]),
              null,
            ),
          ),
          ...seen.map(({ runner, shares }) => ownScore(runner, 'explicit', explicitOf(shares), null)),
        ],
      }
    },
  }
}

/** Each model by itself, at the threshold that was measured for it alone. */
function apart(runners: readonly Runner[]): LoadedClassifier {
  const thresholdOf = (runner: Runner): number =>
    THRESHOLDS.explicitAlone[runner.card.id as keyof typeof THRESHOLDS.explicitAlone]
  return {
    uses: runners.map((runner) => ({
      id: runner.card.id,
      sha256: runner.card.sha256,
      thresholds: { explicit: thresholdOf(runner) },
    })),
    async ready() {
      for (const runner of runners) await runner.ready()
    },
    async look(pixels) {
      const scores: Score[] = []
      for (const runner of runners) {
        const shares = await sharesOf(runner, pixels)
        scores.push(ownScore(runner, 'explicit', explicitOf(shares), thresholdOf(runner)))
        for (const label of CLASSES) scores.push(ownScore(runner, label, shares[label], null))
      }
      return { scores }
    },
  }
}

async function sharesOf(runner: Runner, pixels: Pixels): Promise<Shares> {
  const [output] = await runner.run(pixels)
  return Object.fromEntries(CLASSES.map((label, i) => [label, output![i]!])) as Shares
}

function explicitOf(shares: Shares): number {
  return shares.porn + shares.hentai
}

function ownScore(runner: Runner, label: string, share: number, thresholdPer10k: number | null): Score {
  return {
    kind: 'score',
    classifier: runner.card.id,
    modelSha256: runner.card.sha256,
    label,
    scorePer10k: per10k(share),
    thresholdPer10k,
  }
}
