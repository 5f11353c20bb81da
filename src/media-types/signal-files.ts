/** The two files of Signal Desktop that belong together. */

/** The settings of Signal Desktop, from the folder of its database. */
export const SIGNAL_SETTINGS = '../config.json'
export const SIGNAL_DATABASE = 'application/x-signal-database'
