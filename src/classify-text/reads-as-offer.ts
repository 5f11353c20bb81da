/** Tests whether a plain text reads as an offer of work: a job-offer score is meaningful only then. */
import { foldText } from './fold-text.ts'

/** Work, pay and applying, in the languages of the rules; two different kinds make an offer. */
const KINDS: readonly RegExp[] = [
  /\b(?:jobs?|work(?:ers?)?|vacanc(?:y|ies)|hiring|position|employ(?:er|ment|ees?)|recruit\w*|staff|trabajo|empleo|vacante|puesto|oferta|trabalho|emprego|vaga|darb(?:as|o|ui|uotoj\w*)|emploi|travail|poste|offre|douleia|chakri)\b|εργασ|δουλει|কাজ|চাকরি|চাকুরি/u,
  /\b(?:salary|wages?|pay|paid|per (?:hour|week|month|day)|hourly|weekly|monthly|commission|earn\w*|income|sueldo|salario|pagamos|euros|al mes|semanal\w*|ganar|salario|ganh\w+|por mes|alga|atlyginim\w*|per menesi|uzdirb\w*|salaire|paye|par mois|gagn\w+|misthos|beton)\b|[$£€]\s?\d|\d\s?[$£€]|μισθ|বেতন|টাকা/u,
  /\b(?:apply|applicants?|candidates?|experience|requirements?|resume|cv|interview|contact|immediate start|full ?-?time|part ?-?time|interesad\w*|experiencia|requisitos|enviar|entrevista|incorporacion|candidat\w+|experiencia|curriculo|patirt\w*|reikalavim\w*|postule\w*|viogr\w*)\b|εμπειρ|βιογραφ|অভিজ্ঞতা|আবেদন|যোগাযোগ/u,
  /\b(?:visas?|passports?|accommodation|housing|flights?|tickets?|abroad|overseas|alojamiento|pasaporte|billete|extranjero|alojamento|passaporte|exterior|apgyvendinim\w*|pasas|uzsien\w*|logement|passeport|etranger|stegi|diavatir\w*)\b|διαμον|διαβατηρ|ভিসা|পাসপোর্ট|বিদেশ/u,
]

export function readsAsOffer(text: string): boolean {
  const folded = foldText(text.slice(0, 20_000)).text
  return KINDS.filter((kind) => kind.test(folded)).length >= 2
}
