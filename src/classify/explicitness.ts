/**
 * Explicitness: the mean of P(porn) + P(hentai) over three models.
 *
 * The mean tolerates one model that dissents. The minimum would give each a veto, with an unknown loss, because no
 * explicit picture was used to measure. The third model costs fifteen times the others together, so it runs when one of
 * them gives porn, hentai and sexy at least the gate. Below it a picture could at most reach the lowest tier.
 *
 * A prefilter, the third model in eight bits, runs before it, unless the others alone bring the mean near the
 * threshold. Where the mean with the prefilter is clear of every threshold, the third model does not run. So each score
 * at or above a threshold comes from the float32 models, and the prefilter's own figures appear only below.
 */
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import type { Score } from '../contracts/finding.ts'
import { combinedSha256, type LoadedClassifier, type PictureClassifier } from './classifier.ts'
import { per10k, type Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const CHEAP = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid'] as const
const EXPENSIVE = 'nsfwjs-inception-v3'
export const SCREEN = 'nsfwjs-inception-v3-int8'

/** Classes of the three models, in the order of their outputs. */
const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const
type Shares = Readonly<Record<(typeof CLASSES)[number], number>>

export const EXPLICITNESS: PictureClassifier = {
  id: 'explicitness',
  models: [...CHEAP, EXPENSIVE, SCREEN],
  after: [],
  load(runners, { everyModel }) {
    const cheap = CHEAP.map((id) => runners.get(id)).filter((r) => r !== undefined)
    const expensive = runners.get(EXPENSIVE)
    if (cheap.length === CHEAP.length && expensive) {
      return together(cheap, expensive, runners.get(SCREEN) ?? null, everyModel ? 0 : THRESHOLDS.gate)
    }
    const some = [...cheap, ...(expensive ? [expensive] : [])]
    return some.length === 0 ? null : apart(some)
  },
}

interface Seen {
  readonly runner: Runner
  readonly shares: Shares
}

function together(
  cheap: readonly Runner[],
  expensive: Runner,
  screen: Runner | null,
  gatePer10k: number,
): LoadedClassifier {
  const members = [...cheap, expensive, ...(screen ? [screen] : [])].map((r) => r.card)
  const sha256 = combinedSha256(members)
  const { possible, likely, strong } = THRESHOLDS.explicitness
  return {
    uses: [
      ...members.map(
        ({ id, sha256, role }): ModelUse => ({
          id,
          sha256,
          thresholds: role === 'screen' ? THRESHOLDS.screen : {},
        }),
      ),
      { id: 'explicitness', sha256, thresholds: { explicit: possible, likely, strong, gate: gatePer10k } },
    ],
    async ready() {
      for (const runner of cheap) await runner.ready()
    },
    async look(pixels, _soFar, effort) {
      const seen: Seen[] = []
      const ask = async (runner: Runner): Promise<Seen> => ({
        runner,
        shares: await sharesOf(runner, pixels),
      })
      for (const runner of cheap) seen.push(await ask(runner))
      const due = seen.some(({ shares }) => per10k(explicitOf(shares) + shares.sexy) >= gatePer10k)
      if (due && effort !== 'fast') {
        const screened = screen && !isDueAnyway(seen) ? await ask(screen) : null
        seen.push(screened && isClear(seen, screened) ? screened : await ask(expensive))
      }
      const mean = (part: (shares: Shares) => number): number => meanPer10k(seen, part)
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

function meanPer10k(seen: readonly Seen[], part: (shares: Shares) => number): number {
  return per10k(seen.reduce((sum, { shares }) => sum + part(shares), 0) / seen.length)
}

/** True where the third model must run with any result of the prefilter, so that the prefilter is skipped. */
function isDueAnyway(cheap: readonly Seen[]): boolean {
  const { screen, explicitness } = THRESHOLDS
  const least = cheap.reduce((sum, { shares }) => sum + explicitOf(shares), 0) / (cheap.length + 1)
  return per10k(least) >= explicitness.possible - screen.lead
}

/** True where the prefilter's error can change neither a lead nor the use of the second face detector. */
function isClear(cheap: readonly Seen[], screened: Seen): boolean {
  const { screen, explicitness, ssdGate } = THRESHOLDS
  if (meanPer10k([...cheap, screened], explicitOf) >= explicitness.possible - screen.lead) return false
  // That detector depends on the strongest score: where a cheap model requires it, the rest is decided.
  if (cheap.some(({ shares }) => per10k(explicitOf(shares)) >= ssdGate)) return true
  return Math.abs(per10k(explicitOf(screened.shares)) - ssdGate) > screen.face
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
