/** Names of members in evidence paths: two members with one name are two entries. */
import { childPath, filePath } from '../../base/evidence-path.ts'
import type { Member } from './common/container.ts'

/** A ZIP cannot contain a longer name; a TAR may contain names of any length. */
const NAME_BYTES = 65_000

/** Two members with one name are two entries: the second is named name#2. */
export function distinct(member: Member, names: Map<string, number>): Member {
  const base = member.name.toString('latin1', 0, NAME_BYTES).replace(/\/+$/, '') || '(no name)'
  const key = (name: string) => `${member.kind}:${name}`
  // The count continues from the last number: an archive may contain one name a hundred thousand times.
  let number = names.get(key(base)) ?? 1
  let name = base
  for (; names.has(key(name)); name = `${base}#${number}`) number++
  names.set(key(base), number)
  names.set(key(name), 1)
  return { ...member, name: Buffer.from(name, 'latin1') }
}

/** The bytes that this member adds to an evidence path. */
export function stepOf({ kind, name }: Member): string {
  return childPath(filePath(Buffer.alloc(0)), kind, name).bytes.toString('latin1')
}
