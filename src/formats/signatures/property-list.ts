/** Type of a binary property list: the kind that wrote it, where one of the kinds knows it. */
import type { Sample } from '../../media-types/sample.ts'
import { KIND_LIST_SIGNATURES } from './kinds.ts'

export function propertyListType({ head }: Sample): string {
  for (const detect of KIND_LIST_SIGNATURES) {
    const type = detect(head)
    if (type !== null) return type
  }
  return 'application/x-bplist'
}
