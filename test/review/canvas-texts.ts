/** What a canvas of the page has as texts, with their places: a test cannot read letters from pixels. */
import type { Tab } from './tab.ts'

export interface DrawnText {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
}

/** From now on every text that is drawn is kept, and the next frame of tiles takes the place of the one before. */
export function listenToCanvas(tab: Tab): Promise<void> {
  return tab.run(`(() => {
    const { prototype } = CanvasRenderingContext2D
    const { fillText, setTransform } = prototype
    window.drawn = []
    window.drawnFrames = 0
    prototype.setTransform = function (...given) { window.drawn = []; window.drawnFrames++; return setTransform.apply(this, given) }
    prototype.fillText = function (text, x, y) {
      window.drawn.push({ text, x, y, width: this.measureText(text).width })
      return fillText.call(this, text, x, y)
    }
  })()`)
}

/** Texts of the last frame of tiles. */
export async function drawnTexts(tab: Tab): Promise<readonly DrawnText[]> {
  // Two frames: the one that was asked for has been painted.
  return tab.run(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.drawn))))',
  )
}
