/** Cameras that pictures and videos name: they indicate where a picture may have been made, not by whom. */
import type { PictureOrigins } from '../../contracts/ledger-reader.ts'
import type { CameraGroup } from '../../contracts/view.ts'
import { formatCount } from '../texts/format.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'
import { none } from './cells.ts'

export function* cameras(ledger: PictureOrigins): Iterable<Markup> {
  const groups = ledger.cameras()
  yield html`<h3 id="cameras">${say('cameras-that-pictures-name')}</h3>
<p>${say('distinct-pictures-and-videos')}</p>
`
  if (groups.length === 0) return yield none(say('no-examined-picture-or'))
  yield html`<table class="numbers"><thead><tr><th scope="col">Camera</th><th scope="col">Serial number</th><th scope="col">Software</th><th scope="col" class="n">Contents</th><th scope="col" class="n">On lists</th><th scope="col" class="n">${say('in-a-cameras-folder')}</th></tr></thead><tbody>
${groups.map(row)}</tbody></table>
${groups.length < MOST ? null : html`<p class="left-out">${say('most-cameras', { shown: MOST })}</p>`}
`
}

/** The maximum number that a ledger returns (contracts/view.ts). */
const MOST = 100

function row({ make, model, serial, software, contents, listed, inCameraFolder }: CameraGroup): Markup {
  return html`<tr><th scope="row">${make === null ? null : `${make} `}${model}</th><td>${serial ?? 'none stated'}</td><td>${software ?? 'none stated'}</td><td class="n">${formatCount(contents)}</td><td class="n">${formatCount(listed)}</td><td class="n">${formatCount(inCameraFolder)}</td></tr>
`
}
