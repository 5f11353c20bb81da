/** Where pictures and videos say that they were made: a map of outlines without tiles, and a table of countries. */
import outlines from '../../base/world-outlines.json' with { type: 'json' }
import type { PictureOrigins } from '../../contracts/ledger-reader.ts'
import type { CountryCount, PositionCount } from '../../contracts/view.ts'
import { formatCount } from '../texts/format.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'

/** Nothing where no content names a position: a scan records them with `--gps` alone. */
export function* positions(ledger: PictureOrigins): Iterable<Markup> {
  const { contents, points, countries } = ledger.positions()
  if (contents === 0) return
  yield html`<h4 id="positions">${say('positions-that-contents-name')}</h4>
<p>${say('positions-say', { contents })}</p>
${map(points)}
`
  if (countries.length > 0)
    yield html`<table class="numbers"><thead><tr><th scope="col">Country</th><th scope="col">Map data</th><th scope="col" class="n">Contents</th></tr></thead><tbody>
${countries.map(row)}</tbody></table>
`
}

function row({ country, edition, contents }: CountryCount): Markup {
  return html`<tr><th scope="row">${country ?? say('no-country')}</th><td>${edition}</td><td class="n">${formatCount(contents)}</td></tr>
`
}

/** From the south of Cape Horn to the north of Svalbard, in degrees. */
const [SOUTH, NORTH] = [-58, 84]
const DIGITS = 2

function map(points: readonly PositionCount[]): Markup {
  const { units } = outlines
  return html`<svg role="img" aria-label="${say('positions-that-contents-name')}" viewBox="-180 ${-NORTH} 360 ${NORTH - SOUTH}" width="100%"><path d="${outlineOf(units)}" fill="none" stroke="#777" stroke-width="0.2"></path>${points.map(point)}</svg>`
}

function outlineOf(units: number): string {
  return outlines.lines
    .split(';')
    .map((line) => {
      const [x, y, ...steps] = line.split(',').map((one) => Number(one) / units)
      const moves = steps.map((step, i) => (i % 2 === 0 ? step : -step).toFixed(DIGITS))
      return `M${x!.toFixed(DIGITS)} ${(-y!).toFixed(DIGITS)}l${moves.join(' ')}`
    })
    .join('')
}

function point({ latitude, longitude, contents }: PositionCount): Markup {
  const radius = (1 + Math.log10(contents) / 2).toFixed(DIGITS)
  return html`<circle cx="${longitude}" cy="${-latitude}" r="${radius}" fill="#b00" fill-opacity="0.6"><title>${`${latitude}, ${longitude}: ${formatCount(contents)}`}</title></circle>`
}
