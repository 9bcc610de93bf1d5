import { main } from './cli/main.js';
import { commandLineOfSelf } from './host/self.js';

// Where the self-contained executable begins (scripts/build-standalone.sh). For Node there is bin/sysext.
process.exitCode = await main(commandLineOfSelf(), process.env);
