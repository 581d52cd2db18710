/** The provider that runs everywhere and needs nothing of the platform. */
export { nobleProvider } from './noble-provider.ts'
