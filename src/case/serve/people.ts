/** Persons of the case and their roles, as the log of the case says now: a role that is taken away holds at once. */
import { CustodyTail } from '../../ledger/custody/custody-tail.ts'
import { ROLES, type Role } from '../roles.ts'

export class People {
  readonly #tail: CustodyTail
  readonly #roles = new Map<string, Role>()

  /** @param root the path whose custody log is the log of the case */
  constructor(root: string) {
    this.#tail = new CustodyTail(root)
    this.catchUp()
  }

  /** @throws LedgerDamaged when the log no longer continues what was read */
  catchUp(): void {
    for (const { event, detail } of this.#tail.next()) {
      const role = ROLES.find((one) => one === detail.role)
      if (event === 'person-named' && detail.person !== undefined && role)
        this.#roles.set(detail.person, role)
    }
  }

  get all(): ReadonlyMap<string, Role> {
    return this.#roles
  }

  /** Null for a person that the case does not name, or that may no longer act. */
  roleOf(name: string): Exclude<Role, 'none'> | null {
    this.catchUp()
    const role = this.#roles.get(name) ?? 'none'
    return role === 'none' ? null : role
  }
}
