/** Every scenario of a validation, in the order in which they run. */
import type { Scenario } from '../scenario.ts'
import { alone } from './alone.ts'
import { fixture } from './fixture.ts'
import { hostile } from './hostile.ts'
import { image } from './image.ts'
import { lists } from './lists.ts'
import { near } from './near.ts'
import { persons } from './persons.ts'
import { planted } from './planted.ts'
import { records } from './records.ts'
import { resumed } from './resumed.ts'
import { tampered } from './tampered.ts'
import { textFound } from './text.ts'

export const SCENARIOS: readonly Scenario[] = [
  planted,
  fixture,
  image,
  lists,
  near,
  textFound,
  records,
  hostile,
  resumed,
  tampered,
  persons,
  alone,
]
