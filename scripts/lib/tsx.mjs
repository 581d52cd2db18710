// For `node --import`: TypeScript sources as they are. `--import tsx` reaches the main thread alone (on Node 20), this one every
// thread that inherits the flag.
import { register } from 'tsx/esm/api'

register()
