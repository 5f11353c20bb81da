/**
 * Attributes as a ledger has them. seized 0.1 wrote each as one text. A text whose attribute has parameters today is
 * read as them, so that rules, search and reports treat old and new ledgers alike; others stay as written.
 */
import { codedIn } from '../base/coded.ts'
import { ATTRIBUTES, type Attribute, attribute } from '../contracts/attribute.ts'
import type { Params } from '../contracts/coded.ts'

/** @param params as a ledger has them: of the table of attributes, or the one text of an older ledger */
export function attributeOf(code: string, params: unknown): Attribute {
  const coded = codedIn(ATTRIBUTES, code, params)
  if (coded) return { kind: 'attribute', ...coded }
  const text = String((params as { readonly text?: unknown } | null)?.text ?? '')
  const older = codedIn(ATTRIBUTES, code, olderParams(code, text))
  return older ? { kind: 'attribute', ...older } : attribute('as-written', { name: code, text })
}

/** Parameters of an attribute that 0.1 wrote as bare text; null if it was a sentence. */
function olderParams(code: string, value: string): Params | null {
  switch (code) {
    case 'term-in-name':
    case 'term-in-folder':
    case 'term-in-text':
      return { id: value }
    case 'language':
      return { language: value }
    case 'picture-kind':
      return { kind: value }
    case 'exif-orientation':
      return /^[1-8]$/.test(value) ? { orientation: Number(value) } : null
    case 'pages':
      return /^\d{1,9}$/.test(value) ? { pages: Number(value) } : null
    case 'messages':
      return /^\d{1,9}$/.test(value) ? { messages: Number(value) } : null
    case 'faces':
      return /^\d{1,9}$/.test(value) ? { faces: Number(value) } : null
    case 'dimensions': {
      const [, width, height] = /^(\d{1,9})x(\d{1,9})$/.exec(value) ?? []
      return width === undefined ? null : { width: Number(width), height: Number(height) }
    }
    case 'embedded-thumbnail-agrees':
    case 'embedded-thumbnail-differs': {
      const [, bits] = /^(\d{1,3}) of 256 bits/.exec(value) ?? []
      return bits === undefined ? null : { bits: Number(bits) }
    }
    case 'face':
      return olderFace(value)
    default:
      // camera-make and its like: exactly one parameter, the text of the file.
      return { text: value }
  }
}

/** `{"box":{…},"ageBand":…,"apparentMinorScore":…,"detector":…,"score":…}`, scores as fractions. */
function olderFace(value: string): Params | null {
  const face = parsed(value) as Readonly<Record<string, unknown>> | null
  if (face === null || typeof face.box !== 'object' || face.box === null) return null
  const { apparentMinorScore, ageBand, detector, score } = face
  return {
    ...(face.box as Params),
    detector: String(detector),
    scorePer10k: Math.round(Number(score) * 10_000),
    ...(typeof ageBand === 'string' && { ageBand: OLDER_BANDS[ageBand] ?? ageBand }),
    ...(typeof apparentMinorScore === 'number' && {
      apparentMinorPer10k: Math.round(apparentMinorScore * 10_000),
    }),
  }
}

const OLDER_BANDS: Readonly<Record<string, string>> = {
  'apparent minor likely': 'likely',
  'apparent minor possible': 'possible',
  'below both thresholds': 'below-both',
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return null
  }
}
