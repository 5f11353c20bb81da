/** A line of text in a picture: where a detector found it, and what was read there. */

/** In pixels of the picture that was searched; `angle` in radians, clockwise, from the picture's horizontal. */
export interface LineBox {
  /** Middle of the line. */
  readonly x: number
  readonly y: number
  /** Along the line, and across it. */
  readonly width: number
  readonly height: number
  readonly angle: number
  /** 0–1: mean of the detector over the line. */
  readonly score: number
}

export interface Place {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface ReadWord {
  readonly text: string
  /** 0–100, as the recogniser states it. It is no probability. */
  readonly confidence: number
  readonly place: Place
}

export interface TextLine {
  readonly box: LineBox
  readonly place: Place
  readonly words: readonly ReadWord[]
  /** Colour around the letters: red, green, blue. */
  readonly ground: readonly [number, number, number]
}

/** The upright rectangle around a line. */
export function placeOf({ x, y, width, height, angle }: LineBox): Place {
  const [sin, cos] = [Math.abs(Math.sin(angle)), Math.abs(Math.cos(angle))]
  const [w, h] = [width * cos + height * sin, width * sin + height * cos]
  return { left: x - w / 2, top: y - h / 2, width: w, height: h }
}

/** Words of a line as text. */
export function textOf({ words }: Pick<TextLine, 'words'>): string {
  return words.map(({ text }) => text).join(' ')
}
