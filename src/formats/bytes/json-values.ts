/** Reads values of JSON in rows and files. A value of another type, too long or too deep, gives undefined. */

const MOST_CHARACTERS = 1 << 22

export type JsonObject = Readonly<Record<string, unknown>>

/** Undefined when the value is not JSON. */
export function jsonOf(given: unknown): unknown {
  const text = Buffer.isBuffer(given) && given.length <= MOST_CHARACTERS ? given.toString('utf8') : given
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS) return undefined
  try {
    return HAS_LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
  } catch {
    // Invalid JSON gives no value.
    return undefined
  }
}

const HAS_LONG_NUMBER = /\d{16}/

/** Account numbers may exceed the safe integers of JavaScript; such a number stays as its source text. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value
}

export function objectIn(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}

/** Objects of an array; other elements are left out. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value)
    ? value.flatMap((one) => {
        const object = objectIn(one)
        return object === undefined ? [] : [object]
      })
    : []
}

export function textIn(object: JsonObject | undefined, name: string): string | undefined {
  const value = field(object, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number or a text: programs change between the two. */
export function idIn(object: JsonObject | undefined, name: string): string | undefined {
  const value = field(object, name)
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textIn(object, name)
}

export function wholeIn(object: JsonObject | undefined, name: string): number | undefined {
  const value = field(object, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

export function field(object: JsonObject | undefined, name: string): unknown {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON object of any length; null: other JSON, or damaged. */
export function jsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
