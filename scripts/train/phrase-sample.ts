/**
 * Makes a text that a phrase says it matches, from the notation alone.
 *
 * The stage model learns from such texts, and the compiler of phrases is tested against them: it shares no code with this.
 */

export function sampleOf(
  pattern: string,
  lists: ReadonlyMap<string, string>,
  random: () => number,
  anyWord: () => string = () => 'blim',
): string {
  let text = pattern
  for (let depth = 0; depth < 5; depth += 1)
    text = text.replace(/\{([a-z][a-z-]*)\}/g, (_, name) => `(?:${lists.get(name)})`)
  const sides = text.split(' & ').map((side) => new Sampler(side, random, anyWord).alternatives())
  return (random() < 0.5 ? sides : sides.reverse()).join(` ${anyWord()} `)
}

class Sampler {
  #at = 0
  readonly #text: string
  readonly #random: () => number
  readonly #anyWord: () => string
  constructor(text: string, random: () => number, anyWord: () => string) {
    this.#text = text
    this.#anyWord = anyWord
    this.#random = random
  }

  alternatives(): string {
    const all = [this.#sequence()]
    while (this.#text[this.#at] === '|') {
      this.#at += 1
      all.push(this.#sequence())
    }
    return all[Math.floor(this.#random() * all.length)]!
  }

  #sequence(): string {
    let made = ''
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) {
      const start = this.#at
      let item = this.#item()
      const end = this.#at
      const times = this.#times()
      const after = this.#at
      let repeated = ''
      for (let n = 0; n < times; n += 1) {
        this.#at = start
        item = this.#item()
        this.#at = end
        repeated += item
      }
      this.#at = after
      made += repeated
    }
    return made
  }

  #item(): string {
    const character = this.#text[this.#at]!
    if (character === '(') {
      this.#at += this.#text.startsWith('(?:', this.#at) ? 3 : 1
      const inside = this.alternatives()
      this.#at += 1
      return inside
    }
    if (character === '[') {
      const end = this.#text.indexOf(']', this.#at)
      const members = this.#text.slice(this.#at + 1, end)
      this.#at = end + 1
      return this.#member(members)
    }
    if (character === '\\') {
      this.#at += 2
      return this.#escaped(this.#text[this.#at - 1]!)
    }
    this.#at += 1
    if (character === '~') return this.#anyWord()
    if (character === "'") return this.#random() < 0.5 ? "'" : ''
    if (character === '^' || character === '$') return ''
    if (character === ' ') return this.#random() < 0.8 ? ' ' : ', '
    return character === '.' ? 'x' : character
  }

  #member(members: string): string {
    const choices: string[] = []
    for (const [whole, escaped, from, to] of members.matchAll(/\\(.)|(.)-(.)|./gsu)) {
      if (escaped !== undefined) choices.push(this.#escaped(escaped))
      else if (from !== undefined) choices.push(from, to!)
      else choices.push(whole)
    }
    return choices[Math.floor(this.#random() * choices.length)]!
  }

  #escaped(letter: string): string {
    return letter === 'd' ? '5' : letter === 'w' ? 'q' : letter === 's' ? ' ' : letter
  }

  #times(): number {
    const found = /^(?:([?*+])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.#text.slice(this.#at))
    if (!found) return 1
    this.#at += found[0].length
    const [, sign, least, comma, most] = found
    const low = sign === undefined ? Number(least) : sign === '+' ? 1 : 0
    const high =
      sign === '?'
        ? 1
        : sign !== undefined
          ? 2
          : comma === undefined
            ? low
            : most === ''
              ? low + 2
              : Number(most)
    return low + Math.floor(this.#random() * (high - low + 1))
  }
}
