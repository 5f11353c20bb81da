/** Programs that generate pictures, and the signs of their use on this exhibit. This section judges no picture. */
import type { PictureOrigins } from '../../contracts/ledger-reader.ts'
import { formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'
import { none } from './cells.ts'

export function* generators(ledger: PictureOrigins): Iterable<Markup> {
  const signs = ledger.generatorSigns()
  yield html`<h3 id="generators">${say('signs-of-programs-that')}</h3>
<p>${say('what-these-programs-leave')}</p>
`
  if (signs.length === 0) return yield none(say('nothing-of-such-a-program'))
  yield html`<table class="numbers"><thead><tr><th scope="col">${say('what-it-says')}</th><th scope="col" class="n">${say('files')}</th></tr></thead><tbody>
${signs.map(({ sign, count }) => html`<tr><th scope="row">${ENGLISH.attribute(sign)}</th><td class="n">${formatCount(count)}</td></tr>`)}</tbody></table>
`
}
