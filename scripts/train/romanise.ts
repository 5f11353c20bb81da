/** Rough spelling in Latin letters, as people type it: enough for a model not to take the alphabet for a sign. */

const GREEK: Readonly<Record<string, string>> = {
  ου: 'ou',
  αι: 'ai',
  ει: 'ei',
  οι: 'oi',
  αυ: 'au',
  ευ: 'eu',
  μπ: 'mp',
  ντ: 'nt',
  γκ: 'gk',
  τσ: 'ts',
  τζ: 'tz',
  α: 'a',
  β: 'v',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  θ: 'th',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ξ: 'ks',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  τ: 't',
  υ: 'i',
  φ: 'f',
  χ: 'x',
  ψ: 'ps',
  ω: 'o',
}

const BENGALI: Readonly<Record<string, string>> = {
  অ: 'o',
  আ: 'a',
  ই: 'i',
  ঈ: 'i',
  উ: 'u',
  ঊ: 'u',
  ঋ: 'ri',
  এ: 'e',
  ঐ: 'oi',
  ও: 'o',
  ঔ: 'ou',
  ক: 'k',
  খ: 'kh',
  গ: 'g',
  ঘ: 'gh',
  ঙ: 'ng',
  চ: 'ch',
  ছ: 'ch',
  জ: 'j',
  ঝ: 'jh',
  ঞ: 'n',
  ট: 't',
  ঠ: 'th',
  ড: 'd',
  ঢ: 'dh',
  ণ: 'n',
  ত: 't',
  থ: 'th',
  দ: 'd',
  ধ: 'dh',
  ন: 'n',
  প: 'p',
  ফ: 'f',
  ব: 'b',
  ভ: 'bh',
  ম: 'm',
  য: 'j',
  র: 'r',
  ল: 'l',
  শ: 'sh',
  ষ: 'sh',
  স: 's',
  হ: 'h',
  ড়: 'r',
  ঢ়: 'r',
  য়: 'y',
  ৎ: 't',
  'ং': 'ng',
  'ঃ': '',
  'ঁ': '',
  'া': 'a',
  'ি': 'i',
  'ী': 'i',
  'ু': 'u',
  'ূ': 'u',
  'ৃ': 'ri',
  'ে': 'e',
  'ৈ': 'oi',
  'ো': 'o',
  'ৌ': 'ou',
  '্': '',
  '।': '.',
}

/** @returns how to write a language in Latin letters, null for languages that are written so */
export function romanise(language: string): ((text: string) => string) | null {
  if (language === 'el')
    return (text) =>
      replaceAll(text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, ''), GREEK).replaceAll(';', '?')
  if (language === 'bn') return (text) => withVowels(text)
  return null
}

/** A consonant that no vowel sign follows is spoken with an o, except at a word's end. */
function withVowels(text: string): string {
  const spoken = text
    .normalize('NFC')
    .replace(/(\p{Lo})(?=\p{Lo})/gu, (_, letter: string) => `${letter}\u0001`)
  return replaceAll(spoken, BENGALI)
    .replace(/(?<=[bcdfghjklmnprstv])\u0001/g, 'o')
    .replaceAll('\u0001', '')
}

function replaceAll(text: string, table: Readonly<Record<string, string>>): string {
  const keys = Object.keys(table).sort((a, b) => b.length - a.length)
  return text.replace(new RegExp(keys.join('|'), 'gu'), (found) => table[found]!)
}
