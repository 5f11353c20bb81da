/**
 * The map beside the tiles: a box that is dragged over it becomes a filter, and a drag with Shift or another button moves the map. The
 * keyboard moves it by arrows and filters by what is shown. Nothing is fetched: outlines lie in the page itself.
 */
import type { Facets } from '../said-facets.ts'
import { byId, made } from './elements.ts'
import { shownKey } from './keys.ts'
import { say } from './words.ts'
import { type MapBox, WorldMap } from './world-map.ts'

const NEARER = 0.6
const FURTHER = 1 / NEARER
/** Part of what is shown that an arrow moves the map by. */
const STEP = 0.15
const STEPS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}
/** A press without a drag is a box of so many pixels around it: a finger has no point. */
const PRESS_PX = 10

export class MapPane {
  readonly #pane = byId('map')
  readonly #opener = byId<HTMLButtonElement>('map-opener')
  readonly #canvas = made('canvas', '')
  readonly #told = made('b', '')
  readonly #map = new WorldMap(this.#canvas)
  readonly #brushed: (term: string, stays?: boolean) => void
  #positions: Facets['positions'] = []
  #box: MapBox | null = null
  #start: readonly [x: number, y: number] | null = null
  /** Where the map was taken hold of. */
  #held: readonly [x: number, y: number] | null = null

  /** @param brushed called with a term of the filter, or an empty one; stays: the keyboard stays on the map */
  constructor(brushed: (term: string, stays?: boolean) => void) {
    this.#brushed = brushed
    this.#canvas.tabIndex = 0
    this.#canvas.setAttribute('role', 'application')
    this.#canvas.addEventListener('keydown', (event) => this.#key(event))
    this.#canvas.addEventListener('contextmenu', (event) => event.preventDefault())
    this.#canvas.addEventListener('pointerdown', (event) => this.#begin(event))
    this.#canvas.addEventListener('pointermove', (event) => this.#drag(event))
    this.#canvas.addEventListener('pointerup', (event) => this.#end(event))
    this.#canvas.addEventListener('pointercancel', () => this.#clear())
    this.#canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault()
        this.#map.zoom(event.deltaY < 0 ? NEARER : FURTHER, [event.offsetX, event.offsetY])
        this.#draw()
      },
      { passive: false },
    )
    new ResizeObserver(() => this.#draw()).observe(this.#canvas)
    byId('theme').addEventListener('change', () => requestAnimationFrame(() => this.#draw()))
    this.#opener.addEventListener('click', () => this.toggle())
  }

  /** Positions of the pass; without any there is no map. */
  set(positions: Facets['positions']): void {
    this.#positions = positions
    this.#opener.hidden = positions.length === 0
    if (positions.length === 0) return
    const all = positions.reduce((sum, { count }) => sum + count, 0)
    this.#opener.replaceChildren(
      made('kbd', shownKey('map')),
      ` ${say('button-map')} ${all.toLocaleString('en')}`,
    )
    this.#opener.setAttribute('aria-expanded', String(!this.#pane.hidden))
    this.#map.show(positions)
    this.#draw()
  }

  /** @returns what is to be said where there is no map; empty otherwise */
  toggle(): string {
    if (this.#positions.length === 0) return say('map-none')
    this.#pane.hidden = !this.#pane.hidden
    this.#opener.setAttribute('aria-expanded', String(!this.#pane.hidden))
    if (this.#pane.childElementCount === 0) this.#build()
    this.#draw()
    return ''
  }

  /** Shows the box that stands in the filter. */
  press(query: string): void {
    const [south, north, west, east] = (TERM.exec(query) ?? []).slice(1).map(Number)
    if (south === undefined || north === undefined || west === undefined || east === undefined) this.#clear()
    else this.#mark({ south, north, west, east })
  }

  #build(): void {
    const row = made('div', '')
    const acts: readonly (readonly [word: string, act: () => void])[] = [
      ['map-nearer', () => (this.#box ? this.#map.goTo(this.#box) : this.#map.zoom(NEARER))],
      ['map-further', () => this.#map.zoom(FURTHER)],
      ['map-all', () => this.#map.goTo(null)],
      ['map-world', () => this.#map.goTo('world')],
      ['map-clear', () => this.#brushed('')],
    ]
    for (const [word, act] of acts) {
      const button = made('button', say(word))
      button.type = 'button'
      button.addEventListener('click', () => {
        act()
        this.#draw()
      })
      row.append(button)
    }
    this.#told.textContent = say('map-title')
    this.#told.setAttribute('role', 'status')
    this.#canvas.setAttribute('aria-label', say('map-keys'))
    this.#canvas.title = say('map-keys')
    row.append(this.#told)
    this.#pane.setAttribute('aria-label', say('button-map'))
    this.#pane.replaceChildren(row, this.#canvas)
  }

  #draw(): void {
    if (!this.#pane.hidden) this.#map.draw(this.#box)
  }

  #begin({ offsetX, offsetY, pointerId, button, shiftKey }: PointerEvent): void {
    this.#canvas.setPointerCapture(pointerId)
    if (button === 0 && !shiftKey) this.#start = [offsetX, offsetY]
    else this.#held = [offsetX, offsetY]
  }

  #drag({ offsetX, offsetY }: PointerEvent): void {
    if (this.#held !== null) {
      this.#map.move(this.#held[0] - offsetX, this.#held[1] - offsetY)
      this.#held = [offsetX, offsetY]
      this.#draw()
    }
    if (this.#start === null) return
    const [x, y] = this.#start
    const isPress = Math.hypot(offsetX - x, offsetY - y) < PRESS_PX / 2
    this.#mark(
      isPress
        ? this.#between(x - PRESS_PX, y - PRESS_PX, x + PRESS_PX, y + PRESS_PX)
        : this.#between(x, y, offsetX, offsetY),
    )
  }

  #end(event: PointerEvent): void {
    this.#held = null
    if (this.#start === null) return
    this.#drag(event)
    this.#start = null
    if (this.#box) this.#brushed(termOf(this.#box))
  }

  /** Box between two places of the canvas. */
  #between(x: number, y: number, otherX: number, otherY: number): MapBox {
    const [west, south] = this.#map.at(Math.min(x, otherX), Math.max(y, otherY))
    const [east, north] = this.#map.at(Math.max(x, otherX), Math.min(y, otherY))
    return {
      south: within(south, 90),
      north: within(north, 90),
      west: within(west, 180),
      east: within(east, 180),
    }
  }

  #mark(box: MapBox): void {
    this.#box = box
    const count = this.#map.countIn(box).toLocaleString('en')
    this.#told.textContent = `${termOf(box).slice('gps:'.length)}: ${count}`
    this.#draw()
  }

  /** Keys of the map itself, not those of the page. */
  #key(event: KeyboardEvent): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const step = STEPS[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step) this.#map.move(step[0] * width, step[1] * height)
    else if (event.key === '+') this.#map.zoom(NEARER)
    else if (event.key === '-') this.#map.zoom(FURTHER)
    else if (event.key === 'Enter') {
      this.#mark(this.#between(0, 0, width, height))
      this.#brushed(termOf(this.#box!), true)
    } else if (event.key === 'Backspace') this.#brushed('', true)
    else return
    event.preventDefault()
    event.stopPropagation()
    this.#draw()
  }

  #clear(): void {
    this.#start = null
    this.#held = null
    this.#box = null
    this.#told.textContent = say('map-title')
    this.#draw()
  }
}

/** A hundredth of a degree is a kilometre: finer than a pointer is. */
function within(degrees: number, most: number): number {
  return Number(Math.max(-most, Math.min(most, degrees)).toFixed(2))
}

const TERM = /(?:^|\s)gps:(-?[\d.]+)\.\.(-?[\d.]+)\/(-?[\d.]+)\.\.(-?[\d.]+)(?=\s|$)/

function termOf({ south, north, west, east }: MapBox): string {
  return `gps:${south}..${north}/${west}..${east}`
}
