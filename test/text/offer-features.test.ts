import { describe, expect, it } from 'vitest'
import { MODELS_DIR } from '../../src/base/version.ts'
import { openJobOffer } from '../../src/classify-text/job-offer.ts'
import { OFFER_GROUPS, OFFER_HEADS, offerFeatures } from '../../src/classify-text/offer-features.ts'
import { styleOf } from '../../src/classify-text/offer-style.ts'

describe('features of an offer', () => {
  const offer = { title: 'Cook', description: 'We look for a cook. Call 5555 010 199!' }
  const { groups, known } = offerFeatures(offer, [])
  const at = (id: string) => OFFER_GROUPS.findIndex((group) => group.id === id)

  it('say which fields are unknown', () => {
    expect(known[at('description/words')]).toBe(true)
    expect(known[at('benefits/words')]).toBe(false)
    expect(groups[at('title/words')]).toHaveLength(1)
    expect(groups[at('title/pairs')]).toHaveLength(0)
  })

  it('leave out of the smaller head what it does not read', () => {
    const [small, all] = OFFER_HEADS
    const weights = OFFER_GROUPS.filter(({ field }) => field === 'requirements').map(({ weight }) => weight)
    expect(weights.every((weight) => weight[small] === 0 && weight[all] > 0)).toBe(true)
  })

  it('mark how a text is written, not how its table was laid out', () => {
    const words = ['call', 'now', 'and', 'earn', 'well']
    const plain = styleOf('Call now and earn well', words)
    expect(styleOf('Call\nnow and\n\nearn well', words)).toEqual(plain)
    expect(styleOf('CALL NOW AND EARN WELL!!! [PHONE]', words)).toEqual(
      expect.arrayContaining(['capitals 5', 'exclamations 2', 'phones 1']),
    )
  })
})

describe('the job-offer score', () => {
  it('is higher for an authored lure than for an ordinary offer', async () => {
    const jobOffer = await openJobOffer(MODELS_DIR)
    const lure = await jobOffer.classify({
      title: 'Hostess abroad, earn $5000 a month!!!',
      description:
        'No experience, no language needed! We pay your flight and you repay from your salary. Girls 18-25 only, send passport copy and photo. Contact by WhatsApp only, places are limited, start now.',
    })
    const ordinary = await jobOffer.classify({
      title: 'Software engineer',
      description:
        'You will join a team of six who build accounting software. We use TypeScript and PostgreSQL, review each change and deploy weekly. You report to the head of engineering.',
    })
    expect(lure.score).toBeGreaterThan(0.5)
    expect(ordinary.score).toBeLessThan(0.5)
  })

  it('of a plain text reaches 0.5 where 1 % of ordinary offers score higher, of a titled one where 5 % do', async () => {
    const jobOffer = await openJobOffer(MODELS_DIR)
    const bothOf = async (description: string) => {
      const [titled, plain] = [{ title: '', description }, { description }].map((one) =>
        jobOffer.classify(one),
      )
      return [(await titled!).score >= 0.5, (await plain!).score >= 0.5]
    }
    const near =
      'Administrative assistant needed urgently for data entry, typing and filing. High school diploma, 18 years or older. Send your resume by email. Salary paid weekly.'
    const far =
      'We are looking for administrative assistants and customer service representatives to work from home. Flexible hours, weekly salary. Basic computer skills, internet access. Apply through our website.'
    expect(await bothOf(near)).toEqual([true, false])
    expect(await bothOf(far)).toEqual([true, true])
  })
})
