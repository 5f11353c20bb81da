/** Every scenario of a validation, in the order in which they run. */
import type { Scenario } from '../model/scenario.ts'
import { alone } from './alone.ts'
import { containers } from './containers.ts'
import { fixture } from './fixture.ts'
import { hostile } from './hostile.ts'
import { image } from './image.ts'
import { imageFormats } from './image-formats.ts'
import { lists } from './lists.ts'
import { locked } from './locked.ts'
import { lockedFiles } from './locked-files.ts'
import { models } from './models.ts'
import { near } from './near.ts'
import { persons } from './persons.ts'
import { planted } from './planted.ts'
import { records } from './records.ts'
import { resumed } from './resumed.ts'
import { tampered } from './tampered.ts'
import { textFound } from './text.ts'
import { videos } from './videos.ts'
import { volumes } from './volumes.ts'

export const SCENARIOS: readonly Scenario[] = [
  planted,
  containers,
  fixture,
  image,
  imageFormats,
  volumes,
  locked,
  lockedFiles,
  lists,
  near,
  videos,
  models,
  textFound,
  records,
  hostile,
  resumed,
  tampered,
  persons,
  alone,
]
