/** The parts of the record that answer ISO/IEC 17025:2017, 7.2.2 (validated methods), in the program's own words. */
export const CLAUSES: readonly (readonly [clause: string, asks: string, where: string])[] = [
  [
    '7.2.2.1',
    'methods that a laboratory made, changed or uses outside their scope are validated as far as their use needs',
    'Purpose and size of the plan (5); requirements (4)',
  ],
  [
    '7.2.2.2',
    'a change of a validated method is assessed; where it has an effect, it is validated again',
    'When to repeat (11); a plan of other parts is a deviation (8)',
  ],
  [
    '7.2.2.3',
    'performance is assessed for the intended use and agrees with the needs of the customer and the requirements',
    'Requirements with risk and acceptance before the run (4, 5)',
  ],
  [
    '7.2.2.4 a',
    'record of the procedure',
    'Scenarios with action and expectation (6), logs beside the record',
  ],
  ['7.2.2.4 b', 'record of the requirements', 'Requirements and risks (4)'],
  ['7.2.2.4 c', 'record of the performance characteristics', 'Checks, failures and intervals (4, 7)'],
  ['7.2.2.4 d', 'record of the results', 'Scenarios (6)'],
  [
    '7.2.2.4 e',
    'statement of validity with fitness for the intended use',
    'Statement and signature (10), limits (9)',
  ],
]
