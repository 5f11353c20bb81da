/** How tools name the segments of an image: the number of a segment by its ending, and the ending by its number. */

export interface Naming {
  /**
   * Index from 0 of the segment with this extension (without the dot, in lower case); null: not an extension of
   * this naming.
   */
  numberOf(ending: string): number | null
  endingOf(number: number): string
}

const LETTERS = 26
const letter = (index: number): string => String.fromCharCode(97 + index)

/**
 * EWF: E01 … E99, EAA … EZZ, FAA … ZZZ; Ex01 … Ex99, ExAA … ExZZ, EyAA …; likewise from L and S.
 *
 * @see libewf, documentation, "Segment file extension naming scheme"
 */
function ewf(first: string, x: boolean): Naming {
  const from = first.charCodeAt(0) - 97
  return {
    numberOf(ending) {
      const digits = new RegExp(`^${first}${x ? 'x' : ''}(\\d\\d)$`).exec(ending)
      if (digits) return Number(digits[1]) > 0 ? Number(digits[1]) - 1 : null
      if (!(x ? /^[a-z]{4}$/ : /^[a-z]{3}$/).test(ending)) return null
      const codes = [...ending].map((one) => one.charCodeAt(0) - 97)
      const start = x ? 23 : from
      const [lead, second, third] = x ? codes.slice(1) : codes
      if (lead === undefined || second === undefined || third === undefined || lead < start) return null
      if (x && codes[0] !== from) return null
      return 99 + ((lead - start) * LETTERS + second) * LETTERS + third
    },
    endingOf(number) {
      if (number < 99) return `${first}${x ? 'x' : ''}${String(number + 1).padStart(2, '0')}`
      const rest = number - 99
      const lead = (x ? 23 : from) + Math.floor(rest / (LETTERS * LETTERS))
      const tail = letter(Math.floor(rest / LETTERS) % LETTERS) + letter(rest % LETTERS)
      return `${x ? first : ''}${letter(lead)}${tail}`
    },
  }
}

/** `.001 .002 …` or `.000 .001 …`, any width; behind the last of a width one digit more. */
function digits(width: number, first: number): Naming {
  return {
    numberOf: (ending) =>
      /^\d+$/.test(ending) && ending.length >= width && ending.length <= width + 2 && Number(ending) >= first
        ? Number(ending) - first
        : null,
    endingOf: (number) => String(number + first).padStart(width, '0'),
  }
}

/** `.aa .ab …` as `split` writes them. */
function letters(width: number): Naming {
  return {
    numberOf: (ending) =>
      /^[a-z]+$/.test(ending) && ending.length === width
        ? [...ending].reduce((sum, one) => sum * LETTERS + one.charCodeAt(0) - 97, 0)
        : null,
    endingOf(number) {
      let ending = ''
      for (let rest = number, index = 0; index < width; index++, rest = Math.floor(rest / LETTERS)) {
        ending = letter(rest % LETTERS) + ending
      }
      return ending
    },
  }
}

const AD1: Naming = {
  numberOf: (ending) => (/^ad[1-9]\d{0,3}$/.test(ending) ? Number(ending.slice(2)) - 1 : null),
  endingOf: (number) => `ad${number + 1}`,
}

/** @returns the naming to which this extension belongs, as first or later segment; null for an image in one file */
export function namingOf(ending: string): Naming | null {
  const lower = ending.toLowerCase()
  const family = /^([els])(x?)\d\d$/.exec(lower)
  if (family?.[1]) return ewf(family[1], family[2] === 'x')
  if (/^0*[01]$/.test(lower) && lower.length > 1) return digits(lower.length, Number(lower))
  if (/^\d{2,4}$/.test(lower)) return digits(lower.length, 1)
  if (/^a{2,4}$/.test(lower)) return letters(lower.length)
  if (/^ad\d+$/.test(lower)) return AD1
  return null
}
