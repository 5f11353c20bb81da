/**
 * Shows original pixels while the key is held, on a canvas over the whole page. The canvas is removed when the key is
 * released, the time is up, or the window loses the focus or is left. The pixels are in no element that a browser
 * caches or offers to save.
 */
import type { RevealAsked, RevealHead } from '../said-reveal.ts'
import { bytesOf, tell } from './api.ts'
import { made } from './elements.ts'

const GAP = 6

export class RevealView {
  #canvas: HTMLCanvasElement | null = null
  #held = false
  /** Number of the press: the answer to one press is not shown under another. */
  #press = 0
  #timer = 0
  /** Number of the event of the pixels that came; null: there are none. */
  #came: number | null = null

  constructor() {
    addEventListener('blur', () => this.hide('blur'))
    document.addEventListener('visibilitychange', () => this.hide('blur'))
    addEventListener('pagehide', () => this.hide('blur'))
  }

  get isHeld(): boolean {
    return this.#held
  }

  /**
   * Shows the pixels for as long as the key is held.
   * @param waited null: there is nothing to show. It is asked for only if the key is still held then
   * @throws Refused
   */
  async show(waited: Promise<RevealAsked | null>): Promise<void> {
    if (this.#held) return
    this.#held = true
    this.#came = null
    const press = ++this.#press
    const isHeld = () => this.#held && press === this.#press
    let bytes: ArrayBuffer
    try {
      const wanted = await waited
      if (!isHeld()) return
      if (wanted === null) {
        this.#held = false
        return
      }
      bytes = await bytesOf('reveal', wanted)
    } catch (error) {
      if (isHeld()) this.#held = false
      throw error
    }
    const length = new DataView(bytes).getUint32(0, true)
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as RevealHead
    this.#came = head.number
    // The key was released before the answer came: the pixels were never on screen.
    if (!isHeld()) return this.#told('key')
    this.#paint(head, new Uint8Array(bytes, 4 + length))
    this.#timer = window.setTimeout(() => this.hide('timer'), head.mostMs)
  }

  hide(by: 'key' | 'timer' | 'blur' | 'escape'): void {
    this.#held = false
    clearTimeout(this.#timer)
    const canvas = this.#canvas
    this.#canvas = null
    if (canvas) {
      // Setting the size to zero frees the memory of the canvas.
      canvas.width = canvas.height = 0
      canvas.remove()
    }
    if (this.#came !== null) this.#told(by)
  }

  #told(by: string): void {
    tell('hidden', { by, number: this.#came })
    this.#came = null
  }

  #paint({ channels, frames }: RevealHead, pixels: Uint8Array): void {
    const columns = Math.ceil(Math.sqrt(frames.length))
    const wide = Math.max(...frames.map(({ width }) => width)) + GAP
    const high = Math.max(...frames.map(({ height }) => height)) + GAP
    const canvas = made('canvas', '')
    canvas.id = 'reveal'
    canvas.setAttribute('aria-hidden', 'true')
    canvas.width = wide * Math.min(columns, frames.length) - GAP
    canvas.height = high * Math.ceil(frames.length / columns) - GAP
    const pen = canvas.getContext('2d', { alpha: false })
    if (!pen) return
    let at = 0
    for (const [i, { width, height }] of frames.entries()) {
      const image = pen.createImageData(width, height)
      for (let k = 0; k < width * height; k++, at += channels) {
        image.data[k * 4] = pixels[at]!
        image.data[k * 4 + 1] = pixels[at + (channels === 3 ? 1 : 0)]!
        image.data[k * 4 + 2] = pixels[at + (channels === 3 ? 2 : 0)]!
        image.data[k * 4 + 3] = 255
      }
      pen.putImageData(image, (i % columns) * wide, Math.floor(i / columns) * high)
    }
    pixels.fill(0)
    this.#canvas = canvas
    document.body.append(canvas)
  }
}
