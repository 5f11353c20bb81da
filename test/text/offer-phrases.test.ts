/** What makes an offer of work a false one is found in several wordings, and not where the offer refuses it. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MODELS_DIR } from '../../src/base/version.ts'
import { openIndicators } from '../../src/classify-text/offer-indicators.ts'

const indicators = openIndicators(join(MODELS_DIR, 'job-offer'))

function signsOf(text: string): string[] {
  return indicators
    .evidence({ description: text })
    .signs.filter(({ strength }) => strength !== 'weak')
    .map(({ rule }) => rule.sign.id)
}

/** Written for this test; sign, a false wording, and an honest one of the same matter. */
const WORDINGS: readonly (readonly [language: string, sign: string, wrong: string, honest: string])[] = [
  [
    'en',
    'fee-in-advance',
    'Just transfer 90 euro for your uniform and you are on the list.',
    'You never pay 90 euro or anything else for your uniform.',
  ],
  [
    'en',
    'documents-held',
    'Your passport goes to the office, it is kept by our manager.',
    'We do not hold your passport at any time.',
  ],
  [
    'en',
    'debt-from-pay',
    'What the ticket cost comes out of your first wages.',
    'Nothing is ever deducted from your wages.',
  ],
  [
    'en',
    'money-or-parcels-passed-on',
    'Boxes come to your flat, you put new labels on them.',
    'We never ask you to forward parcels.',
  ],
  [
    'lt',
    'fee-in-advance',
    'Už sveikatos patikrą iš anksto pervesk 70 eurų.',
    'Už vietą mokėti nereikia, jokio registracijos mokesčio.',
  ],
  [
    'lt',
    'documents-held',
    'Kol dirbi, tavo pasą saugo brigadininkas.',
    'Paso niekada nelaikome, jis lieka pas jus.',
  ],
  [
    'lt',
    'debt-from-pay',
    'Bilieta nuskaiciuosim is pirmos algos.',
    'Iš algos nieko neišskaičiuojame už bilietą.',
  ],
  [
    'es',
    'fee-in-advance',
    'Manda 60 euros por el uniforme y te apuntamos.',
    'Nunca pedimos que envíe 60 euros por el uniforme.',
  ],
  [
    'es',
    'documents-held',
    'Tu pasaporte se queda en la caja fuerte del patrón.',
    'Nunca guardamos el pasaporte de nadie.',
  ],
  [
    'es',
    'debt-from-pay',
    'El alquiler y la comida te los descontamos de la nómina.',
    'No descontamos nada de la nómina, ni la comida.',
  ],
  [
    'pt',
    'fee-in-advance',
    'Envie 60 euros pelo uniforme e o lugar fica reservado.',
    'Nunca pedimos que envie 60 euros pelo uniforme.',
  ],
  [
    'pt',
    'documents-held',
    'O teu passaporte fica no cofre do patrão.',
    'Nunca guardamos o passaporte de ninguém.',
  ],
  [
    'pt',
    'debt-from-pay',
    'A renda e a comida são descontadas do salário.',
    'Não descontamos nada do salário, nem a comida.',
  ],
  [
    'fr',
    'fee-in-advance',
    'Versez 60 euros pour la tenue et la place est à vous.',
    'Ne versez jamais 60 euros pour la tenue.',
  ],
  [
    'fr',
    'documents-held',
    'Ton passeport reste dans le coffre du patron.',
    'Nous ne gardons jamais votre passeport.',
  ],
  [
    'fr',
    'debt-from-pay',
    'Le loyer et les repas sont retenus sur ta paye.',
    'Rien n’est jamais retenu sur votre paye.',
  ],
  [
    'el',
    'fee-in-advance',
    'Στείλτε 60 ευρώ για τη στολή και η θέση είναι δική σας.',
    'Μην στείλετε ποτέ 60 ευρώ για τη στολή.',
  ],
  [
    'el',
    'documents-held',
    'Το αφεντικό κρατάει το διαβατήριο μέχρι το τέλος.',
    'Δεν κρατάμε ποτέ το διαβατήριό σας.',
  ],
  ['el', 'debt-from-pay', 'Το ενοίκιο κόβεται από τον μισθό.', 'Τίποτα δεν αφαιρείται από τον μισθό.'],
  ['bn', 'fee-in-advance', 'ভিসার জন্য আগে ৫০ হাজার টাকা জমা দিতে হবে।', 'ভিসার জন্য কোনো টাকা জমা দিতে হবে না।'],
  ['bn', 'documents-held', 'পাসপোর্ট মালিকের কাছে জমা থাকবে।', 'পাসপোর্ট আপনার কাছেই থাকবে।'],
  ['bn', 'debt-from-pay', 'বেতন থেকে টিকেটের টাকা কেটে নেওয়া হবে।', 'বেতন থেকে কিছুই কাটা হয় না।'],
]

describe('wordings of a false offer', () => {
  it.each(WORDINGS)('%s: %s is found in “%s” and not in “%s”', (_, sign, wrong, honest) => {
    expect(signsOf(wrong)).toContain(sign)
    expect(signsOf(honest)).not.toContain(sign)
  })

  it('are not refused by a part of a word that stands where the look back ends', () => {
    const rulesIn = (text: string) =>
      indicators.evidence({ description: text }).signs.map(({ rule }) => rule.id)
    // Sixty characters from the end of "k" to the fee.
    const rest = 'international recruitment department candidates provide registration fee required'
    for (const first of ['', 'the knots ', 'the knot '])
      expect(rulesIn(first + rest), first).toContain('en/fee-in-advance')
    expect(rulesIn(`not international ${rest.slice(26)}`)).not.toContain('en/fee-in-advance')
  })

  it('are weak where a text warns of them', () => {
    const offer = 'Transfer 90 euro for your uniform. We keep your passport.'
    expect(signsOf(offer)).toEqual(expect.arrayContaining(['fee-in-advance', 'documents-held']))
    expect(signsOf(`The labour inspectorate writes: ${offer}`)).toEqual([])
  })
})
