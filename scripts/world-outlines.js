/**
 * Writes src/base/world-outlines.json, the outlines of land and countries on the maps of a review and a report: Natural Earth (public
 * domain), 1:50 million, as the npm package world-atlas 2.0.2 has them, with fewer points. Needed again only for other outlines:
 *
 *   npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && node scripts/world-outlines.js package/countries-50m.json
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Units a degree: 0.05 degrees are five kilometres at most. */
const UNITS = 20
/** Furthest that a left-out point may lie from its line, in units. */
const TOLERANCE = 2.5
/** Islands with less width and height than this are left out, in units. */
const LEAST = 6

const { arcs, transform } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const lines = arcs
  .flatMap((arc) => pieces(placed(arc)))
  .filter((line) => !isEdge(line))
  .map((line) => simplified(line))
  .filter((line) => line.length > 1 && (!isClosed(line) || sizeOf(line) >= LEAST))
writeFileSync(
  fileURLToPath(new URL('../src/base/world-outlines.json', import.meta.url)),
  `${JSON.stringify({
    source: 'Natural Earth 1:50m (public domain), world-atlas 2.0.2; scripts/world-outlines.js',
    units: UNITS,
    lines: lines.map((line) => deltas(line).join()).join(';'),
  })}\n`,
)

/** Points of an arc in units: longitude, latitude. */
function placed(arc) {
  const [at, points] = [[0, 0], []]
  for (const [dx, dy] of arc) {
    at[0] += dx
    at[1] += dy
    const point = at.map((one, i) => Math.round((one * transform.scale[i] + transform.translate[i]) * UNITS))
    if (points.at(-1)?.join() !== point.join()) points.push(point)
  }
  return points
}

/** A line that goes around the end of the map is two. */
function pieces(line) {
  const cuts = line.flatMap(([x], i) => (i > 0 && Math.abs(x - line[i - 1][0]) > 180 * UNITS ? [i] : []))
  return [0, ...cuts].map((from, i) => line.slice(from, cuts[i] ?? line.length))
}

/** Land that is cut where the map ends has no coast there. */
function isEdge(line) {
  return line.every(([x]) => Math.abs(x) >= 180 * UNITS) || line.every(([, y]) => y <= -90 * UNITS)
}

function isClosed(line) {
  return line[0].join() === line.at(-1).join()
}

function sizeOf(line) {
  const span = (i) => Math.max(...line.map((one) => one[i])) - Math.min(...line.map((one) => one[i]))
  return Math.max(span(0), span(1))
}

/** Ramer, Douglas and Peucker. A closed line is cut at the point furthest from its beginning. */
function simplified(line) {
  if (line.length < 3) return line
  const [first, last] = [line[0], line.at(-1)]
  let [far, most] = [0, -1]
  for (let i = 1; i < line.length - 1; i++) {
    const away = distance(line[i], first, last)
    if (away > most) [far, most] = [i, away]
  }
  if (most <= TOLERANCE) return [first, last]
  return [...simplified(line.slice(0, far + 1)).slice(0, -1), ...simplified(line.slice(far))]
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - share * dx, y - ay - share * dy)
}

/** The first point, then the way to each next one. */
function deltas(line) {
  return line.flatMap(([x, y], i) => (i === 0 ? [x, y] : [x - line[i - 1][0], y - line[i - 1][1]]))
}
