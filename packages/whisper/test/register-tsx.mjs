// For threads that run from the TypeScript sources: tsx's hooks do not reach them from the main thread.
import { register } from 'tsx/esm/api'

register()
