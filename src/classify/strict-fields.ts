/** Checks the fields of a card: an unknown field, a missing field or a wrong type refuses the card. */

export type Fail = (what: string) => never

export function record<K extends string>(
  json: unknown,
  where: string,
  fields: readonly K[],
  fail: Fail,
): Readonly<Record<K, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail(`${where} is not an object`)
  for (const key of Object.keys(json)) {
    if (!(fields as readonly string[]).includes(key)) fail(`${where} has an unknown field “${key}”`)
  }
  for (const field of fields) if (!Object.hasOwn(json, field)) fail(`${where} has no field “${field}”`)
  return json as Readonly<Record<K, unknown>>
}

export function string(json: unknown, where: string, fail: Fail): string {
  if (typeof json !== 'string' || json === '') return fail(`${where} is not a text`)
  return json
}

export function list(json: unknown, where: string, fail: Fail): readonly unknown[] {
  return Array.isArray(json) ? json : fail(`${where} is not a list`)
}

export function strings(json: unknown, where: string, fail: Fail): readonly string[] {
  return list(json, where, fail).map((item, i) => string(item, `${where}[${i}]`, fail))
}

export function integer(json: unknown, min: number, max: number, where: string, fail: Fail): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || json < min || json > max) {
    return fail(`${where} is not a whole number from ${min} to ${max}`)
  }
  return json
}

export function triple(json: unknown, where: string, fail: Fail): readonly [number, number, number] {
  const items = list(json, where, fail)
  if (items.length !== 3 || !items.every((n): n is number => typeof n === 'number' && Number.isFinite(n))) {
    return fail(`${where} is not three numbers`)
  }
  return [items[0]!, items[1]!, items[2]!]
}

export function oneOf<T extends string>(json: unknown, values: readonly T[], where: string, fail: Fail): T {
  const value = values.find((v) => v === json)
  return value ?? fail(`${where} is none of ${values.join(', ')}`)
}
