/** Numbers for the categories of a list, in order of appearance; number 0 is "none". */
import { UsageError } from '../../base/errors.ts'

/** Numbers fit in 16 bits. */
const MOST_CATEGORIES = 65_535

export class CategoryNumbers {
  readonly names: (string | null)[] = [null]
  readonly #numbers = new Map<string | null, number>([[null, 0]])

  /** @throws UsageError when there are more than a category column can have */
  numberOf(category: string): number {
    const known = this.#numbers.get(category)
    if (known !== undefined) return known
    const number = this.names.length
    if (number > MOST_CATEGORIES) {
      throw new UsageError(
        `The list has more than ${MOST_CATEGORIES} different categories: the column is no category.`,
      )
    }
    this.names.push(category)
    this.#numbers.set(category, number)
    return number
  }
}
