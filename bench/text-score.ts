/**
 * Scoring of text against the bare loop: features and inference alone, the same model, in the same process.
 *
 * The scoring also folds, runs the rules of seven languages, weighs senders and windows. Conversations are authored ones
 * and neutral sentences; `-- text-score DATA_DIR` takes the benign chats of a data folder instead. Target: 0.5 of bare.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAuthored } from '../scripts/train/authored.ts'
import { readBenign, readOffers } from '../scripts/train/stage-rows.ts'
import { MODELS_DIR } from '../src/base/version.ts'
import type { Message } from '../src/classify-text/conversation.ts'
import { foldText } from '../src/classify-text/fold-text.ts'
import { type GroomingCard, openGrooming } from '../src/classify-text/grooming.ts'
import { openGroupedModel } from '../src/classify-text/grouped-model.ts'
import { openJobOffer } from '../src/classify-text/job-offer.ts'
import { offerFeatures } from '../src/classify-text/offer-features.ts'
import type { JobOffer } from '../src/classify-text/offer-fields.ts'
import { sentencesOf, stageFeatures } from '../src/classify-text/stage-features.ts'
import { openStageModel } from '../src/classify-text/stage-model.ts'
import { readTextModel } from '../src/classify-text/text-model.ts'
import { neutralTexts } from '../src/terms/neutral.ts'

const ROUNDS = 6
const AUTHORED = join(import.meta.dirname, '../../scripts/train/authored')

export async function run([dataFolder]: string[]): Promise<void> {
  const conversations = dataFolder
    ? readBenign(dataFolder).map(({ messages }) => messages)
    : ownConversations()
  const messages = conversations.reduce((sum, { length }) => sum + length, 0)
  const { card, bytes } = readTextModel<GroomingCard>('grooming', MODELS_DIR)
  const scorer = await openStageModel(
    bytes,
    card.heads.map(({ bias }) => bias),
  )
  const grooming = await openGrooming(MODELS_DIR)
  report(
    'messages',
    messages,
    await best(
      conversations,
      async (conversation) => {
        await scorer(
          conversation.flatMap(({ text }) =>
            sentencesOf(foldText(text)).map((sentence) => stageFeatures(sentence.text)),
          ),
        )
      },
      async (conversation) => {
        await grooming.classify(conversation)
      },
    ),
  )
  const offers: readonly JobOffer[] = (dataFolder ? readOffers(dataFolder) : ownOffers()).map(
    (description) => ({
      description,
    }),
  )
  const model = await openGroupedModel(readTextModel('job-offer', MODELS_DIR).bytes)
  const jobOffer = await openJobOffer(MODELS_DIR)
  report(
    'offers of work',
    offers.length,
    await best(
      offers,
      async (offer) => {
        await model.score(offerFeatures(offer, []))
      },
      async (offer) => {
        await jobOffer.classify(offer)
      },
    ),
  )
}

function report(what: string, count: number, [bareSeconds = 0, shippedSeconds = 0]: readonly number[]): void {
  const rate = (seconds: number) => Math.round(count / seconds).toLocaleString('en')
  console.log(
    `${what}: bare features and inference ${rate(bareSeconds)}/s and core, scoring ${rate(shippedSeconds)}/s and core (ratio ${(bareSeconds / shippedSeconds).toFixed(2)}, ${count.toLocaleString('en')} ${what})`,
  )
}

/**
 * Seconds of user CPU of the fastest of some rounds, after one that does not count. Rounds alternate, so that what else runs
 * on the machine slows both alike.
 */
async function best<T>(
  items: readonly T[],
  ...ways: readonly ((item: T) => Promise<void>)[]
): Promise<number[]> {
  const least = ways.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [w, each] of ways.entries()) {
      const before = process.cpuUsage()
      for (const item of items) await each(item)
      if (round > 0) least[w] = Math.min(least[w]!, process.cpuUsage(before).user / 1e6)
    }
  return least
}

/** About 12,000 messages. */
function ownConversations(): readonly (readonly Message[])[] {
  const authored = ['grooming', 'benign'].flatMap((name) =>
    readAuthored(AUTHORED, name).map(({ messages }) => messages),
  )
  const texts = [...neutralTexts(8000)]
  const neutral = Array.from({ length: texts.length / 20 }, (_, c) =>
    texts.slice(c * 20, c * 20 + 20).map((text, i) => ({ sender: i % 2 === 0 ? 'a' : 'b', text })),
  )
  return [...neutral, ...Array.from({ length: 8 }, () => authored).flat()]
}

function ownOffers(): readonly string[] {
  const texts = ['offers-concerning.txt', 'offers-ordinary.txt']
    .map((name) => join(AUTHORED, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split(/^# .*$/m))
    .map((text) => text.trim())
    .filter((text) => text !== '')
  return Array.from({ length: 30 }, () => texts).flat()
}
