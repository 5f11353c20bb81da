/** A map of the world on a canvas: outlines that lie in the page itself, and points. Equirectangular, true to scale in its middle. */
import outlines from '../../base/world-outlines.json' with { type: 'json' }

export interface Point {
  readonly latitude: number
  readonly longitude: number
  readonly count: number
}

/** In degrees. */
export interface MapBox {
  readonly south: number
  readonly north: number
  readonly west: number
  readonly east: number
}

/** First point, then the way to each next one: longitude, latitude, in degrees. */
const LINES = outlines.lines
  .split(';')
  .map((line) => line.split(',').map((one) => Number(one) / outlines.units))

const WORLD: MapBox = { south: -58, north: 84, west: -180, east: 180 }
/** Least degrees that the map shows: the outlines are no finer. */
const LEAST_SPAN = 2
/** Radius of a point, and how much it grows with each power of ten of contents. */
const POINT_PX = 3
const GROWS_PX = 2

export class WorldMap {
  readonly #canvas: HTMLCanvasElement
  #points: readonly Point[] = []
  #shown: MapBox = WORLD

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
  }

  show(points: readonly Point[]): void {
    this.#points = points
    this.goTo(null)
  }

  /** @param box null: all points */
  goTo(box: MapBox | 'world' | null): void {
    if (box === 'world') this.#shown = WORLD
    else this.#shown = widened(box ?? around(this.#points), 1.3)
  }

  /** @param factor below 1: nearer */
  zoom(factor: number, at: readonly [x: number, y: number] | null = null): void {
    const { south, north, west, east } = this.#shown
    const [longitude, latitude] = at ? this.at(...at) : [(west + east) / 2, (south + north) / 2]
    const next = {
      south: latitude - (latitude - south) * factor,
      north: latitude + (north - latitude) * factor,
      west: longitude - (longitude - west) * factor,
      east: longitude + (east - longitude) * factor,
    }
    const span = next.north - next.south
    if (span > WORLD.north - WORLD.south) this.#shown = WORLD
    else if (span >= LEAST_SPAN || factor > 1) this.#shown = next
  }

  /** @param right, down: CSS pixels; the middle stays on the world */
  move(right: number, down: number): void {
    const { perLongitude, perLatitude } = this.#scale()
    const { south, north, west, east } = this.#shown
    const [longitude, latitude] = [(west + east) / 2, (south + north) / 2]
    const easts = within(longitude + right / perLongitude, WORLD.west, WORLD.east) - longitude
    const norths = within(latitude - down / perLatitude, WORLD.south, WORLD.north) - latitude
    this.#shown = { south: south + norths, north: north + norths, west: west + easts, east: east + easts }
  }

  /** Longitude and latitude at a place of the canvas, in CSS pixels. */
  at(x: number, y: number): [longitude: number, latitude: number] {
    const { left, top, perLongitude, perLatitude } = this.#scale()
    return [left + x / perLongitude, top - y / perLatitude]
  }

  countIn({ south, north, west, east }: MapBox): number {
    return this.#points.reduce(
      (sum, { latitude, longitude, count }) =>
        latitude >= south && latitude <= north && longitude >= west && longitude <= east ? sum + count : sum,
      0,
    )
  }

  draw(box: MapBox | null): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const ratio = devicePixelRatio
    this.#canvas.width = Math.round(width * ratio)
    this.#canvas.height = Math.round(height * ratio)
    const pen = this.#canvas.getContext('2d')
    if (pen === null || width === 0) return
    pen.scale(ratio, ratio)
    const { color: mark, textDecorationColor: dim } = getComputedStyle(this.#canvas)
    const { left, top, perLongitude, perLatitude } = this.#scale()
    const x = (longitude: number) => (longitude - left) * perLongitude
    const y = (latitude: number) => (top - latitude) * perLatitude
    pen.strokeStyle = dim
    pen.lineWidth = 0.7
    pen.beginPath()
    for (const line of LINES) {
      let [longitude, latitude] = [0, 0]
      for (let i = 0; i < line.length; i += 2) {
        longitude += line[i]!
        latitude += line[i + 1]!
        if (i === 0) pen.moveTo(x(longitude), y(latitude))
        else pen.lineTo(x(longitude), y(latitude))
      }
    }
    pen.stroke()
    pen.fillStyle = mark
    pen.strokeStyle = mark
    for (const { latitude, longitude, count } of this.#points) {
      pen.globalAlpha = 0.75
      pen.beginPath()
      pen.arc(x(longitude), y(latitude), POINT_PX + GROWS_PX * Math.log10(count), 0, 2 * Math.PI)
      pen.fill()
    }
    if (box === null) return
    const [w, h] = [(box.east - box.west) * perLongitude, (box.north - box.south) * perLatitude]
    pen.globalAlpha = 0.2
    pen.fillRect(x(box.west), y(box.north), w, h)
    pen.globalAlpha = 1
    pen.lineWidth = 1.5
    pen.strokeRect(x(box.west), y(box.north), w, h)
  }

  /** What is shown fits into the canvas; a degree of longitude is narrower away from the equator. */
  #scale(): { left: number; top: number; perLongitude: number; perLatitude: number } {
    const { clientWidth, clientHeight } = this.#canvas
    const { south, north, west, east } = this.#shown
    const [longitude, latitude] = [(west + east) / 2, (south + north) / 2]
    const narrower = Math.max(0.2, Math.cos((latitude * Math.PI) / 180))
    const perLatitude = Math.min(clientHeight / (north - south), clientWidth / ((east - west) * narrower))
    const perLongitude = perLatitude * narrower
    return {
      left: longitude - clientWidth / 2 / perLongitude,
      top: latitude + clientHeight / 2 / perLatitude,
      perLongitude,
      perLatitude,
    }
  }
}

function within(degrees: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, degrees))
}

function around(points: readonly Point[]): MapBox {
  if (points.length === 0) return WORLD
  const latitudes = points.map(({ latitude }) => latitude)
  const longitudes = points.map(({ longitude }) => longitude)
  return {
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
    west: Math.min(...longitudes),
    east: Math.max(...longitudes),
  }
}

function widened({ south, north, west, east }: MapBox, factor: number): MapBox {
  const [longitude, latitude] = [(west + east) / 2, (south + north) / 2]
  const [half, halfWide] = [north - south, east - west].map(
    (span) => (Math.max(LEAST_SPAN, span) * factor) / 2,
  )
  return {
    south: latitude - half!,
    north: latitude + half!,
    west: longitude - halfWide!,
    east: longitude + halfWide!,
  }
}
