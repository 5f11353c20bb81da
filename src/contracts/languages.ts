/**
 * Languages of help, the review page and the court's edition; the first is the binding one. A list of its own, because
 * the options name them and the words of all languages are read only when somebody asks for them.
 */
export const LANGUAGES: readonly string[] = ['en', 'lt', 'es', 'pt', 'fr', 'el', 'bn']
