/** `npm run bench [-- NAME …]`: each bench compares with a named peer or a stated limit in the same run and prints ratios. */

interface Bench {
  readonly run: (args: string[]) => Promise<unknown>
}

/** In the order they run when none is named; each is one file of this folder. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  known: () => import('./known.ts'),
  image: () => import('./image.ts'),
  locked: () => import('./locked.ts'),
  'locked-scan': () => import('./locked-scan.ts'),
  media: () => import('./media.ts'),
  hashset: () => import('./hashset.ts'),
  near: () => import('./near.ts'),
  videos: () => import('./videos.ts'),
  pdq: () => import('./pdq.ts'),
  text: () => import('./text.ts'),
  device: () => import('./device.ts'),
  agreement: () => import('./agreement.ts'),
  review: () => import('./review.ts'),
  'case-review': () => import('./case-review.ts'),
  sight: () => import('./sight.ts'),
  'sight-proxy': () => import('./sight-proxy.ts'),
  words: () => import('./words.ts'),
  speech: () => import('./speech.ts'),
  'text-score': () => import('./text-score.ts'),
  'own-model': () => import('./own-model.ts'),
  'own-model-trial': () => import('./own-model-trial.ts'),
  'own-model-cost': () => import('./own-model-cost.ts'),
  rates: () => import('./rates.ts'),
  small: () => import('./small-pictures.ts'),
  leads: () => import('./leads.ts'),
  report: () => import('./report.ts'),
  'after-seal': () => import('./after-seal.ts'),
  lab: () => import('./lab.ts'),
  scale: () => import('./scale.ts'),
  'look-shards': () => import('./look-shards.ts'),
}

const [name, ...args] = process.argv.slice(2)
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  console.error(`There is no bench "${name}". Benches: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}
for (const each of name === undefined ? Object.keys(BENCHES) : [name]) {
  console.log(`── ${each}`)
  await (await BENCHES[each]!()).run(args)
}
