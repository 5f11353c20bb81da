/**
 * Names that records of an exhibit give an account: of the address book of a telephone, of a program's own list of contacts,
 * or of the conversation with this account alone. A name belongs to the exhibit that gives it. Where another exhibit records
 * the same account without a name, both places and the reason are stated; nothing is merged, and who uses the account is not
 * known.
 */

/** One place that records an account. */
export interface AccountPlace {
  readonly exhibit: string
  readonly program: string
  /** Printed path of the content that holds the record. */
  readonly path: string
}

/**
 * `address-book`: of the telephone. `contact`: of the program. `conversation`: the conversation has this name; with one member
 * known, it may be that of a group.
 */
export type NameSource = 'address-book' | 'contact' | 'conversation'

export interface NamedAccount extends AccountPlace {
  readonly name: string
  readonly from: NameSource
}

/** The name that one exhibit gives an account which another records without a name. */
export interface NameLink {
  readonly account: string
  readonly name: string
  /** `number`: the same telephone number in full; `identifier`: the same identifier of the same program. */
  readonly reason: 'number' | 'identifier'
  readonly named: Omit<NamedAccount, 'name'>
  readonly recorded: AccountPlace
}

export class AccountNames {
  readonly #named = new Map<string, NamedAccount>()
  /** The first place on each exhibit, whether it gives a name or not. */
  readonly #recorded = new Map<string, AccountPlace>()

  /** @param names that the record gives beside the identifier */
  take(place: AccountPlace, names: readonly string[], from: NameSource = 'contact'): void {
    if (!this.#recorded.has(place.exhibit)) this.#recorded.set(place.exhibit, place)
    this.name(place, names, from)
  }

  /** An address book names an account that this exhibit may have no other record of. */
  name(place: AccountPlace, names: readonly string[], from: NameSource): void {
    for (const name of names) {
      const key = [name, place.exhibit, place.program].join('\0')
      if (!this.#named.has(key)) this.#named.set(key, { name, from, ...place })
    }
  }

  /** By name, then by exhibit. */
  get all(): readonly NamedAccount[] {
    const key = ({ name, exhibit, program }: NamedAccount) => [name, exhibit, program].join('\0')
    return [...this.#named.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  }

  linksOf(account: string, isNumber: boolean): readonly NameLink[] {
    const naming = new Set(this.all.map(({ exhibit }) => exhibit))
    return [...this.#recorded.values()]
      .filter(({ exhibit }) => !naming.has(exhibit))
      .flatMap((recorded) =>
        this.all.map(({ name, ...named }) => ({
          account,
          name,
          reason: isNumber ? ('number' as const) : ('identifier' as const),
          named,
          recorded,
        })),
      )
  }
}
