/** Event of a run that stopped because a process of the program works on nothing: `process` (a kind) and `said`, its last words. */
export const INSTALLATION_BROKEN = 'installation-broken'

/** Event of a run that stopped because a process did not even start: the installation, or too little memory. The same details. */
export const CHILD_CANNOT_START = 'child-cannot-start'
